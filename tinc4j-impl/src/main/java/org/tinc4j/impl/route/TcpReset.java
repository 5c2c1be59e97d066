package org.tinc4j.impl.route;

import java.nio.ByteBuffer;
import org.tinc4j.impl.wire.InternetChecksum;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketDevice;

/**
 * Builds the RST that answers a segment nobody takes.
 *
 * <pre>
 *  0 source port | 2 destination port | 4 sequence number | 8 acknowledgment number
 * 12 data offset | 13 flags | 14 window | 16 checksum | 18 urgent pointer
 * </pre>
 *
 * <p><b>Ownership.</b> Borrows the packet and the buffer it builds into. The answer is placed behind {@link PacketDevice#HEADROOM_BYTES}
 * and needs {@value #MAX_BYTES} bytes from there.
 *
 * <p><b>Source.</b> RFC 9293 section 3.10.7.1.
 */
public final class TcpReset {

    /** Largest answer: IPv6 40 + 20. */
    public static final int MAX_BYTES = 60;

    private static final int TCP_BYTES = 20;
    private static final int HOP_LIMIT = 64;
    private static final int FIN = 0x01;
    private static final int SYN = 0x02;
    private static final int RST = 0x04;
    private static final int ACK = 0x10;

    private TcpReset() {}

    /**
     * Answers a segment.
     *
     * @param m borrowed
     * @param off first byte of a valid packet, or of several joined to one
     * @param out borrowed; the answer
     * @return false, and nothing built, if it is no whole TCP header, a RST itself, or not from one host to one host
     */
    public static boolean build(ByteBuffer m, int off, PacketBuffer out) {
        int transport = IpPacket.transportOffset(m, off);
        int bytes = IpPacket.totalLength(m, off) - transport;
        if (transport < 0
                || bytes < TCP_BYTES
                || IpPacket.protocol(m, off) != IpPacket.TCP
                || IpPacket.isFragment(m, off)
                || !IpPacket.sourceIsHost(m, off)
                || IpPacket.destinationIsGroup(m, off)) {
            return false;
        }
        int tcp = off + transport;
        int header = (m.get(tcp + 12) & 0xf0) >> 2;
        int flags = m.get(tcp + 13);
        if (header < TCP_BYTES || header > bytes || (flags & RST) != 0) {
            return false;
        }
        // "If the ACK bit is off, sequence number zero is used, [SEQ=0][ACK=SEG.SEQ+SEG.LEN][CTL=RST,ACK]. If the ACK bit is on,
        // [SEQ=SEG.ACK][CTL=RST]"
        boolean acknowledges = (flags & ACK) != 0;
        int length = bytes - header + ((flags & SYN) != 0 ? 1 : 0) + ((flags & FIN) != 0 ? 1 : 0);
        int seq = acknowledges ? m.getInt(tcp + 8) : 0;
        int ack = acknowledges ? 0 : m.getInt(tcp + 4) + length;
        int ports = m.getShort(tcp + 2) << 16 | m.getShort(tcp) & 0xffff;
        write(m, off, ports, seq, ack, acknowledges ? RST : RST | ACK, out);
        return true;
    }

    private static void write(ByteBuffer m, int off, int ports, int seq, int ack, int flags, PacketBuffer out) {
        boolean four = IpPacket.version(m, off) == 4;
        int ip = four ? IpPacket.V4_HEADER_BYTES : IpPacket.V6_HEADER_BYTES;
        int addressBytes = four ? 4 : 16;
        int source = four ? 12 : 8;
        int at = PacketDevice.HEADROOM_BYTES;
        out.reset(at, ip + TCP_BYTES);
        ByteBuffer o = out.memory();
        if (four) {
            o.putInt(at, 0x45000000 | ip + TCP_BYTES);
            o.putInt(at + 4, 0x4000);
            o.putInt(at + 8, HOP_LIMIT << 24 | IpPacket.TCP << 16);
        } else {
            o.putInt(at, 0x60000000);
            o.putInt(at + 4, TCP_BYTES << 16 | IpPacket.TCP << 8 | HOP_LIMIT);
        }
        o.put(at + source, m, off + source + addressBytes, addressBytes);
        o.put(at + source + addressBytes, m, off + source, addressBytes);
        if (four) {
            InternetChecksum.storeV4Header(o, at);
        }
        int tcp = at + ip;
        o.putInt(tcp, ports);
        o.putInt(tcp + 4, seq);
        o.putInt(tcp + 8, ack);
        o.putInt(tcp + 12, TCP_BYTES << 26 | flags << 16);
        o.putInt(tcp + 16, 0);
        long sum = InternetChecksum.pseudoHeader(o, at, IpPacket.TCP, TCP_BYTES) + InternetChecksum.sum(o, tcp, TCP_BYTES);
        o.putShort(tcp + 16, (short) InternetChecksum.finish(sum));
    }
}
