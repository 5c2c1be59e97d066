package org.tinc4j.impl.datapath;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.tinc4j.NodeName;
import org.tinc4j.impl.route.RateLimit;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.net.Access;
import org.tinc4j.net.Traffic.Protocol;
import org.tinc4j.spi.PacketBuffer;

/**
 * Judges packets of other nodes for this one by the rules of {@link Access}.
 *
 * <p>TCP needs no memory: only a SYN begins something. For UDP, flows this node began are remembered while there are rules that deny, so
 * that answers come through; a super-packet is one flow, so it is judged once. What hides the port it is for is denied: no fragment needs to
 * be so short, and no chain of extension headers so long (RFC 7112 section 5).
 *
 * <p><b>Threads.</b> Any. Rules change as a whole.
 */
public final class AccessFilter {

    /**
     * How long after its last packet an answer to a UDP flow is expected. As RFC 4787 section 4.3 demands of a NAT: at least two minutes.
     */
    private static final long UDP_NANOS = 120_000_000_000L;

    private static final int MAX_UDP_FLOWS = 1 << 16;

    /** How often a full table is looked through for flows that are over. */
    private static final long LOOK_NANOS = 1_000_000_000L;

    /** Denials told by event: ten a second, and ten at once. */
    private static final RateLimit EVENTS = RateLimit.perSecond(10);

    private static final int SYN = 0x02;
    private static final int ACK = 0x10;
    private static final int ECHO_REPLY_V4 = 0;
    private static final int ECHO_REPLY_V6 = 129;

    /** A UDP flow; addresses of IPv4 in the low halves. */
    private record UdpFlow(long localHigh, long localLow, long remoteHigh, long remoteLow, int ports) {}

    private final ControlPort control;
    private final AtomicReference<Access> rules;
    private final AtomicLong events;
    private final Map<UdpFlow, Long> begun = new ConcurrentHashMap<>();
    private final AtomicLong lookedAt;
    private volatile boolean restricts;

    AccessFilter(Access first, ControlPort control, long nowNanos) {
        this.control = control;
        this.rules = new AtomicReference<>(first);
        this.restricts = first.restricts();
        this.events = new AtomicLong(EVENTS.full(nowNanos));
        this.lookedAt = new AtomicLong(nowNanos - LOOK_NANOS);
    }

    /** The rules now. */
    public Access access() {
        return rules.get();
    }

    /** Replaces the rules; what was begun while its answers were allowed anyway may find them denied until it sends again. */
    public void change(UnaryOperator<Access> change) {
        restricts = rules.updateAndGet(change).restricts();
    }

    /** Whether anything needs to be looked at. */
    boolean restricts() {
        return restricts;
    }

    /**
     * This node sends a packet to another: answers to it are expected. Those that the rules allow anyway need not be remembered; else a peer
     * that asks a service of ours from port after port would fill the table with our answers, and nobody else's would come in.
     */
    void sent(PacketBuffer packet, NodeName to, long nowNanos) {
        ByteBuffer m = packet.memory();
        int off = packet.offset();
        if (IpPacket.isValid(m, off, packet.length()) && IpPacket.protocol(m, off) == IpPacket.UDP && hasPorts(m, off)) {
            UdpFlow flow = flow(m, off, true);
            boolean allowed = access().judge(to, Protocol.UDP, flow.ports() >>> 16) == Access.Verdict.ALLOW;
            if (begun.replace(flow, nowNanos) == null && !allowed && roomForFlow(nowNanos)) {
                begun.put(flow, nowNanos);
            }
        }
    }

    private boolean roomForFlow(long nowNanos) {
        long last = lookedAt.get();
        // Not for each packet.
        if (begun.size() >= MAX_UDP_FLOWS && nowNanos - last >= LOOK_NANOS && lookedAt.compareAndSet(last, nowNanos)) {
            begun.values().removeIf(used -> nowNanos - used > UDP_NANOS);
        }
        return begun.size() < MAX_UDP_FLOWS;
    }

