package org.tinc4j.impl.route;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which peer answers probes at which UDP address.
 *
 * <p><b>Threads.</b> Written by the control thread, read by data threads for every relayed datagram. Addresses change without a new
 * {@link RoutingTable}, so this lives as long as the node.
 */
public final class ConfirmedAddresses {

    private final Map<InetSocketAddress, Tunnel> byAddress = new ConcurrentHashMap<>();

    /** Nobody is confirmed yet. */
    public ConfirmedAddresses() {}

    /**
     * Control thread: what is known of a peer's path changed.
     *
     * @param tunnel to the peer
     * @param before what was known
     * @param now what is known
     */
    public void update(Tunnel tunnel, UdpPath before, UdpPath now) {
        boolean same = before.confirmed() && now.confirmed() && before.address().equals(now.address());
        if (same) {
            return;
        }
        if (before.confirmed()) {
            byAddress.remove(before.address(), tunnel);
        }
        if (now.confirmed()) {
            byAddress.put(now.address(), tunnel);
        }
    }

    /**
     * Who answered from there.
     *
     * @param address sender of a datagram
     * @return the tunnel to it, or null
     */
    public Tunnel at(InetSocketAddress address) {
        return byAddress.get(address);
    }
}
