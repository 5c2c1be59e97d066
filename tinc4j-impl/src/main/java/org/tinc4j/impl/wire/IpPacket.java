package org.tinc4j.impl.wire;

import java.nio.ByteBuffer;

/**
 * View of an IPv4 or IPv6 packet inside a block of memory.
 *
 * <pre>
 * IPv4  0 version, header words | 1 TOS | 2 total length | 4 id | 6 flags, fragment offset | 8 TTL | 9 protocol | 10 checksum
 *       12 source | 16 destination | 20 options
 * IPv6  0 version, class, flow label | 4 payload length | 6 next header | 7 hop limit | 8 source | 24 destination | 40 extensions
 * </pre>
 *
 * <p><b>Ownership.</b> Every method borrows the memory. Nothing is allocated.
 *
 * <p><b>Units and shapes.</b> The memory is big-endian and its position and limit are not touched; {@code off} is where the packet starts in
 * it, offsets that come out are relative to that. {@link #isValid} is asked once; the accessors rely on it and check nothing.
 *
 * <p><b>Source.</b> RFC 791 section 3.1, RFC 8200 sections 3 and 4.
 */
public final class IpPacket {

    /** IPv4 header without options, in bytes. */
    public static final int V4_HEADER_BYTES = 20;
    /** IPv6 header without extensions, in bytes. */
    public static final int V6_HEADER_BYTES = 40;

    /** Protocol number of ICMP. */
    public static final int ICMP = 1;
    /** Protocol number of IPv4 inside IPv4. */
    public static final int IPV4 = 4;
    /** Protocol number of TCP. */
    public static final int TCP = 6;
    /** Protocol number of UDP. */
    public static final int UDP = 17;
    /** Protocol number of ICMPv6. */
    public static final int ICMPV6 = 58;

    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int DESTINATION_OPTIONS = 60;

    private static final int V4_MORE_FRAGMENTS = 0x2000;
    private static final int V4_DONT_FRAGMENT = 0x4000;
    private static final int V4_OFFSET_MASK = 0x1fff;
    private static final int V6_MORE_FRAGMENTS = 1;
    private static final int V6_OFFSET_MASK = 0xfff8;

    /** Layout of what {@link #walk} returns: offset in the low bits, protocol and fragment marks above. */
    private static final int OFFSET_MASK = 0xfffff;

    private static final int PROTOCOL_SHIFT = 20;
    private static final int IS_FRAGMENT = 1 << 28;
    private static final int IS_LATER_FRAGMENT = 1 << 29;

    private IpPacket() {}

    /**
     * Whether the lengths of a packet agree with each other and with the room it has.
     *
     * @param m borrowed
     * @param off first byte of the packet
     * @param len bytes there are; more than the packet needs is legal
     * @return true if the accessors may be used
     */
    public static boolean isValid(ByteBuffer m, int off, int len) {
        if (len < V4_HEADER_BYTES) {
            return false;
        }
        return switch (version(m, off)) {
            case 4 -> headerBytes(m, off) >= V4_HEADER_BYTES
                    && headerBytes(m, off) <= totalLength(m, off)
                    && totalLength(m, off) <= len;
            case 6 -> len >= V6_HEADER_BYTES && totalLength(m, off) <= len;
            default -> false;
        };
    }

    /**
     * The version field.
     *
     * @param m borrowed
     * @param off first byte of the packet
     * @return 4 or 6
     */
    public static int version(ByteBuffer m, int off) {
        return (m.get(off) & 0xff) >> 4;
    }

    /**
     * Length of the IP header: with options for IPv4, without extension headers for IPv6.
     *
     * @param m borrowed
     * @param off first byte of the packet
     * @return bytes
     */
    public static int headerBytes(ByteBuffer m, int off) {
        return version(m, off) == 4 ? (m.get(off) & 0xf) * 4 : V6_HEADER_BYTES;
    }