    /** Whether a packet of a node may come in. Counting it is the caller's. */
    boolean admits(PacketBuffer packet, NodeName sender, long nowNanos) {
        ByteBuffer m = packet.memory();
        int off = packet.offset();
        Access access = rules.get();
        Protocol protocol = Protocol.ANY;
        int port = 0;
        boolean hides = false;
        switch (IpPacket.protocol(m, off)) {
            case IpPacket.TCP -> {
                protocol = Protocol.TCP;
                if (hasPorts(m, off)) {
                    int tcp = off + IpPacket.transportOffset(m, off);
                    boolean flagsThere = IpPacket.totalLength(m, off) - IpPacket.transportOffset(m, off) >= 14;
                    if (flagsThere && (m.get(tcp + 13) & (SYN | ACK)) != SYN) {
                        return true; // It begins nothing.
                    }
                    port = m.getShort(tcp + 2) & 0xffff;
                } else if (IpPacket.isLaterFragment(m, off)) {
                    return true; // Of a packet whose beginning was judged.
                } else {
                    hides = true;
                }
            }
            case IpPacket.UDP -> {
                protocol = Protocol.UDP;
                if (hasPorts(m, off)) {
                    if (isAnswer(m, off, nowNanos)) {
                        return true;
                    }
                    port = m.getShort(off + IpPacket.transportOffset(m, off) + 2) & 0xffff;
                } else if (IpPacket.isLaterFragment(m, off)) {
                    return true; // Useless without its beginning, which was judged.
                } else {
                    hides = true;
                }
            }
            case IpPacket.ICMP, IpPacket.ICMPV6 -> {
                protocol = Protocol.ICMP;
                if (IcmpReplies.isIcmpError(m, off) || isEchoReply(m, off)) {
                    return true;
                }
            }
            case -1 -> hides = true;
            default -> {}
        }
        if (!hides && access.judge(sender, protocol, port) == Access.Verdict.ALLOW) {
            return true;
        }
        tell(sender, protocol, port, nowNanos);
        return false;
    }

    private void tell(NodeName sender, Protocol protocol, int port, long nowNanos) {
        long state = events.get();
        if (EVENTS.permits(state, nowNanos) && events.compareAndSet(state, EVENTS.taken(state, nowNanos))) {
            control.denied(sender, protocol, port);
        }
    }

    private boolean isAnswer(ByteBuffer m, int off, long nowNanos) {
        if (begun.isEmpty()) {
            return false;
        }
        UdpFlow flow = flow(m, off, false);
        Long last = begun.get(flow);
        if (last == null || nowNanos - last > UDP_NANOS) {
            return false;
        }
        begun.put(flow, nowNanos);
        return true;
    }

    private static boolean hasPorts(ByteBuffer m, int off) {
        int transport = IpPacket.transportOffset(m, off);
        return transport >= 0 && IpPacket.totalLength(m, off) - transport >= 8 && !IpPacket.isLaterFragment(m, off);
    }

    private static boolean isEchoReply(ByteBuffer m, int off) {
        int transport = IpPacket.transportOffset(m, off);
        if (transport < 0 || IpPacket.totalLength(m, off) - transport < 8 || IpPacket.isLaterFragment(m, off)) {
            return false;
        }
        int type = m.get(off + transport) & 0xff;
        return type == (IpPacket.version(m, off) == 4 ? ECHO_REPLY_V4 : ECHO_REPLY_V6);
    }

    private static UdpFlow flow(ByteBuffer m, int off, boolean outbound) {
        boolean four = IpPacket.version(m, off) == 4;
        long sourceHigh = four ? 0 : IpPacket.sourceHighV6(m, off);
        long sourceLow = four ? IpPacket.sourceV4(m, off) : IpPacket.sourceLowV6(m, off);
        long destinationHigh = four ? 0 : IpPacket.destinationHighV6(m, off);
        long destinationLow = four ? IpPacket.destinationV4(m, off) : IpPacket.destinationLowV6(m, off);
        int ports = m.getInt(off + IpPacket.transportOffset(m, off));
        return outbound
                ? new UdpFlow(sourceHigh, sourceLow, destinationHigh, destinationLow, ports)
                : new UdpFlow(destinationHigh, destinationLow, sourceHigh, sourceLow, Integer.rotateLeft(ports, 16));
    }
}
