package org.tinc4j.impl.stack;

import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.tinc4j.DropReason;
import org.tinc4j.impl.stack.tcp.Flow;
import org.tinc4j.impl.stack.tcp.InitialSequence;
import org.tinc4j.impl.stack.tcp.SynCookies;
import org.tinc4j.impl.stack.tcp.TcpConnection;
import org.tinc4j.impl.stack.tcp.TcpFlags;
import org.tinc4j.impl.stack.tcp.TcpSegment;
import org.tinc4j.impl.stack.tcp.TcpSettings;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;

/**
 * A host in this process: who has which port, and whom a packet concerns.
 *
 * <ol>
 *   <li>the checksum of a packet is verified, unless several were joined to it, which was done only after theirs had been
 *   <li>TCP goes to its connection, else to a listener of the port; UDP to the socket of the port; an ICMP error to the connection or
 *       socket that sent what it quotes
 *   <li>what nobody takes is refused: by RST, or "port unreachable"
 * </ol>
 *
 * <p><b>Threads.</b> Any. Started by its first connection: one thread for timers.
 */
public final class HostStack {

    /** Of the heap, for what all connections together hold in their buffers. */
    private static final int HEAP_PART = 4;

    private static final int MAX_CONNECTIONS = 1 << 17;

    /** What a connection takes beside its buffers, rounded up: 2475 bytes were measured. */
    private static final int CONNECTION_BYTES = 4 << 10;

    private static final int DEFAULT_BACKLOG = 50;

    private final StackDevice device;
    private final LocalAddresses addresses;
    private final LongSupplier clock;
    private final Timers timers;
    private final Timers.Timer turns = new Timers.Timer(this::giveTurns);
    private final SecureRandom random = new SecureRandom();
    private final InitialSequence sequenceNumbers;
    private final SynCookies cookies;
    private final Refusals refusals;
    private final UdpOutput udpOutput;
    private final Reassembler reassembler = new Reassembler();
    private final TcpSettings settings = TcpSettings.defaults(StackDevice.MTU_BYTES);

    private final ConcurrentMap<FlowKey, TcpEndpoint> connections = new ConcurrentHashMap<>();
    private final PortNumbers<Object> tcpPorts = new PortNumbers<>(random);
    private final PortNumbers<UdpEndpoint> udpPorts = new PortNumbers<>(random);
    private final TimeWaits timeWaits = new TimeWaits();
    private final AtomicLong heldBytes = new AtomicLong();
    private final long maxHeldBytes = Runtime.getRuntime().maxMemory() / HEAP_PART;
    private final int maxConnections;
    private volatile boolean closed;

    /**
     * A host behind a device, whose packets it gets from now on.
     *
     * @param addresses which are its own
     * @param clock {@link System#nanoTime}
     * @param threads starts a thread for a job; the starter ends it by interruption
     */
    public HostStack(StackDevice device, LocalAddresses addresses, LongSupplier clock, BiConsumer<String, Runnable> threads) {
        this(device, addresses, clock, threads, MAX_CONNECTIONS);
    }

    /** With at most so many connections, and fewer if their heap were more than buffers may take. */
    HostStack(
            StackDevice device, LocalAddresses addresses, LongSupplier clock, BiConsumer<String, Runnable> threads, int maxConnections) {
        this.maxConnections = (int) Math.min(maxConnections, maxHeldBytes / CONNECTION_BYTES);
        this.device = device;
        this.addresses = addresses;
        this.clock = clock;
        this.timers = new Timers(clock, threads);
        this.sequenceNumbers = new InitialSequence(key(InitialSequence.KEY_BYTES));
        this.cookies = new SynCookies(key(SynCookies.KEY_BYTES));
        this.refusals = new Refusals(device, clock.getAsLong());
        this.udpOutput = new UdpOutput(device, random.nextInt());
        device.attach(this);
    }

    private byte[] key(int bytes) {
        byte[] key = new byte[bytes];
        random.nextBytes(key);
        return key;
    }

