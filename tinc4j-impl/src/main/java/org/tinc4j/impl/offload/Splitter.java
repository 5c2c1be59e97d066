package org.tinc4j.impl.offload;

import java.nio.ByteBuffer;
import org.tinc4j.impl.wire.InternetChecksum;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;

/**
 * Cuts a super-packet into the packets it stands for, with all lengths, numbers, flags and checksums they need.
 *
 * <pre>
 * | IP | TCP or UDP | payload ...                        |
 *     -> | IP | TCP or UDP | segmentBytes |   | IP | TCP or UDP | segmentBytes |   | IP | TCP or UDP | the rest |
 * </pre>
 *
 * <p><b>Threads.</b> One at a time.
 *
 * <p><b>Ownership.</b> Borrows the super-packet until the next {@link #begin}. Nothing is allocated.
 */
public final class Splitter {

    private static final int V4_TOTAL_AT = 2;
    private static final int V4_ID_AT = 4;
    private static final int V4_CHECKSUM_AT = 10;
    private static final int UDP_HEADER_BYTES = 8;
    private static final int TCP_HEADER_BYTES = 20;
    private static final int UDP_CHECKSUM_AT = 6;
    private static final int TCP_CHECKSUM_AT = 16;
    private static final int FIN = 0x01;
    private static final int PSH = 0x08;
    private static final int CWR = 0x80;

    private ByteBuffer memory;
    private int offset;
    private int headerBytes;
    private int transportAt;
    private int segmentBytes;
    private int payloadBytes;
    private int count;
    private boolean tcp;
    private boolean four;

    /** Of what is the same in all IPv4 headers. */
    private long headerSum;

    /** Of the pseudo header but for the length. */
    private long pseudoSum;

    /** Ready for a first super-packet. */
    public Splitter() {}

    /**
     * Looks at a super-packet.
     *
     * @param superPacket an IP packet with its segmentation marks
     * @return how many packets it stands for, at least 1; 0 if headers and marks do not fit each other
     */
    public int begin(PacketBuffer superPacket) {
        count = 0;
        memory = superPacket.memory();
        offset = superPacket.offset();
        headerBytes = superPacket.headerBytes();
        segmentBytes = superPacket.segmentBytes();
        transportAt = superPacket.checksumStart();
        tcp = superPacket.segmentation() != Segmentation.UDP;
        payloadBytes = superPacket.length() - headerBytes;
        if (superPacket.segmentation() == Segmentation.NONE || segmentBytes <= 0 || payloadBytes <= 0) {
            return 0;
        }
        if (!IpPacket.isValid(memory, offset, superPacket.length()) || IpPacket.totalLength(memory, offset) != superPacket.length()) {
            return 0;
        }
        four = IpPacket.version(memory, offset) == 4;
        boolean familyFits = !tcp || four == (superPacket.segmentation() == Segmentation.TCP_V4);
        boolean checksumFits = superPacket.checksumOffset() == (tcp ? TCP_CHECKSUM_AT : UDP_CHECKSUM_AT);
        if (!familyFits || !checksumFits || !networkFits() || !transportFits()) {
            return 0;
        }
        pseudoSum = InternetChecksum.pseudoHeader(memory, offset, tcp ? IpPacket.TCP : IpPacket.UDP, 0);
        if (four) {
            // RFC 1624 section 3: what is taken out is added complemented.
            headerSum = InternetChecksum.sum(memory, offset, transportAt)
                    + (~word(V4_TOTAL_AT) & 0xffff) + (~word(V4_ID_AT) & 0xffff) + (~word(V4_CHECKSUM_AT) & 0xffff);
        }
        count = (payloadBytes + segmentBytes - 1) / segmentBytes;
        return count;
    }

    private int word(int at) {
        return memory.getShort(offset + at) & 0xffff;
    }

    private boolean networkFits() {
        if (four) {
            return transportAt == IpPacket.headerBytes(memory, offset)
                    && IpPacket.protocol(memory, offset) == (tcp ? IpPacket.TCP : IpPacket.UDP)
                    && !IpPacket.isFragment(memory, offset);
        }
        // There are more kinds of extension headers than we know; the kernel has walked them.
        return transportAt >= IpPacket.V6_HEADER_BYTES;
    }

