package org.tinc4j.daemon;

import java.util.ServiceLoader;
import org.tinc4j.Device;
import org.tinc4j.DeviceException;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.spi.DeviceProvider;
import org.tinc4j.spi.PacketDevice;

/** Opens a kernel interface before there is a node, so that {@code tinc-up} can configure it before anybody connects. */
final class KernelInterface {

    private KernelInterface() {}

    static PacketDevice open(Device.Kernel options) throws DeviceException {
        return ServiceLoader.load(DeviceProvider.class, KernelInterface.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .filter(DeviceProvider::supported)
                .findFirst()
                .orElseThrow(() -> new DeviceException(
                        "no kernel interface on " + System.getProperty("os.name") + "; write DeviceType = dummy to relay only"))
                .open(options, DataPathOptions.DEFAULT);
    }
}
