package org.tinc4j.impl.stack;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.tinc4j.impl.route.IcmpError;
import org.tinc4j.impl.route.RateLimit;
import org.tinc4j.impl.route.TcpReset;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;
import org.tinc4j.spi.PacketDevice;

/**
 * What a host answers to packets that nobody on it wants. ICMP errors are limited, as RFC 4443 section 2.4 (f) demands. Resets are not, as on
 * Linux: none is longer than the segment it answers, the mesh has verified who sent that, and with a limit one peer's scan would make other
 * peers' refused connections hang. The same holds for answers to pings.
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

    /** Answers a valid packet by RST or "port unreachable", where a standard allows. Borrows it. */
    void refuse(PacketBuffer packet, long nowNanos) {
        ByteBuffer m = packet.memory();
        int off = packet.offset();
        if (IpPacket.transportOffset(m, off) < 0) {
            return;
        }
        PacketBuffer answer = new PacketBuffer(ByteBuffer.allocate(PacketDevice.HEADROOM_BYTES + IcmpError.MAX_BYTES));
        boolean built =
                switch (IpPacket.protocol(m, off)) {
                    case IpPacket.TCP -> intact(packet, m, off) && TcpReset.build(m, off, answer);
                    case IpPacket.UDP -> mayRefuse(nowNanos) && IcmpError.unreachable(IcmpError.Unreachable.PORT, m, off, answer);
                    default -> false;
                };
        if (built) {
            device.send(answer.length(), Segmentation.NONE, 0, 0, -1, 0,
                    (ring, at) -> ring.put(at, answer.memory(), answer.offset(), answer.length()));
        }
    }

    private static boolean intact(PacketBuffer packet, ByteBuffer m, int off) {
        return packet.segmentation() != Segmentation.NONE
                || Packets.checksumRight(m, off, IpPacket.transportOffset(m, off), IpPacket.TCP);
    }

    private boolean mayRefuse(long nowNanos) {
        long state = icmpErrors.get();
        return RateLimit.ICMP_ERRORS.permits(state, nowNanos)
                && icmpErrors.compareAndSet(state, RateLimit.ICMP_ERRORS.taken(state, nowNanos));
    }
}
