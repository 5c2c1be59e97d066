package org.tinc4j.impl.stack.tcp;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * What names a connection: address and port of both ends.
 *
 * @param localAddress ours
 * @param localPort ours, 1 to 65535
 * @param remoteAddress the peer's, of the same family
 * @param remotePort the peer's, 1 to 65535
 */
public record Flow(InetAddress localAddress, int localPort, InetAddress remoteAddress, int remotePort) {

    private static final int V4_HEADERS_BYTES = 20 + 20;
    private static final int V6_HEADERS_BYTES = 40 + 20;

    /** Length of IP and TCP header without options. */
    public int headerBytes() {
        return remoteAddress instanceof Inet6Address ? V6_HEADERS_BYTES : V4_HEADERS_BYTES;
    }

    /** Least MTU a path of this family can have: what every IPv6 link carries, for IPv4 what tinc takes as its least. */
    int leastMtuBytes() {
        return remoteAddress instanceof Inet6Address ? 1280 : 512;
    }
}
