package org.tinc4j.impl.route;

import java.nio.ByteBuffer;
import org.tinc4j.impl.wire.InternetChecksum;
import org.tinc4j.impl.wire.IpPacket;

/**
 * Lowers the maximum segment size that a TCP handshake announces, so that the segments fit the tunnel without fragmentation.
 *
 * <p><b>Units and shapes.</b> Works on TCP over IPv4 and IPv6, and inside one IPv4-in-IPv4 header. Any packet with the option counts, whether
 * SYN is set or not. The TCP checksum must be complete; it is adjusted, not recomputed, so a wrong one stays wrong.
 *
 * <p><b>Source.</b> RFC 9293 section 3.7.1; tinc manual, option {@code ClampMSS}.
 */
public final class MssClamp {

    /** tinc counts path MTUs with the Ethernet header, which our packets do not have. */
    private static final int ETHERNET_HEADER_BYTES = 14;

    private static final int TCP_HEADER_BYTES = 20;
    private static final int TCP_CHECKSUM_AT = 16;

    private static final int OPTION_END = 0;
    private static final int OPTION_NOP = 1;
    private static final int OPTION_MSS = 2;
    private static final int OPTION_MSS_BYTES = 4;

    private MssClamp() {}

    /**
     * Clamps the option, if there is one and it is too large.
     *
     * @param m borrowed, changed
     * @param off first byte of the packet
     * @param len bytes there are
     * @param maxFrameBytes largest frame the path takes, 14 bytes of Ethernet header included
     */
    public static void clamp(ByteBuffer m, int off, int len, int maxFrameBytes) {
        if (!IpPacket.isValid(m, off, len) || IpPacket.isLaterFragment(m, off)) {
            return;
        }
        int ipAt = off;
        if (IpPacket.version(m, off) == 4 && IpPacket.protocol(m, off) == IpPacket.IPV4) {
            int outerBytes = IpPacket.headerBytes(m, off);
            ipAt = off + outerBytes;
            int innerLen = IpPacket.totalLength(m, off) - outerBytes;
            if (!IpPacket.isValid(m, ipAt, innerLen)
                    || IpPacket.version(m, ipAt) != 4
                    || IpPacket.isLaterFragment(m, ipAt)) {
                return;
            }
        }
        if (IpPacket.protocol(m, ipAt) != IpPacket.TCP) {
            return;
        }
        int tcpAt = ipAt + IpPacket.transportOffset(m, ipAt);
        int end = ipAt + IpPacket.totalLength(m, ipAt);
        // "min(source.mtu, v.mtu) - (offset of the TCP header in the frame) - 20"
        int limit = maxFrameBytes - (ETHERNET_HEADER_BYTES + tcpAt - off) - TCP_HEADER_BYTES;
        int mssAt = findMss(m, tcpAt, end);
        if (mssAt >= 0 && limit > 0 && (m.getShort(mssAt) & 0xffff) > limit) {
            replace(m, tcpAt, mssAt, limit);
        }
    }

    /** Where the value of the option lies, or -1. */
    private static int findMss(ByteBuffer m, int tcpAt, int end) {
        if (end - tcpAt < TCP_HEADER_BYTES) {
            return -1;
        }
        int headerEnd = tcpAt + ((m.get(tcpAt + 12) & 0xff) >> 4) * 4;
        if (headerEnd > end) {
            return -1;
        }
        int at = tcpAt + TCP_HEADER_BYTES;
        while (at < headerEnd && m.get(at) != OPTION_END) {
            if (m.get(at) == OPTION_NOP) {
                at++;
                continue;
            }
            int bytes = headerEnd - at < 2 ? 0 : m.get(at + 1) & 0xff;
            if (bytes < 2 || bytes > headerEnd - at) {
                return -1;
            }
            if (m.get(at) == OPTION_MSS && bytes == OPTION_MSS_BYTES) {
                return at + 2;
            }
            at += bytes;
        }
        return -1;
    }

    private static void replace(ByteBuffer m, int tcpAt, int mssAt, int mss) {
        short before = m.getShort(mssAt);
        short after = (short) mss;
        m.putShort(mssAt, after);
        // Behind an odd number of NOPs the value straddles two words of the sum: swapped, it counts the same. RFC 1071 section 2 (B).
        boolean straddles = (mssAt - tcpAt) % 2 != 0;
        int checksum = m.getShort(tcpAt + TCP_CHECKSUM_AT) & 0xffff;
        checksum = InternetChecksum.update(
                checksum,
                straddles ? Short.reverseBytes(before) : before,
                straddles ? Short.reverseBytes(after) : after);
        m.putShort(tcpAt + TCP_CHECKSUM_AT, (short) checksum);
    }
}
