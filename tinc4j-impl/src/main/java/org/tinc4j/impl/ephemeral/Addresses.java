package org.tinc4j.impl.ephemeral;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.tinc4j.config.LinkOptions;

/** What nodes of an ephemeral mesh are given. */
final class Addresses {

    private static final LinkOptions D = LinkOptions.DEFAULT;

    /** Production's, but as many connections at once as come: nodes of a mesh start together, and loopback, which is exempt there, is not here. */
    static final LinkOptions LINK = new LinkOptions(
            D.addressFamily(), D.indirectData(), D.tcpOnly(), D.pmtuDiscovery(), D.clampMss(), D.udpDiscovery(), D.localDiscovery(),
            D.pmtuBytes(), D.weight(), D.replayWindowBytes(), D.maxOutputBufferBytes(), 1 << 16, D.udpReceiveBufferBytes(),
            D.udpSendBufferBytes());

    private Addresses() {}

    /** The overlay address of the n-th node: 10.99.x.y. */
    static InetAddress ofNode(int number) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 99, (byte) (number >> 8), (byte) number});
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of 4 bytes is always accepted", e);
        }
    }
}
