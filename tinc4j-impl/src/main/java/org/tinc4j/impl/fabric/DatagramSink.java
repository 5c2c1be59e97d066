package org.tinc4j.impl.fabric;

import java.net.InetSocketAddress;

/** Takes what arrives at a UDP socket. */
@FunctionalInterface
public interface DatagramSink {

    /**
     * A datagram arrived.
     *
     * @param bytes taken; the fabric keeps nothing of it
     * @param from the sender as seen here: behind a NAT box, the box
     */
    void datagram(byte[] bytes, InetSocketAddress from);
}
