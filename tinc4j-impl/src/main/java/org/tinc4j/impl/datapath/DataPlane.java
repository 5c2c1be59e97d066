package org.tinc4j.impl.datapath;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.tinc4j.config.NodeSettings;
import org.tinc4j.config.RoutingOptions;
import org.tinc4j.impl.crypto.Aead;
import org.tinc4j.impl.ledger.Ledger;
import org.tinc4j.impl.route.RateLimit;
import org.tinc4j.impl.route.RoutingTable;
import org.tinc4j.impl.route.Tunnel;
import org.tinc4j.spi.BufferPool;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketDevice;

/**
 * What all data threads of a node share: the published table, sockets, device, counters.
 *
 * <p><b>Threads.</b> Any; only the table changes, by {@link #publish} on the control thread.
 */
public final class DataPlane {

    /** Block of packet memory: headroom, the largest datagram C tinc sends, tailroom. */
    static final int BLOCK_BYTES = blockBytes(DatagramTransport.SINGLE_BYTES);

    /** Longest IP packet. */
    static final int MAX_PACKET_BYTES = 65535;

    /** A peer whose datagrams fail is told after this long without a good one. */
    private static final long UNDECRYPTABLE_NANOS = 10_000_000_000L;

    private final RoutingOptions routing;
    private final boolean tcpOnly;
    private final long infoIntervalNanos;
    private final List<PacketDevice> devices;
    private final BufferPool.Memory memoryKind;
    private final int packetBlockBytes;
    private final int runBytes;
    private final UdpSockets sockets;
    private final ControlPort control;
    private final Drops drops;
    private final PingReplies pings;
    private final Supplier<Aead> engines;
    private final LongSupplier clock;
    private final Ledger ledger;

    /** Of each device queue. */
    private final List<ReaderGroup> readers;

    private final AccessFilter access;
    private final AtomicLong icmpErrors;
    private volatile RoutingTable table;

    public DataPlane(
            NodeSettings settings,
            PacketDevice device,
            UdpSockets sockets,
            ControlPort control,
            Drops drops,
            PingReplies pings,
            Supplier<Aead> engines,
            LongSupplier clock,
            Ledger ledger) {
        this.routing = settings.routing();
        this.tcpOnly = settings.link().tcpOnly();
        this.infoIntervalNanos = Math.min(
                settings.timing().udpInfoInterval().toNanos(), settings.timing().mtuInfoInterval().toNanos());
        this.devices = Stream.concat(Stream.of(device), device.moreQueues().stream()).toList();
        this.readers = devices.stream().map(queue -> new ReaderGroup()).toList();
        this.memoryKind = device.memory() == BufferPool.Memory.DIRECT || sockets.memory() == BufferPool.Memory.DIRECT
                ? BufferPool.Memory.DIRECT
                : BufferPool.Memory.HEAP;
        this.packetBlockBytes = Math.max(BLOCK_BYTES, blockBytes(device.info().mtuBytes()));
        this.runBytes = sockets.sendBytes();
        this.sockets = sockets;
        this.control = control;
        this.drops = drops;
        this.pings = pings;
        this.engines = engines;
        this.clock = clock;
        this.ledger = ledger;
        this.access = new AccessFilter(settings.access(), control, clock.getAsLong());
        this.icmpErrors = new AtomicLong(RateLimit.ICMP_ERRORS.full(clock.getAsLong()));
    }

    /** Control thread: the mesh changed. */
    public void publish(RoutingTable next) {
        table = next;
    }

    /** What was published last; null before the first time. */
    public RoutingTable table() {
        return table;
    }

    /** Who may reach what here. */
    public AccessFilter access() {
        return access;
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

    /** The device, or one of its queues; stages share them where there are fewer. */
    PacketDevice device(int queue) {
        return devices.get(queue % devices.size());
    }

    /** Who reads a queue, and the sockets that go with it. */
    ReaderGroup readers(int queue) {
        return readers.get(queue % readers.size());
    }

    /** Whether neither device nor sockets make a writer wait, so that any thread may send a packet on its way. */
    boolean neverBlocks() {
        return devices.getFirst().pollable().isPresent() && sockets.pollable();
    }

    /** How many queues the device has. */
    public int deviceQueues() {
        return devices.size();
    }

    /** Size of a block with room around some content. */
    static int blockBytes(int contentBytes) {
        return PacketDevice.HEADROOM_BYTES + contentBytes + PacketDevice.TAILROOM_BYTES;
    }

    /** Block for any packet of the device's, or single datagram. */
    int packetBlockBytes() {
        return packetBlockBytes;
    }

    /** Longest run that every socket takes; {@link DatagramTransport#SINGLE_BYTES} for single datagrams. */
    int runBytes() {
        return runBytes;
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

    /** For one stage, which gives it back when it ends. */
    StageMemory newMemory(String stage) {
        return new StageMemory(ledger, stage, memoryKind);
    }

    Aead newEngine() {
        return engines.get();
    }

    long nanoTime() {
        return clock.getAsLong();
    }

    /** Whether one more ICMP error may be sent: three a second by all threads together. */
    boolean mayRefuse(long nowNanos) {
        long state = icmpErrors.get();
        return RateLimit.ICMP_ERRORS.permits(state, nowNanos)
                && icmpErrors.compareAndSet(state, RateLimit.ICMP_ERRORS.taken(state, nowNanos));
    }

    /** Whether a packet for this node is the answer to a ping of this node's own; then it is consumed. */
    boolean intercept(PacketBuffer packet) {
        return pings.expectsAny() && pings.take(packet, nanoTime());
    }

    /** A datagram of a node was good. */
    void opened(Tunnel tunnel, long nowNanos) {
        tunnel.opened(nowNanos);
    }

    /**
     * A datagram of a node could not be opened, though it came the way its datagrams come. When that has lasted while the node was asked
     * for signs of life, the keys must be wrong.
     */
    void undecryptable(Tunnel tunnel, long nowNanos) {
        if (tunnel.want(nowNanos)) {
            control.wanted(tunnel);
        }
        if (tunnel.undecryptableFor(nowNanos, UNDECRYPTABLE_NANOS)) {
            control.undecryptable(tunnel);
        }
    }
}