    StackDevice device() {
        return device;
    }

    UdpOutput udpOutput() {
        return udpOutput;
    }

    Timers timers() {
        return timers;
    }

    long nanoTime() {
        return clock.getAsLong();
    }

    /** The device has room again for data that wait for it. Called by its reader, which is not to do their work. */
    void resumeSenders() {
        timers.schedule(turns, nanoTime());
    }

    private void giveTurns() {
        if (device.resumeSenders()) {
            // The reader may do so at the same moment; then one of two entries stands for nothing.
            timers.schedule(turns, nanoTime());
        }
    }

    /** A connection's buffers hold more, or less. */
    void holds(int moreBytes) {
        heldBytes.addAndGet(moreBytes);
    }

    /** Whether connections that have something already must not take more. */
    boolean memoryIsShort() {
        return heldBytes.get() > maxHeldBytes;
    }

    /** How many connections there are, those that wait for their end included. */
    public int connections() {
        return connections.size();
    }

    /** What a connection starts with unless its socket says otherwise. */
    public TcpSettings settings() {
        return settings;
    }

    // ---- what sockets ask ----

    /**
     * Reserves a port for a socket that is bound before it connects or listens.
     *
     * @param address null or the wildcard is every own one
     * @param port 0 is any free one
     * @return the port
     */
    public int bind(InetAddress address, int port, Object owner) throws SocketException {
        ensureOpen();
        ensureLocal(address);
        return tcpPorts.bind(port, owner);
    }

    /** Gives a port back. */
    public void unbind(int port, Object owner) {
        tcpPorts.release(port, owner);
    }

    /**
     * Opens a connection: the SYN leaves.
     *
     * @param local null or the wildcard lets the destination decide
     * @param localPort 0 is any
     * @param dscp see {@link TcpEndpoint#trafficClass}
     * @return to be waited for
     */
    public TcpEndpoint connect(
            InetAddress local, int localPort, InetAddress remote, int remotePort, TcpSettings with, int dscp) throws SocketException {
        ensureOpen();
        if (remotePort == 0 || remote.isMulticastAddress()) {
            throw new ConnectException(remotePort == 0 ? "Connection refused" : "Network is unreachable");
        }
        InetAddress source = isWildcard(local) ? addresses.sourceFor(remote) : local;
        if (source.getAddress().length != remote.getAddress().length) {
            throw new SocketException("Network is unreachable");
        }
        if (!roomForConnection()) {
            throw new SocketException("No buffer space available");
        }
        TcpEndpoint[] made = new TcpEndpoint[1];
        if (localPort != 0) {
            made[0] = register(new Flow(source, localPort, remote, remotePort), null);
        } else {
            tcpPorts.pick(port -> (made[0] = register(new Flow(source, port, remote, remotePort), null)) != null);
        }
        TcpEndpoint endpoint = made[0];
        if (endpoint == null) {
            throw new BindException("Cannot assign requested address");
        }
        long now = nanoTime();
        int isn = sequenceNumbers.of(endpoint.flow(), now);
        endpoint.trafficClass(dscp);
        endpoint.open(output -> TcpConnection.connect(with, endpoint.flow(), isn, now, output));
        if (closed) {
            endpoint.abort();
        }
        return endpoint;
    }

    /** A new endpoint in the table; null if the flow has one. */
    private TcpEndpoint register(Flow flow, TcpListening listening) {
        FlowKey key = FlowKey.of(flow);
        TcpEndpoint endpoint = new TcpEndpoint(this, flow, key, listening, random.nextInt());
        return connections.putIfAbsent(key, endpoint) == null ? endpoint : null;
    }

    void remove(TcpEndpoint endpoint) {
        connections.remove(endpoint.key(), endpoint);
        timeWaits.remove(endpoint);
    }

    /** A connection of a closed socket is in TIME_WAIT. */
    void waits(TcpEndpoint endpoint) {
        timeWaits.add(endpoint);
    }