    private boolean transportFits() {
        if (!tcp) {
            return headerBytes == transportAt + UDP_HEADER_BYTES;
        }
        return headerBytes >= transportAt + TCP_HEADER_BYTES
                && headerBytes == transportAt + ((memory.get(offset + transportAt + 12) >> 2) & 0x3c);
    }

    /**
     * Length of one packet; all but the last are equal.
     *
     * @param index 0 to the count less 1
     * @return bytes
     */
    public int packetBytes(int index) {
        return headerBytes + Math.min(segmentBytes, payloadBytes - index * segmentBytes);
    }

    /**
     * Writes one packet.
     *
     * @param index 0 to the count less 1, in any order
     * @param target other memory than the super-packet's
     * @param at where to
     * @return bytes written
     */
    public int write(int index, ByteBuffer target, int at) {
        int start = index * segmentBytes;
        int bytes = Math.min(segmentBytes, payloadBytes - start);
        target.put(at, memory, offset, headerBytes);
        target.put(at + headerBytes, memory, offset + headerBytes + start, bytes);
        int total = headerBytes + bytes;
        if (four) {
            int id = word(V4_ID_AT) + index & 0xffff;
            target.putShort(at + V4_TOTAL_AT, (short) total);
            target.putShort(at + V4_ID_AT, (short) id);
            target.putShort(at + V4_CHECKSUM_AT, (short) InternetChecksum.finish(headerSum + total + id));
        } else {
            target.putShort(at + 4, (short) (total - IpPacket.V6_HEADER_BYTES));
        }
        if (tcp) {
            finishTcp(index, start, target, at, total);
        } else {
            finishUdp(target, at, total);
        }
        return total;
    }

    private void finishTcp(int index, int start, ByteBuffer target, int at, int total) {
        int transport = at + transportAt;
        target.putInt(transport + 4, target.getInt(transport + 4) + start);
        int flags = target.get(transport + 13);
        if (index > 0) {
            flags &= ~CWR;
        }
        if (index < count - 1) {
            flags &= ~(FIN | PSH);
        }
        target.put(transport + 13, (byte) flags);
        target.putShort(transport + TCP_CHECKSUM_AT, (short) 0);
        target.putShort(transport + TCP_CHECKSUM_AT, (short) checksum(target, transport, total));
    }

    private void finishUdp(ByteBuffer target, int at, int total) {
        int transport = at + transportAt;
        target.putShort(transport + 4, (short) (total - transportAt));
        target.putShort(transport + UDP_CHECKSUM_AT, (short) 0);
        int sum = checksum(target, transport, total);
        // RFC 768: "If the computed checksum is zero, it is transmitted as all ones."
        target.putShort(transport + UDP_CHECKSUM_AT, (short) (sum == 0 ? 0xffff : sum));
    }

    private int checksum(ByteBuffer target, int transport, int total) {
        int bytes = total - transportAt;
        return InternetChecksum.finish(pseudoSum + bytes + InternetChecksum.sum(target, transport, bytes));
    }

    /**
     * Completes the checksum of a single packet in place: it holds the sum of the pseudo header so far.
     *
     * @param packet with its checksum marks, which are cleared
     * @return false if the marks do not fit the packet
     */
    public static boolean completeChecksum(PacketBuffer packet) {
        int start = packet.checksumStart();
        int storeAt = start + packet.checksumOffset();
        if (start < 0 || packet.checksumOffset() < 0 || start > packet.length() || storeAt + 2 > packet.length()) {
            return false;
        }
        ByteBuffer m = packet.memory();
        int sum = InternetChecksum.finish(InternetChecksum.sum(m, packet.offset() + start, packet.length() - start));
        // RFC 768: "If the computed checksum is zero, it is transmitted as all ones." To TCP it is a number as any other.
        boolean asOnes = sum == 0 && packet.checksumOffset() == UDP_CHECKSUM_AT;
        m.putShort(packet.offset() + storeAt, (short) (asOnes ? 0xffff : sum));
        packet.checksumNeeded(-1, 0);
        return true;
    }
}
