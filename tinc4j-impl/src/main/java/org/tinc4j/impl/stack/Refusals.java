package org.tinc4j.impl.stack;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.tinc4j.impl.route.IcmpError;
import org.tinc4j.impl.route.RateLimit;
import org.tinc4j.impl.stack.tcp.TcpFlags;
import org.tinc4j.impl.stack.tcp.TcpSegment;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;
import org.tinc4j.spi.PacketDevice;

/**
 * What a host answers to packets that nobody on it wants.
 *
 * <p><b>Threads.</b> Any.
 *
 * <p><b>Source.</b> RFC 9293 section 3.10.7.1; RFC 1122 section 3.2.2.1.
 */
final class Refusals {

    private final StackDevice device;
    private final AtomicLong icmpErrors;

    Refusals(StackDevice device, long nowNanos) {
        this.device = device;
        this.icmpErrors = new AtomicLong(RateLimit.ICMP_ERRORS.full(nowNanos));
    }

    /** Answers a packet by RST or "port unreachable", where a standard allows. Borrows it and the view. */
    void refuse(PacketBuffer packet, TcpSegment view, long nowNanos) {
        ByteBuffer m = packet.memory();
        int off = packet.offset();
        if (!IpPacket.isValid(m, off, packet.length())
                || IpPacket.isFragment(m, off)
                || !IpPacket.sourceIsHost(m, off)
                || IpPacket.destinationIsGroup(m, off)) {
            return;
        }
        int transport = IpPacket.transportOffset(m, off);
        int bytes = IpPacket.totalLength(m, off) - transport;
        if (IpPacket.protocol(m, off) == IpPacket.TCP) {
            boolean trusted = packet.segmentation() != Segmentation.NONE;
            if (view.read(m, off + transport, bytes)
                    && !view.has(TcpFlags.RST)
                    && (trusted || Packets.checksumRight(m, off, transport, IpPacket.TCP))) {
                reset(Packets.destination(m, off), Packets.source(m, off), view);
            }
        } else if (IpPacket.protocol(m, off) == IpPacket.UDP && mayRefuse(nowNanos)) {
            PacketBuffer error = new PacketBuffer(ByteBuffer.allocate(PacketDevice.HEADROOM_BYTES + IcmpError.MAX_BYTES));
            if (IcmpError.unreachable(IcmpError.Unreachable.PORT, m, off, error)) {
                device.send(error.length(), Segmentation.NONE, 0, 0, -1, 0,
                        (ring, at) -> ring.put(at, error.memory(), error.offset(), error.length()));
            }
        }
    }

    private boolean mayRefuse(long nowNanos) {
        long state = icmpErrors.get();
        return RateLimit.ICMP_ERRORS.permits(state, nowNanos)
                && icmpErrors.compareAndSet(state, RateLimit.ICMP_ERRORS.taken(state, nowNanos));
    }

    /**
     * "If the ACK bit is off, sequence number zero is used, [SEQ=0][ACK=SEG.SEQ+SEG.LEN][CTL=RST,ACK]. If the ACK bit is on,
     * [SEQ=SEG.ACK][CTL=RST]".
     */
    private void reset(byte[] local, byte[] remote, TcpSegment refused) {
        boolean acknowledges = refused.has(TcpFlags.ACK);
        int seq = acknowledges ? refused.ack() : 0;
        int ack = acknowledges ? 0 : refused.seq() + refused.length();
        int flags = acknowledges ? TcpFlags.RST : TcpFlags.RST | TcpFlags.ACK;
        int ports = refused.destinationPort() << 16 | refused.sourcePort();
        int ip = Packets.ipHeaderBytes(local);
        int total = ip + Packets.TCP_HEADER_BYTES;
        device.send(total, Segmentation.NONE, 0, 0, ip, Packets.TCP_CHECKSUM_AT, (m, at) -> {
            Packets.ip(m, at, local, remote, IpPacket.TCP, total, 0, true);
            m.putInt(at + ip, ports);
            m.putInt(at + ip + 4, seq);
            m.putInt(at + ip + 8, ack);
            m.putInt(at + ip + 12, Packets.TCP_HEADER_BYTES << 26 | flags << 16);
            m.putInt(at + ip + 16, 0);
            Packets.pseudoChecksum(m, at, at + ip, IpPacket.TCP, Packets.TCP_HEADER_BYTES, Packets.TCP_CHECKSUM_AT);
        });
    }
}
