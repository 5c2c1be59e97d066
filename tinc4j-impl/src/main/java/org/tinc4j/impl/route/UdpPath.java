package org.tinc4j.impl.route;

import java.net.InetSocketAddress;

/**
 * Where and how large datagrams to a peer may go. Immutable.
 *
 * @param address the peer's UDP address; null when unknown
 * @param socket index of the local socket it was last heard on
 * @param confirmed whether a probe reply came from there: only then data may go there
 * @param minBytes largest record known to arrive
 */
public record UdpPath(InetSocketAddress address, int socket, boolean confirmed, int minBytes) {

    /** The largest record there is: an Ethernet frame with a VLAN tag (tinc's MTU constant). */
    public static final int MAX_BYTES = 1518;

    /** Nothing known. */
    public static final UdpPath NONE = new UdpPath(null, 0, false, 0);
}
