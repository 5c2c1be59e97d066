package org.tinc4j.impl.route;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.tinc4j.impl.wire.InternetChecksum;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketDevice;

/**
 * Builds the ICMP or ICMPv6 error that tells the sender of a packet why it was dropped.
 *
 * <pre>
 * | IP header 20 or 40 | type 1 | code 1 | checksum 2 | unused or MTU 4 | the packet, cut to 548 or 528 |
 * </pre>
 *
 * <p>The error seems to come from the packet's destination, as with tinc: a node has no address of its own that every sender could expect.
 *
 * <p><b>Ownership.</b> Borrows the packet and the buffer it builds into, which may be the one that holds the packet. The error is placed
 * behind {@link PacketDevice#HEADROOM_BYTES}; the buffer needs {@value #MAX_BYTES} bytes from there.
 *
 * <p><b>Errors.</b> False, and nothing built, where a standard forbids an answer. How often to answer is for {@link RateLimit} to say.
 *
 * <p><b>Source.</b> RFC 792, RFC 1122 section 3.2.2, RFC 1191 section 4, RFC 4443 sections 2.4 and 3.
 */
public final class IcmpError {

    /** Why a destination cannot be reached, in the words of RFC 792 and RFC 1812 for IPv4 and of RFC 4443 for IPv6. */
    public enum Unreachable {
        /** The owner of the destination is down. */
        NET(0, 0),
        /** No subnet contains the destination. */
        UNKNOWN(6, 3),
        /** Nobody there has the port. */
        PORT(3, 4),
        /** Policy forbids to forward it. */
        PROHIBITED(9, 1);

        private final int codeV4;
        private final int codeV6;

        Unreachable(int codeV4, int codeV6) {
            this.codeV4 = codeV4;
            this.codeV6 = codeV6;
        }
    }

    /** Largest error: IPv4 20 + 8 + 548, IPv6 40 + 8 + 528. */
    public static final int MAX_BYTES = 576;

    private static final int ICMP_HEADER_BYTES = 8;
    private static final int HOP_LIMIT = 255;

    private static final int V4_UNREACHABLE = 3;
    private static final int V4_FRAGMENTATION_NEEDED = 4;
    private static final int V4_TIME_EXCEEDED = 11;
    private static final int V6_UNREACHABLE = 1;
    private static final int V6_PACKET_TOO_BIG = 2;
    private static final int V6_TIME_EXCEEDED = 3;
    private static final int V6_FIRST_INFORMATIONAL = 128;
    private static final int V6_REDIRECT = 137;

    private IcmpError() {}

    /**
     * The destination cannot be reached.
     *
     * @param why the reason
     * @param m borrowed
     * @param off first byte of a valid packet
     * @param out borrowed; the error
     * @return whether there is an error to send
     */
    public static boolean unreachable(Unreachable why, ByteBuffer m, int off, PacketBuffer out) {
        if (!mayAnswer(m, off)) {
            return false;
        }
        if (IpPacket.version(m, off) == 4) {
            build(V4_UNREACHABLE, why.codeV4, 0, m, off, out);
        } else {
            build(V6_UNREACHABLE, why.codeV6, 0, m, off, out);
        }
        return true;
    }

    /**
     * The packet is larger than its path and must not be cut: "fragmentation needed" or "packet too big".
     *
     * @param mtuBytes the largest IP packet the path takes, without Ethernet header
     * @param m borrowed
     * @param off first byte of a valid packet
     * @param out borrowed; the error
     * @return whether there is an error to send
     */
    public static boolean tooBig(int mtuBytes, ByteBuffer m, int off, PacketBuffer out) {
        if (!mayAnswer(m, off)) {
            return false;
        }
        if (IpPacket.version(m, off) == 4) {
            build(V4_UNREACHABLE, V4_FRAGMENTATION_NEEDED, Math.min(mtuBytes, 0xffff), m, off, out);
        } else {
            build(V6_PACKET_TOO_BIG, 0, mtuBytes, m, off, out);
        }
        return true;
    }