    /** Whether one more is allowed, if need be in place of one in TIME_WAIT. Called without an endpoint's lock. */
    private boolean roomForConnection() {
        while (connections.size() >= maxConnections) {
            TcpEndpoint oldest = timeWaits.poll();
            if (oldest == null) {
                return false;
            }
            oldest.abort();
        }
        return true;
    }

    /**
     * Takes connections at a port that its owner has bound.
     *
     * @param backlog below 1 is 50
     */
    public TcpListening listen(InetAddress address, int port, Object owner, int backlog) throws SocketException {
        ensureOpen();
        TcpListening listening =
                new TcpListening(this, isWildcard(address) ? null : address, port, backlog < 1 ? DEFAULT_BACKLOG : backlog);
        if (!tcpPorts.hand(port, owner, listening)) {
            throw new SocketException("Socket closed");
        }
        if (closed) {
            listening.close();
        }
        return listening;
    }

    /**
     * Opens a UDP socket.
     *
     * @param address null or the wildcard is every own one
     * @param port 0 is any free one
     */
    public UdpEndpoint udp(InetAddress address, int port) throws SocketException {
        ensureOpen();
        ensureLocal(address);
        UdpEndpoint endpoint = new UdpEndpoint(this, isWildcard(address) ? null : address);
        endpoint.bound(udpPorts.bind(port, endpoint));
        if (closed) {
            endpoint.close();
        }
        return endpoint;
    }

    void unbind(UdpEndpoint endpoint) {
        udpPorts.release(endpoint.port(), endpoint);
    }

    InetAddress sourceFor(InetAddress remote) throws SocketException {
        return addresses.sourceFor(remote);
    }

    private static boolean isWildcard(InetAddress address) {
        return address == null || address.isAnyLocalAddress();
    }

    private void ensureLocal(InetAddress address) throws BindException {
        if (!isWildcard(address) && !addresses.isLocal(address)) {
            throw new BindException("Cannot assign requested address");
        }
    }

    private void ensureOpen() throws SocketException {
        if (closed) {
            throw new SocketException("Socket closed");
        }
    }

    /** Resets every connection, closes every socket, ends the timers. Idempotent. */
    public void close() {
        closed = true;
        for (Object owner : tcpPorts.all()) {
            if (owner instanceof TcpListening listening) {
                listening.close();
            }
        }
        new ArrayList<>(connections.values()).forEach(TcpEndpoint::abort);
        udpPorts.all().forEach(UdpEndpoint::close);
        timers.close();
    }

    // ---- what the network brings ----

    /** A batch of packets comes. */
    Arrival begin() {
        return new Arrival();
    }

    /** The packets of one batch. One thread. */
    final class Arrival {

        private final FlowKey key = new FlowKey();
        private final TcpSegment segment = new TcpSegment();
        private final long nowNanos = clock.getAsLong();

        /** Whether the packet concerns a socket of this host, or is damaged; then nothing else is to be done with it. Borrows it. */
        boolean take(PacketBuffer packet) {
            ByteBuffer m = packet.memory();
            int off = packet.offset();
            if (!IpPacket.isValid(m, off, packet.length())) {
                return false;
            }
            if (IpPacket.isFragment(m, off)) {
                // Only UDP sockets get such; where there are none, an embedder who reads packets may want them as they are.
                return IpPacket.protocol(m, off) == IpPacket.UDP && !udpPorts.isEmpty() && fragment(m, off);
            }
            int transport = IpPacket.transportOffset(m, off);
            int bytes = IpPacket.totalLength(m, off) - transport;
            if (transport < 0 || !IpPacket.sourceIsHost(m, off) || IpPacket.destinationIsGroup(m, off)) {
                return false;
            }
            return switch (IpPacket.protocol(m, off)) {
                case IpPacket.TCP -> bytes >= Packets.TCP_HEADER_BYTES && tcp(packet, m, off, transport, bytes);
                case IpPacket.UDP -> bytes >= Packets.UDP_HEADER_BYTES && udp(packet, m, off, transport, bytes);
                case IpPacket.ICMP, IpPacket.ICMPV6 -> icmp(m, off, transport, bytes);
                default -> false;
            };
        }