    /**
     * Length of the whole packet as its header states it.
     *
     * @param m borrowed
     * @param off first byte of the packet
     * @return bytes
     */
    public static int totalLength(ByteBuffer m, int off) {
        return version(m, off) == 4
                ? m.getShort(off + 2) & 0xffff
                : V6_HEADER_BYTES + (m.getShort(off + 4) & 0xffff);
    }

    /**
     * TTL or hop limit.
     *
     * @param m borrowed
     * @param off first byte of the packet
     * @return 0 to 255
     */
    public static int hopLimit(ByteBuffer m, int off) {
        return m.get(off + (version(m, off) == 4 ? 8 : 7)) & 0xff;
    }

    /**
     * Source of an IPv4 packet.
     *
     * @param m borrowed
     * @param off first byte of the packet
     * @return the address
     */
    public static int sourceV4(ByteBuffer m, int off) {
        return m.getInt(off + 12);
    }

    /**
     * Destination of an IPv4 packet.
     *
     * @param m borrowed
     * @param off first byte of the packet
     * @return the address
     */
    public static int destinationV4(ByteBuffer m, int off) {
        return m.getInt(off + 16);
    }

    /**
     * Source of an IPv6 packet.
     *
     * @param m borrowed
     * @param off first byte of the packet
     * @return its first 64 bits
     */
    public static long sourceHighV6(ByteBuffer m, int off) {
        return m.getLong(off + 8);
    }

    /**
     * Source of an IPv6 packet.
     *
     * @param m borrowed
     * @param off first byte of the packet
     * @return its last 64 bits
     */
    public static long sourceLowV6(ByteBuffer m, int off) {
        return m.getLong(off + 16);
    }

    /**
     * Destination of an IPv6 packet.
     *
     * @param m borrowed
     * @param off first byte of the packet
     * @return its first 64 bits
     */
    public static long destinationHighV6(ByteBuffer m, int off) {
        return m.getLong(off + 24);
    }

    /**
     * Destination of an IPv6 packet.
     *
     * @param m borrowed
     * @param off first byte of the packet
     * @return its last 64 bits
     */
    public static long destinationLowV6(ByteBuffer m, int off) {
        return m.getLong(off + 32);
    }

    /**
     * Whether the source can be answered: one host, reachable by more than itself.
     *
     * @param m borrowed
     * @param off first byte of the packet
     * @return false for a zero, loopback, multicast, broadcast or reserved source
     */
    public static boolean sourceIsHost(ByteBuffer m, int off) {
        if (version(m, off) == 4) {
            int firstByte = m.get(off + 12) & 0xff;
            return firstByte != 0 && firstByte != 127 && firstByte < 224;
        }
        boolean unspecifiedOrLoopback = sourceHighV6(m, off) == 0 && (sourceLowV6(m, off) & ~1L) == 0;
        return !unspecifiedOrLoopback && m.get(off + 8) != (byte) 0xff;
    }

    /**
     * Whether the destination is a group: multicast, or the limited broadcast address of IPv4.
     *
     * @param m borrowed
     * @param off first byte of the packet
     * @return false for the address of one host; broadcast addresses of subnets are not recognised
     */
    public static boolean destinationIsGroup(ByteBuffer m, int off) {
        return version(m, off) == 4
                ? (m.get(off + 16) & 0xf0) == 0xe0 || destinationV4(m, off) == -1
                : m.get(off + 24) == (byte) 0xff;
    }

    /**
     * Whether a router must not cut the packet.
     *
     * @param m borrowed
     * @param off first byte of the packet
     * @return the DF flag of IPv4; always true for IPv6
     */
    public static boolean dontFragment(ByteBuffer m, int off) {
        return version(m, off) != 4 || (m.getShort(off + 6) & V4_DONT_FRAGMENT) != 0;
    }

