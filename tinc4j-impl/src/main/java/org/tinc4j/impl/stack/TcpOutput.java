package org.tinc4j.impl.stack;

import java.nio.ByteBuffer;
import org.tinc4j.impl.stack.tcp.BareSegment;
import org.tinc4j.impl.stack.tcp.Flow;
import org.tinc4j.impl.stack.tcp.PayloadSource;
import org.tinc4j.impl.stack.tcp.SegmentSink;
import org.tinc4j.impl.stack.tcp.TcpConnection;
import org.tinc4j.impl.stack.tcp.TcpFlags;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.spi.PacketBuffer.Segmentation;

/**
 * Puts the segments of one connection into packets, large ones into super-packets.
 *
 * <p><b>Threads.</b> One at a time: the holder of the connection's lock.
 */
final class TcpOutput implements SegmentSink, PacketRing.Content {

    private static final int CWR = 0x80;
    /** What a packet takes beside its payload, at most: marks of the ring, IPv6 and TCP header, options. */
    private static final int OVERHEAD_BYTES = PacketRing.MARKS_BYTES + 40 + 60;

    private final StackDevice device;
    private final SendTurns.Sender sender;
    private final byte[] local;
    private final byte[] remote;
    private final int ports;
    private final int ipBytes;
    private final Segmentation kind;

    /** Counts up by one for each packet, super-packets by the number of their pieces: only then others may join them again. */
    private int ipId;

    private int trafficClass;

    // Of the packet that is being written.
    private int seq;
    private int ack;
    private int flags;
    private int window;
    private byte[] options;
    private int optionsLength;
    private PayloadSource payload;
    private int payloadAt;
    private int payloadBytes;

    /**
     * For one connection.
     *
     * @param firstIpId unpredictable
     * @param resume called when data that were not admitted may be tried again; null if there will be none
     */
    TcpOutput(StackDevice device, Flow flow, int firstIpId, Runnable resume) {
        this.device = device;
        this.sender = new SendTurns.Sender(resume);
        this.local = flow.localAddress().getAddress();
        this.remote = flow.remoteAddress().getAddress();
        this.ports = flow.localPort() << 16 | flow.remotePort();
        this.ipBytes = Packets.ipHeaderBytes(local);
        this.kind = local.length == 4 ? Segmentation.TCP_V4 : Segmentation.TCP_V6;
        this.ipId = firstIpId;
    }

    /** What is sent from now on is of this class. Called by whoever may send. */
    void trafficClass(int dscp) {
        trafficClass = dscp;
    }

    @Override
    public boolean admits(int length) {
        return device.claim(sender, length + OVERHEAD_BYTES);
    }

    @Override
    public void segment(
            TcpConnection from,
            int firstSeq,
            int newAck,
            int allFlags,
            int newWindow,
            byte[] newOptions,
            int newOptionsLength,
            PayloadSource source,
            int length,
            int mssBytes) {
        ack = newAck;
        window = newWindow;
        options = newOptions;
        optionsLength = newOptionsLength;
        payload = source;
        int headers = ipBytes + Packets.TCP_HEADER_BYTES + optionsLength;
        int most = length <= mssBytes ? length : (Packets.MAX_BYTES - headers) / mssBytes * mssBytes;
        int at = 0;
        do {
            payloadAt = at;
            payloadBytes = Math.min(most, length - at);
            seq = firstSeq + at;
            boolean last = at + payloadBytes == length;
            flags = allFlags & (last ? -1 : ~(TcpFlags.FIN | TcpFlags.PSH)) & (at == 0 ? -1 : ~CWR);
            send(headers, mssBytes);
            at += payloadBytes;
        } while (at < length);
        payload = null;
        options = null;
    }

    private void send(int headers, int mssBytes) {
        boolean cut = payloadBytes > mssBytes;
        device.send(
                sender,
                headers + payloadBytes,
                cut ? kind : Segmentation.NONE,
                cut ? headers : 0,
                cut ? mssBytes : 0,
                ipBytes,
                Packets.TCP_CHECKSUM_AT,
                this);
        ipId += cut ? (payloadBytes + mssBytes - 1) / mssBytes : 1;
    }

    /** Sends a segment that no connection made. */
    void send(BareSegment bare) {
        segment(null, bare.seq(), bare.ack(), bare.flags(), bare.window(), bare.options(), bare.options().length, null, 0, 1);
    }

    @Override
    public void write(ByteBuffer m, int at) {
        int tcpBytes = Packets.TCP_HEADER_BYTES + optionsLength + payloadBytes;
        Packets.ip(m, at, local, remote, IpPacket.TCP, ipBytes + tcpBytes, ipId & 0xffff, true, trafficClass);
        int tcp = at + ipBytes;
        m.putInt(tcp, ports);
        m.putInt(tcp + 4, seq);
        m.putInt(tcp + 8, ack);
        m.putInt(tcp + 12, Packets.TCP_HEADER_BYTES + optionsLength << 26 | flags << 16 | window & 0xffff);
        m.putInt(tcp + 16, 0);
        m.put(tcp + Packets.TCP_HEADER_BYTES, options, 0, optionsLength);
        if (payloadBytes > 0) {
            payload.copyTo(payloadAt, payloadBytes, m, tcp + Packets.TCP_HEADER_BYTES + optionsLength);
        }
        Packets.pseudoChecksum(m, at, tcp, IpPacket.TCP, tcpBytes, Packets.TCP_CHECKSUM_AT);
    }
}
