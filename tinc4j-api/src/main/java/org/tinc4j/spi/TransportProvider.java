package org.tinc4j.spi;

import java.net.InetSocketAddress;
import java.util.List;
import org.tinc4j.TransportException;
import org.tinc4j.config.DataPathOptions;

/**
 * Opens UDP sockets of one platform, with what its kernel takes over. Found by {@link java.util.ServiceLoader}; {@code tinc4j-linux} has the
 * one for Linux. Without one, sockets of the JDK serve.
 */
public interface TransportProvider {

    /**
     * Whether sockets can be had from here.
     *
     * @return false on any other operating system, and where native code cannot be loaded; the reason is logged once
     */
    boolean supported();

    /**
     * Binds sockets to one address.
     *
     * @param address where; port 0 is any free port; the IPv6 wildcard address stands for both families, where the system has both
     * @param receiveBufferBytes kernel buffer asked for, 0 leaves the default
     * @param sendBufferBytes kernel buffer asked for, 0 leaves the default
     * @param options what to use
     * @return {@link DataPathOptions#queueCount()} sockets at the same port, between which the kernel spreads what comes in, by sender; fewer
     *     where it cannot; at least one
     * @throws TransportException naming address, call and remedy; nothing is left behind
     */
    List<? extends DatagramTransport> open(
            InetSocketAddress address, int receiveBufferBytes, int sendBufferBytes, DataPathOptions options) throws TransportException;
}
