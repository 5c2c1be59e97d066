package org.tinc4j.impl.datapath;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.tinc4j.impl.route.IcmpError;
import org.tinc4j.impl.route.NodeRoute;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.Subnet;
import org.tinc4j.spi.PacketBuffer;

/** Which ICMP error answers a packet, and what may pass as one. Pure. */
final class IcmpReplies {

    /** Why a packet is refused. */
    enum Kind {
        NO_SUBNET,
        UNREACHABLE,
        PROHIBITED,
        TTL_EXCEEDED,
        TOO_BIG
    }

    private IcmpReplies() {}

    /**
     * The error for a packet.
     *
     * @param mtuBytes the largest packet that would do, for {@link Kind#TOO_BIG}
     * @param into where to build it
     * @return {@code into}, or null where a standard forbids an answer
     */
    static PacketBuffer error(PacketBuffer packet, Kind kind, int mtuBytes, NodeRoute self, PacketBuffer into) {
        ByteBuffer memory = packet.memory();
        int offset = packet.offset();
        boolean built =
                switch (kind) {
                    case NO_SUBNET -> IcmpError.unreachable(IcmpError.Unreachable.UNKNOWN, memory, offset, into);
                    case UNREACHABLE -> IcmpError.unreachable(IcmpError.Unreachable.NET, memory, offset, into);
                    case PROHIBITED -> IcmpError.unreachable(IcmpError.Unreachable.PROHIBITED, memory, offset, into);
                    case TOO_BIG -> IcmpError.tooBig(mtuBytes, memory, offset, into);
                    case TTL_EXCEEDED -> {
                        InetAddress local = ownAddress(self, IpPacket.version(memory, offset));
                        yield local != null && IcmpError.timeExceeded(local, memory, offset, into);
                    }
                };
        return built ? into : null;
    }

    private static InetAddress ownAddress(NodeRoute self, int version) {
        Subnet.Kind kind = version == 4 ? Subnet.Kind.IPV4 : Subnet.Kind.IPV6;
        for (Subnet subnet : self.subnets()) {
            if (subnet.kind() == kind) {
                return subnet.inetAddress();
            }
        }
        return null;
    }

    /** ICMP errors carry the address of whoever could not be reached as their source. */
    static boolean isIcmpError(ByteBuffer memory, int offset) {
        int at = IpPacket.transportOffset(memory, offset);
        if (at < 0 || at >= IpPacket.totalLength(memory, offset) || IpPacket.isLaterFragment(memory, offset)) {
            return false;
        }
        int type = memory.get(offset + at) & 0xff;
        return switch (IpPacket.protocol(memory, offset)) {
            case IpPacket.ICMP -> type == 3 || type == 11 || type == 12;
            case IpPacket.ICMPV6 -> type < 128;
            default -> false;
        };
    }
}