    /**
     * Whether the packet is a fragment.
     *
     * @param m borrowed
     * @param off first byte of the packet
     * @return true for any part of a larger packet
     */
    public static boolean isFragment(ByteBuffer m, int off) {
        int found = walk(m, off);
        return found >= 0 && (found & IS_FRAGMENT) != 0;
    }

    /**
     * Whether the packet is a fragment other than the first, so that no transport header is in it.
     *
     * @param m borrowed
     * @param off first byte of the packet
     * @return true if it does not begin the larger packet
     */
    public static boolean isLaterFragment(ByteBuffer m, int off) {
        int found = walk(m, off);
        return found >= 0 && (found & IS_LATER_FRAGMENT) != 0;
    }

    /**
     * The differentiated services field (RFC 2474) with its ECN bits zero, where it stands in a type of service or traffic class.
     *
     * @param m borrowed
     * @param off first byte of a valid packet
     * @return 0 to 252, a multiple of 4
     */
    public static int dscp(ByteBuffer m, int off) {
        int trafficClass = version(m, off) == 4 ? m.get(off + 1) : m.getShort(off) >> 4;
        return trafficClass & 0xfc;
    }

    /**
     * What the packet carries, behind hop-by-hop, routing, destination and fragment headers.
     *
     * @param m borrowed
     * @param off first byte of the packet
     * @return protocol number, or -1 if extension headers reach beyond the packet's end
     */
    public static int protocol(ByteBuffer m, int off) {
        int found = walk(m, off);
        return found < 0 ? -1 : found >> PROTOCOL_SHIFT & 0xff;
    }

    /**
     * Where that begins.
     *
     * @param m borrowed
     * @param off first byte of the packet
     * @return bytes from the start of the packet, at most {@link #totalLength}; -1 if extension headers reach beyond the packet's end
     */
    public static int transportOffset(ByteBuffer m, int off) {
        int found = walk(m, off);
        return found < 0 ? -1 : found & OFFSET_MASK;
    }

    private static int walk(ByteBuffer m, int off) {
        return version(m, off) == 4 ? walkV4(m, off) : walkV6(m, off);
    }

    private static int walkV4(ByteBuffer m, int off) {
        int flags = m.getShort(off + 6) & (V4_MORE_FRAGMENTS | V4_OFFSET_MASK);
        int marks = flags == 0 ? 0 : (flags & V4_OFFSET_MASK) == 0 ? IS_FRAGMENT : IS_FRAGMENT | IS_LATER_FRAGMENT;
        return marks | (m.get(off + 9) & 0xff) << PROTOCOL_SHIFT | headerBytes(m, off);
    }

    private static int walkV6(ByteBuffer m, int off) {
        int end = totalLength(m, off);
        int at = V6_HEADER_BYTES;
        int next = m.get(off + 6) & 0xff;
        int marks = 0;
        while (next == HOP_BY_HOP || next == ROUTING || next == FRAGMENT || next == DESTINATION_OPTIONS) {
            if (end - at < 8) {
                return -1;
            }
            if (next == FRAGMENT) {
                int flags = m.getShort(off + at + 2);
                if ((flags & (V6_OFFSET_MASK | V6_MORE_FRAGMENTS)) != 0) {
                    marks |= IS_FRAGMENT;
                }
                if ((flags & V6_OFFSET_MASK) != 0) {
                    // What follows is the middle of something: it has no headers to walk.
                    return marks | IS_LATER_FRAGMENT | (m.get(off + at) & 0xff) << PROTOCOL_SHIFT | at + 8;
                }
            }
            // "Length of the ... header in 8-octet units, not including the first 8 octets"; the fragment header has none.
            int bytes = next == FRAGMENT ? 8 : 8 + (m.get(off + at + 1) & 0xff) * 8;
            if (end - at < bytes) {
                return -1;
            }
            next = m.get(off + at) & 0xff;
            at += bytes;
        }
        return marks | next << PROTOCOL_SHIFT | at;
    }
}
