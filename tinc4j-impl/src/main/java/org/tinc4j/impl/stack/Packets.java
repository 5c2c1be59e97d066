package org.tinc4j.impl.stack;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.tinc4j.impl.wire.InternetChecksum;
import org.tinc4j.impl.wire.IpPacket;

/**
 * Headers of the packets this host sends, and the checks of those it gets. Pure.
 *
 * <p><b>Source.</b> RFC 791, RFC 8200, RFC 768, RFC 9293 section 3.1.
 */
final class Packets {

    static final int TCP_HEADER_BYTES = 20;
    static final int UDP_HEADER_BYTES = 8;
    static final int TCP_CHECKSUM_AT = 16;
    static final int UDP_CHECKSUM_AT = 6;
    static final int MAX_BYTES = 65535;

    private static final int HOP_LIMIT = 64;
    private static final int V4_DONT_FRAGMENT = 0x4000;

    private Packets() {}

    static int ipHeaderBytes(byte[] address) {
        return address.length == 4 ? IpPacket.V4_HEADER_BYTES : IpPacket.V6_HEADER_BYTES;
    }

    /** As below, of no class. */
    static void ip(ByteBuffer m, int at, byte[] from, byte[] to, int protocol, int totalBytes, int id, boolean whole) {
        ip(m, at, from, to, protocol, totalBytes, id, whole, 0);
    }

    /**
     * Writes an IP header.
     *
     * @param whole whether the packet must not be cut on the way
     * @param id identification of an IPv4 packet
     * @param trafficClass DSCP above two bits of ECN; in IPv4 the TOS byte
     */
    static void ip(
            ByteBuffer m, int at, byte[] from, byte[] to, int protocol, int totalBytes, int id, boolean whole, int trafficClass) {
        if (from.length == 4) {
            m.putInt(at, 0x45000000 | trafficClass << 16 | totalBytes);
            m.putInt(at + 4, id << 16 | (whole ? V4_DONT_FRAGMENT : 0));
            m.putInt(at + 8, HOP_LIMIT << 24 | protocol << 16);
            m.put(at + 12, from);
            m.put(at + 16, to);
            InternetChecksum.storeV4Header(m, at);
        } else {
            m.putInt(at, 0x60000000 | trafficClass << 20);
            m.putInt(at + 4, totalBytes - IpPacket.V6_HEADER_BYTES << 16 | protocol << 8 | HOP_LIMIT);
            m.put(at + 8, from);
            m.put(at + 24, to);
        }
    }

    /** Stores the sum of the pseudo header where whoever completes the checksum expects it. */
    static void pseudoChecksum(ByteBuffer m, int at, int transportAt, int protocol, int transportBytes, int checksumAt) {
        m.putShort(transportAt + checksumAt, (short)
                InternetChecksum.fold(InternetChecksum.pseudoHeader(m, at, protocol, transportBytes)));
    }

    /** Whether the checksum of a whole packet's TCP or UDP is right. */
    static boolean checksumRight(ByteBuffer m, int off, int transport, int protocol) {
        int bytes = IpPacket.totalLength(m, off) - transport;
        if (protocol == IpPacket.UDP && m.getShort(off + transport + UDP_CHECKSUM_AT) == 0) {
            // RFC 768: "An all zero transmitted checksum value means that the transmitter generated no checksum"; IPv6 forbids it.
            return IpPacket.version(m, off) == 4;
        }
        long sum = InternetChecksum.pseudoHeader(m, off, protocol, bytes) + InternetChecksum.sum(m, off + transport, bytes);
        return InternetChecksum.finish(sum) == 0;
    }

    static boolean v4HeaderRight(ByteBuffer m, int off) {
        return InternetChecksum.finish(InternetChecksum.sum(m, off, IpPacket.headerBytes(m, off))) == 0;
    }

    static byte[] source(ByteBuffer m, int off) {
        boolean four = IpPacket.version(m, off) == 4;
        byte[] address = new byte[four ? 4 : 16];
        m.get(off + (four ? 12 : 8), address);
        return address;
    }

    static byte[] destination(ByteBuffer m, int off) {
        boolean four = IpPacket.version(m, off) == 4;
        byte[] address = new byte[four ? 4 : 16];
        m.get(off + (four ? 16 : 24), address);
        return address;
    }

    static InetAddress address(byte[] bytes) {
        try {
            // InetAddress.getByAddress would turn ::ffff:a.b.c.d into an IPv4 address.
            return bytes.length == 16 ? java.net.Inet6Address.getByAddress(null, bytes, -1) : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of " + bytes.length + " bytes is always accepted", e);
        }
    }
}
