package org.tinc4j.spi;

import org.tinc4j.Device;
import org.tinc4j.DeviceException;
import org.tinc4j.config.DataPathOptions;

/** Opens kernel devices on one platform. Found by {@link java.util.ServiceLoader}; {@code tinc4j-linux} has the one for Linux. */
public interface DeviceProvider {

    /**
     * Whether this platform is the one it was written for.
     *
     * @return false on any other operating system
     */
    boolean supported();

    /**
     * Opens and, if asked to, configures a kernel interface.
     *
     * @param options how it shall look; addresses and MTU are filled in
     * @param dataPath queues and offloads
     * @return the open device
     * @throws DeviceException naming call, error and remedy; nothing is left behind
     */
    PacketDevice open(Device.Kernel options, DataPathOptions dataPath) throws DeviceException;
}
