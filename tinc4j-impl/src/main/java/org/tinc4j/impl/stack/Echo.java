package org.tinc4j.impl.stack;

import java.nio.ByteBuffer;
import org.tinc4j.impl.wire.InternetChecksum;
import org.tinc4j.impl.wire.IpPacket;

/**
 * The echo messages of ICMP and ICMPv6, alike but for their types.
 *
 * <pre>
 * | type 1 | code 1 | checksum 2 | id 2 | sequence 2 | payload |
 * </pre>
 *
 * <p><b>Source.</b> RFC 792, "Echo or Echo Reply Message"; RFC 4443 section 4.
 */
final class Echo {

    static final int HEADER_BYTES = 8;
    static final int HOP_LIMIT = 64;

    static final int V4_REPLY = 0;
    static final int V4_REQUEST = 8;
    static final int V6_REQUEST = 128;
    static final int V6_REPLY = 129;

    private Echo() {}

    /**
     * Where the message lies if the packet is an intact, whole one of the given type between two hosts. Headers with options or extensions
     * count as not intact: answering a source route needs more care than a ping is worth.
     */
    static int find(ByteBuffer m, int off, int len, int typeV4, int typeV6) {
        if (!IpPacket.isValid(m, off, len)
                || IpPacket.isFragment(m, off)
                || !IpPacket.sourceIsHost(m, off)
                || IpPacket.destinationIsGroup(m, off)) {
            return -1;
        }
        boolean v4 = IpPacket.version(m, off) == 4;
        int headerBytes = v4 ? IpPacket.V4_HEADER_BYTES : IpPacket.V6_HEADER_BYTES;
        int at = off + headerBytes;
        int bytes = IpPacket.totalLength(m, off) - headerBytes;
        if (IpPacket.transportOffset(m, off) != headerBytes
                || IpPacket.protocol(m, off) != (v4 ? IpPacket.ICMP : IpPacket.ICMPV6)
                || bytes < HEADER_BYTES
                || m.getShort(at) != (short) ((v4 ? typeV4 : typeV6) << 8)) {
            return -1;
        }
        if (v4 && InternetChecksum.finish(InternetChecksum.sum(m, off, headerBytes)) != 0) {
            return -1;
        }
        long pseudo = v4 ? 0 : InternetChecksum.pseudoHeader(m, off, IpPacket.ICMPV6, bytes);
        return InternetChecksum.finish(pseudo + InternetChecksum.sum(m, at, bytes)) == 0 ? at : -1;
    }
}