        /**
         * Whether a packet is for this host alone. One to a range that the mesh was told to treat as broadcast comes to every node, and the
         * answers of all would go to whoever stands in it as its source. RFC 1122 section 4.2.3.10: "A TCP implementation MUST silently
         * discard an incoming SYN segment that is addressed to a broadcast or multicast address". The highest address of a range of our own
         * is one like others: no other node gets what is sent there.
         */
        boolean isOurs(ByteBuffer m, int off) {
            return addresses.isLocal(Packets.address(Packets.destination(m, off)));
        }

        private boolean fragment(ByteBuffer m, int off) {
            PacketBuffer whole = reassembler.add(m, off, nowNanos);
            if (whole != null && !take(whole)) {
                device.drops().accept(DropReason.NO_RECEIVER, 1);
                refuse(whole);
            }
            return true;
        }

        private boolean damaged(PacketBuffer packet, ByteBuffer m, int off, int transport, int protocol) {
            boolean trusted = packet.segmentation() != Segmentation.NONE || packet.checksumStart() >= 0;
            boolean right = trusted
                    || (IpPacket.version(m, off) == 6 || Packets.v4HeaderRight(m, off))
                            && Packets.checksumRight(m, off, transport, protocol);
            if (!right) {
                device.drops().accept(DropReason.BAD_CHECKSUM, 1);
            }
            return !right;
        }

        private boolean tcp(PacketBuffer packet, ByteBuffer m, int off, int transport, int bytes) {
            key.received(m, off, off + transport);
            TcpEndpoint endpoint = connections.get(key);
            TcpListening listening = tcpPorts.at(key.localPort()) instanceof TcpListening there ? there : null;
            if (endpoint == null && listening == null) {
                return false;
            }
            if (damaged(packet, m, off, transport, IpPacket.TCP)) {
                return true;
            }
            if (!segment.read(m, off + transport, bytes)) {
                device.drops().accept(DropReason.MALFORMED_PACKET, 1);
                return true;
            }
            boolean opens = (segment.flags() & (TcpFlags.SYN | TcpFlags.ACK | TcpFlags.RST)) == TcpFlags.SYN;
            if (endpoint != null && opens && listening != null && endpoint.yieldsTo(segment)) {
                // RFC 9293 section 3.6.1: TIME-WAIT "MAY accept a new SYN from the remote TCP endpoint to reopen the connection directly".
                endpoint.abort();
                endpoint = null;
            }
            if (endpoint != null && endpoint.onSegment(segment)) {
                return true;
            }
            return listening != null
                    && listening.takes(Packets.destination(m, off))
                    && isOurs(m, off)
                    && toListener(listening, m, off, opens);
        }

        private boolean toListener(TcpListening listening, ByteBuffer m, int off, boolean opens) {
            if (segment.has(TcpFlags.RST)) {
                return true;
            }
            if (!opens) {
                return (segment.flags() & (TcpFlags.SYN | TcpFlags.ACK)) == TcpFlags.ACK && fromCookie(listening, flow(m, off));
            }
            TcpListening.Room room = roomForConnection() ? listening.roomForSyn(nowNanos) : TcpListening.Room.NONE;
            switch (room) {
                case PLACE -> accept(listening, flow(m, off));
                case COOKIE -> {
                    Flow flow = flow(m, off);
                    new TcpOutput(device, flow, random.nextInt(), null).send(cookies.answer(settings, flow, segment, nowNanos));
                }
                case NONE -> device.drops().accept(DropReason.BACKLOG_FULL, 1);
            }
            return true;
        }

