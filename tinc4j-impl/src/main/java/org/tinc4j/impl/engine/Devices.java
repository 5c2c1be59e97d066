package org.tinc4j.impl.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.tinc4j.Device;
import org.tinc4j.DeviceException;
import org.tinc4j.Subnet;
import org.tinc4j.config.NodeSettings;
import org.tinc4j.impl.datapath.Drops;
import org.tinc4j.impl.datapath.NullDevice;
import org.tinc4j.impl.stack.StackDevice;
import org.tinc4j.spi.DeviceProvider;
import org.tinc4j.spi.PacketDevice;

/** Opens the device a node asks for. */
final class Devices {

    /**
     * Default MTU of a kernel interface: on a 1500-byte IPv4 path the largest record is 1439 bytes (1500 - 20 - 8 - 12 - 21), and routing
     * counts 14 bytes of Ethernet header as C tinc does.
     */
    static final int KERNEL_MTU = 1425;

    private Devices() {}

    static PacketDevice open(NodeSettings settings, Drops drops) throws DeviceException {
        return switch (settings.device()) {
            case Device.Custom custom -> custom.device();
            case Device.None none -> new NullDevice();
            case Device.InProcess inProcess -> new StackDevice("", drops::count);
            case Device.Kernel kernel -> provider().open(complete(kernel, settings), settings.dataPath());
            case Device.Auto auto -> automatic(auto.kernel(), settings, drops);
        };
    }

    private static PacketDevice automatic(Device.Kernel kernel, NodeSettings settings, Drops drops) {
        Logger log = settings.logger();
        try {
            return provider().open(complete(kernel, settings), settings.dataPath());
        } catch (DeviceException e) {
            log.info("no kernel interface, packets end in this process: {}", e.getMessage());
            return new StackDevice("instead of a kernel interface: " + e.getMessage(), drops::count);
        }
    }

    private static DeviceProvider provider() throws DeviceException {
        return ServiceLoader.load(DeviceProvider.class, Devices.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .filter(DeviceProvider::supported)
                .findFirst()
                .orElseThrow(() -> new DeviceException("no kernel device for " + System.getProperty("os.name")
                        + " on the class path; on Linux add the artifact org.tinc4j:tinc4j-linux, or use Device.inProcess()"));
    }

    private static Device.Kernel complete(Device.Kernel kernel, NodeSettings settings) {
        List<Subnet> addresses = new ArrayList<>(kernel.addresses());
        if (addresses.isEmpty()) {
            settings.subnets().stream()
                    .filter(subnet -> subnet.isHost() && subnet.kind() != Subnet.Kind.MAC)
                    .forEach(addresses::add);
        }
        OptionalInt mtu = kernel.mtuBytes().isPresent() ? kernel.mtuBytes() : OptionalInt.of(KERNEL_MTU);
        return new Device.Kernel(kernel.name(), addresses, mtu, kernel.configure());
    }
}