    /**
     * The packet has used up its hops here.
     *
     * @param local the address of this node that the packet's sender should see
     * @param m borrowed
     * @param off first byte of a valid packet
     * @param out borrowed; the error
     * @return whether there is an error to send; there is none if {@code local} is of the other family
     */
    public static boolean timeExceeded(InetAddress local, ByteBuffer m, int off, PacketBuffer out) {
        byte[] source = local.getAddress();
        boolean v4 = IpPacket.version(m, off) == 4;
        if (source.length != (v4 ? 4 : 16) || !mayAnswer(m, off)) {
            return false;
        }
        build(v4 ? V4_TIME_EXCEEDED : V6_TIME_EXCEEDED, 0, 0, m, off, out);
        ByteBuffer error = out.memory();
        error.put(out.offset() + (v4 ? 12 : 8), source);
        storeChecksums(error, out.offset());
        return true;
    }

    /** The rules of both families are alike but for the numbers; the stricter one is applied to both. */
    private static boolean mayAnswer(ByteBuffer m, int off) {
        // RFC 1122 section 3.2.2: "An ICMP error message MUST NOT be sent as the result of receiving: an ICMP error message, or a datagram
        // destined to an IP broadcast or IP multicast address, [...] or a non-initial fragment, or a datagram whose source address does not
        // define a single host". RFC 4443 section 2.4 (e): "An ICMPv6 error message MUST NOT be originated as a result of receiving [...] a
        // packet whose source address does not uniquely identify a single node". Its exception, packet too big for a multicast destination,
        // is not used: the error would have to come from that group.
        return IpPacket.sourceIsHost(m, off)
                && !IpPacket.destinationIsGroup(m, off)
                && !IpPacket.isLaterFragment(m, off)
                && IpPacket.transportOffset(m, off) >= 0
                && !isIcmpError(m, off);
    }

    private static boolean isIcmpError(ByteBuffer m, int off) {
        boolean v4 = IpPacket.version(m, off) == 4;
        if (IpPacket.protocol(m, off) != (v4 ? IpPacket.ICMP : IpPacket.ICMPV6)) {
            return false;
        }
        int transport = IpPacket.transportOffset(m, off);
        if (transport >= IpPacket.totalLength(m, off)) {
            return true; // cut off before its type: could be one
        }
        int type = m.get(off + transport) & 0xff;
        return v4 ? isErrorV4(type) : type < V6_FIRST_INFORMATIONAL || type == V6_REDIRECT;
    }

    /** "ICMP error messages: Destination Unreachable, Redirect, Source Quench, Time Exceeded, Parameter Problem" */
    private static boolean isErrorV4(int type) {
        return type >= 3 && type <= 5 || type == 11 || type == 12;
    }

    private static void build(int type, int code, int parameter, ByteBuffer m, int off, PacketBuffer out) {
        boolean v4 = IpPacket.version(m, off) == 4;
        int headerBytes = v4 ? IpPacket.V4_HEADER_BYTES : IpPacket.V6_HEADER_BYTES;
        int overhead = headerBytes + ICMP_HEADER_BYTES;
        int quoted = Math.min(IpPacket.totalLength(m, off), MAX_BYTES - overhead);

        ByteBuffer error = out.memory();
        int at = PacketDevice.HEADROOM_BYTES;
        int quoteAt = at + overhead;
        // First, and read from there afterwards: the packet may lie where the headers go. put copes with the overlap.
        error.put(quoteAt, m, off, quoted);
        out.reset(at, overhead + quoted);

        if (v4) {
            error.putInt(at, 0x45000000 | (overhead + quoted));
            error.putInt(at + 4, 0);
            error.putInt(at + 8, HOP_LIMIT << 24 | IpPacket.ICMP << 16);
            error.putInt(at + 12, IpPacket.destinationV4(error, quoteAt));
            error.putInt(at + 16, IpPacket.sourceV4(error, quoteAt));
        } else {
            error.putInt(at, 0x60000000);
            error.putInt(at + 4, (ICMP_HEADER_BYTES + quoted) << 16 | IpPacket.ICMPV6 << 8 | HOP_LIMIT);
            error.putLong(at + 8, IpPacket.destinationHighV6(error, quoteAt));
            error.putLong(at + 16, IpPacket.destinationLowV6(error, quoteAt));
            error.putLong(at + 24, IpPacket.sourceHighV6(error, quoteAt));
            error.putLong(at + 32, IpPacket.sourceLowV6(error, quoteAt));
        }
        error.putInt(at + headerBytes, type << 24 | code << 16);
        error.putInt(at + headerBytes + 4, parameter);
        storeChecksums(error, at);
    }

    private static void storeChecksums(ByteBuffer error, int at) {
        if (IpPacket.version(error, at) == 4) {
            InternetChecksum.storeV4Header(error, at);
        }
        InternetChecksum.storeIcmp(error, at);
    }
}