        private void accept(TcpListening listening, Flow flow) {
            TcpEndpoint endpoint = register(flow, listening);
            if (endpoint == null) {
                listening.failed(); // The same SYN twice, on two threads.
                return;
            }
            int isn = sequenceNumbers.of(flow, nowNanos);
            endpoint.open(output -> TcpConnection.accept(settings, flow, isn, segment, nowNanos, output));
        }

        /** An acknowledgment of something we do not remember may be that of a cookie. */
        private boolean fromCookie(TcpListening listening, Flow flow) {
            if (!listening.mayHoldCookie(nowNanos)) {
                // A cookie has 24 bits to guess, and who guesses right has sent no SYN that access rules could judge.
                return false;
            }
            SynCookies.Options offered = cookies.check(flow, segment, nowNanos).orElse(null);
            if (offered == null || !roomForConnection() || !listening.roomForCookie()) {
                device.drops().accept(DropReason.BACKLOG_FULL, 1);
                return true;
            }
            TcpEndpoint endpoint = register(flow, listening);
            if (endpoint == null) {
                listening.failed(); // The same acknowledgment twice, on two threads.
            } else {
                endpoint.open(output -> TcpConnection.acceptCookie(settings, flow, segment, offered, nowNanos, output));
            }
            return true;
        }

        private Flow flow(ByteBuffer m, int off) {
            return new Flow(
                    Packets.address(Packets.destination(m, off)),
                    key.localPort(),
                    Packets.address(Packets.source(m, off)),
                    key.remotePort());
        }

        private boolean udp(PacketBuffer packet, ByteBuffer m, int off, int transport, int bytes) {
            UdpEndpoint endpoint = udpPorts.at(m.getShort(off + transport + 2) & 0xffff);
            if (endpoint == null || !endpoint.takes(m, off)) {
                return false;
            }
            if (damaged(packet, m, off, transport, IpPacket.UDP)) {
                return true;
            }
            int payload = off + transport + Packets.UDP_HEADER_BYTES;
            int all = bytes - Packets.UDP_HEADER_BYTES;
            if (packet.segmentation() == Segmentation.UDP) {
                int size = packet.segmentBytes();
                for (int at = 0; at < all; at += size) {
                    endpoint.received(m, off, off + transport, payload + at, Math.min(size, all - at));
                }
                return true;
            }
            int length = (m.getShort(off + transport + 4) & 0xffff) - Packets.UDP_HEADER_BYTES;
            if (length < 0 || length > all) {
                device.drops().accept(DropReason.MALFORMED_PACKET, 1);
            } else {
                endpoint.received(m, off, off + transport, payload, length);
            }
            return true;
        }

        private boolean icmp(ByteBuffer m, int off, int transport, int bytes) {
            IcmpQuote quote = IcmpQuote.read(m, off, transport, bytes);
            if (quote == null) {
                return false;
            }
            key.sent(m, quote.packetAt(), quote.transportAt());
            if (quote.protocol() == IpPacket.TCP) {
                TcpEndpoint endpoint = connections.get(key);
                if (endpoint == null) {
                    return false;
                }
                int seq = m.getInt(quote.transportAt() + 4);
                if (quote.kind() == IcmpQuote.Kind.TOO_BIG) {
                    endpoint.onPathMtu(quote.mtuBytes(), seq);
                } else {
                    endpoint.onUnreachable(quote.failure(), seq);
                }
                return true;
            }
            UdpEndpoint endpoint = quote.protocol() == IpPacket.UDP ? udpPorts.at(key.localPort()) : null;
            if (endpoint == null) {
                return false;
            }
            endpoint.onError(quote, m);
            return true;
        }

        /** Answers what nobody took, if it is a packet for this host alone. */
        void refuse(PacketBuffer packet) {
            ByteBuffer m = packet.memory();
            if (IpPacket.isValid(m, packet.offset(), packet.length()) && isOurs(m, packet.offset())) {
                refusals.refuse(packet, nowNanos);
            }
        }
    }
}
