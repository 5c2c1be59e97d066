package org.tinc4j.impl.datapath;

import java.net.InetSocketAddress;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.tinc4j.config.NodeSettings;
import org.tinc4j.config.RoutingOptions;
import org.tinc4j.impl.crypto.Aead;
import org.tinc4j.impl.route.NodeRoute;
import org.tinc4j.impl.route.RoutingTable;
import org.tinc4j.impl.route.Tunnel;
import org.tinc4j.impl.stack.PingReplies;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketDevice;

/**
 * What all data threads of a node share: the published table, sockets, device, counters.
 *
 * <p><b>Threads.</b> Any; only the table changes, by {@link #publish} on the control thread.
 */
public final class DataPlane {

    /** Block of packet memory: headroom, the largest datagram C tinc sends (1673 bytes), tailroom. */
    static final int BLOCK_BYTES = 2048;

    /** A peer whose datagrams fail is told after this long without a good one. */
    private static final long UNDECRYPTABLE_NANOS = 10_000_000_000L;

    private final RoutingOptions routing;
    private final boolean tcpOnly;
    private final long infoIntervalNanos;
    private final PacketDevice device;
    private final UdpSockets sockets;
    private final ControlPort control;
    private final Drops drops;
    private final PingReplies pings;
    private final Supplier<Aead> engines;
    private final LongSupplier clock;

    private volatile RoutingTable table;

    public DataPlane(
            NodeSettings settings,
            PacketDevice device,
            UdpSockets sockets,
            ControlPort control,
            Drops drops,
            PingReplies pings,
            Supplier<Aead> engines,
            LongSupplier clock) {
        this.routing = settings.routing();
        this.tcpOnly = settings.link().tcpOnly();
        this.infoIntervalNanos = Math.min(
                settings.timing().udpInfoInterval().toNanos(), settings.timing().mtuInfoInterval().toNanos());
        this.device = device;
        this.sockets = sockets;
        this.control = control;
        this.drops = drops;
        this.pings = pings;
        this.engines = engines;
        this.clock = clock;
    }

    /** Control thread: the mesh changed. */
    public void publish(RoutingTable next) {
        table = next;
    }

    /** What was published last; null before the first time. */
    RoutingTable table() {
        return table;
    }

    RoutingOptions routing() {
        return routing;
    }

    boolean tcpOnly() {
        return tcpOnly;
    }

    long infoIntervalNanos() {
        return infoIntervalNanos;
    }

    PacketDevice device() {
        return device;
    }

    UdpSockets sockets() {
        return sockets;
    }

    ControlPort control() {
        return control;
    }

    Drops drops() {
        return drops;
    }

    Aead newEngine() {
        return engines.get();
    }

    long nanoTime() {
        return clock.getAsLong();
    }

    /** The reachable node whose confirmed UDP address this is; null when there is none. */
    NodeRoute confirmedAt(InetSocketAddress address, RoutingTable routes) {
        for (int i = 0; i < routes.size(); i++) {
            NodeRoute node = routes.node(i);
            if (node.tunnel().udp().confirmed() && address.equals(node.tunnel().udp().address())) {
                return node;
            }
        }
        return null;
    }

    /** Whether a packet for this node is the answer to a ping of this node's own; then it is consumed. */
    boolean intercept(PacketBuffer packet) {
        return pings.take(packet, nanoTime());
    }

    /** A datagram of a node was good. */
    void opened(Tunnel tunnel, long nowNanos) {
        tunnel.opened(nowNanos);
    }

    /** A datagram of a node could not be opened: told to the control thread when that has lasted. */
    void undecryptable(Tunnel tunnel, long nowNanos) {
        if (tunnel.undecryptableFor(nowNanos, UNDECRYPTABLE_NANOS)) {
            control.undecryptable(tunnel);
        }
    }
}
