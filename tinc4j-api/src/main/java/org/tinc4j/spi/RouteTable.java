package org.tinc4j.spi;

import java.io.IOException;
import org.tinc4j.Subnet;

/** The host's routes through a device. All routes added are gone once the device is closed. */
public interface RouteTable {

    /**
     * Routes a range to the device.
     *
     * @param subnet an IPv4 or IPv6 range
     * @throws IOException naming the route and what the system said
     */
    void add(Subnet subnet) throws IOException;

    /**
     * Takes a route back; does nothing if it is not there.
     *
     * @param subnet as added
     * @throws IOException naming the route and what the system said
     */
    void remove(Subnet subnet) throws IOException;
}
