package org.tinc4j.impl.stack;

import java.nio.ByteBuffer;
import org.tinc4j.impl.stack.tcp.TcpFailure;
import org.tinc4j.impl.wire.InternetChecksum;
import org.tinc4j.impl.wire.IpPacket;

/**
 * An ICMP or ICMPv6 error and the packet it quotes. Pure.
 *
 * <pre>
 * | type 1 | code 1 | checksum 2 | unused, or MTU: 2 after 2 unused in ICMP, 4 in ICMPv6 | the packet, or its beginning |
 * </pre>
 *
 * <p><b>Source.</b> RFC 792, RFC 1191 section 4, RFC 4443 section 3.
 *
 * @param kind what it says
 * @param mtuBytes the next link's, for {@link Kind#TOO_BIG}
 * @param packetAt where the quoted packet lies
 * @param transportAt where its transport header lies, of which 8 bytes at least are there
 * @param protocol of that
 */
record IcmpQuote(Kind kind, int mtuBytes, int packetAt, int transportAt, int protocol) {

    /** What an error says. */
    enum Kind {
        NETWORK_UNREACHABLE,
        HOST_UNREACHABLE,
        PORT_UNREACHABLE,
        PROHIBITED,
        TOO_BIG
    }

    private static final int HEADER_BYTES = 8;
    private static final int QUOTED_BYTES = 8;
    private static final int V4_UNREACHABLE = 3;
    private static final int V6_UNREACHABLE = 1;
    private static final int V6_TOO_BIG = 2;

    /** Reads a message; null if it is not an intact error of a kind that sockets hear of. */
    static IcmpQuote read(ByteBuffer m, int off, int transport, int bytes) {
        if (bytes < HEADER_BYTES + IpPacket.V4_HEADER_BYTES + QUOTED_BYTES) {
            return null;
        }
        boolean four = IpPacket.version(m, off) == 4;
        int at = off + transport;
        Kind kind = four ? kindV4(m, at) : kindV6(m, at);
        long pseudo = four ? 0 : InternetChecksum.pseudoHeader(m, off, IpPacket.ICMPV6, bytes);
        if (kind == null || InternetChecksum.finish(pseudo + InternetChecksum.sum(m, at, bytes)) != 0) {
            return null;
        }
        int quoted = at + HEADER_BYTES;
        int room = bytes - HEADER_BYTES;
        int header = four ? IpPacket.headerBytes(m, quoted) : IpPacket.V6_HEADER_BYTES;
        if (IpPacket.version(m, quoted) != (four ? 4 : 6) || header < IpPacket.V4_HEADER_BYTES || header + QUOTED_BYTES > room) {
            return null;
        }
        // Our own packets have no extension headers.
        int protocol = m.get(quoted + (four ? 9 : 6)) & 0xff;
        int mtu = four ? m.getShort(at + 6) & 0xffff : Math.min(m.getInt(at + 4) & 0x7fff_ffff, 0xffff);
        return new IcmpQuote(kind, mtu, quoted, quoted + header, protocol);
    }

    private static Kind kindV4(ByteBuffer m, int at) {
        if (m.get(at) != V4_UNREACHABLE) {
            return null;
        }
        return switch (m.get(at + 1)) {
            case 0, 6, 11 -> Kind.NETWORK_UNREACHABLE;
            case 1, 5, 7, 8, 12 -> Kind.HOST_UNREACHABLE;
            case 2, 3 -> Kind.PORT_UNREACHABLE;
            case 4 -> Kind.TOO_BIG;
            case 9, 10, 13, 14, 15 -> Kind.PROHIBITED;
            default -> null;
        };
    }

    private static Kind kindV6(ByteBuffer m, int at) {
        if (m.get(at) == V6_TOO_BIG) {
            return Kind.TOO_BIG;
        }
        if (m.get(at) != V6_UNREACHABLE) {
            return null;
        }
        return switch (m.get(at + 1)) {
            case 0 -> Kind.NETWORK_UNREACHABLE;
            case 2, 3 -> Kind.HOST_UNREACHABLE;
            case 4 -> Kind.PORT_UNREACHABLE;
            case 1, 5, 6 -> Kind.PROHIBITED;
            default -> null;
        };
    }

    /** What it means to a connection. */
    TcpFailure failure() {
        return switch (kind) {
            case NETWORK_UNREACHABLE -> TcpFailure.NETWORK_UNREACHABLE;
            case HOST_UNREACHABLE -> TcpFailure.HOST_UNREACHABLE;
            case PORT_UNREACHABLE -> TcpFailure.PORT_UNREACHABLE;
            case PROHIBITED -> TcpFailure.PROHIBITED;
            case TOO_BIG -> throw new IllegalStateException("a path MTU is no failure");
        };
    }
}
