package org.tinc4j.impl.offload;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.tinc4j.impl.wire.InternetChecksum;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.impl.wire.TestPackets;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;
import org.tinc4j.spi.PacketDevice;

/** A TCP or UDP packet field by field, with the next one of its flow; all checksums are right, by the reference of {@link TestPackets}. */
final class TestPacket {

    static final int FIN = 0x01;
    static final int SYN = 0x02;
    static final int RST = 0x04;
    static final int PSH = 0x08;
    static final int ACK = 0x10;
    static final int URG = 0x20;
    static final int ECE = 0x40;
    static final int CWR = 0x80;

    final int version;
    final boolean tcp;
    int flow = 1;
    int tos;
    int id = 7;

    /** By how much ids count up. */
    int idStep = 1;

    int fragment = 0x4000;
    int hopLimit = 64;
    int flowLabel;
    int seq = 1000;
    int ack = 2000;
    int flags = ACK;
    int window = 500;
    int urgent;
    byte[] options = {};
    byte[] ipOptions = {};
    byte[] payload;

    private TestPacket(int version, boolean tcp, byte[] payload) {
        this.version = version;
        this.tcp = tcp;
        this.payload = payload;
    }

    static TestPacket tcp(int version, int payloadBytes) {
        return new TestPacket(version, true, bytes(payloadBytes, payloadBytes));
    }

    static TestPacket udp(int version, int payloadBytes) {
        return new TestPacket(version, false, bytes(payloadBytes, payloadBytes));
    }

    static byte[] bytes(int count, long seed) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** The one that continues this, with a payload of its own. */
    TestPacket next(int payloadBytes) {
        TestPacket next = new TestPacket(version, tcp, bytes(payloadBytes, seq + id + payloadBytes));
        next.flow = flow;
        next.tos = tos;
        next.id = id + idStep;
        next.idStep = idStep;
        next.fragment = fragment;
        next.hopLimit = hopLimit;
        next.flowLabel = flowLabel;
        next.seq = seq + payload.length;
        next.ack = ack;
        next.flags = flags;
        next.window = window;
        next.urgent = urgent;
        next.options = options;
        next.ipOptions = ipOptions;
        return next;
    }

    int transportAt() {
        return version == 4 ? 20 + ipOptions.length : 40;
    }

    int headerBytes() {
        return transportAt() + (tcp ? 20 + options.length : 8);
    }

    /** Where the checksum stands, from the start of the transport header. */
    int checksumOffset() {
        return tcp ? 16 : 6;
    }

    /** All bytes of it. Flows differ in their source address, or from the fourth on in their port. */
    byte[] encode() {
        int length = headerBytes() + payload.length;
        ByteBuffer m = ByteBuffer.allocate(length);
        int protocol = tcp ? IpPacket.TCP : IpPacket.UDP;
        if (version == 4) {
            m.put((byte) (0x45 + ipOptions.length / 4)).put((byte) tos).putShort((short) length);
            m.putShort((short) id).putShort((short) fragment).put((byte) hopLimit).put((byte) protocol).putShort((short) 0);
            m.putInt(0x0a070000 + flow % 4).putInt(0x0a090001).put(ipOptions);
            m.putShort(10, (short) TestPackets.referenceChecksum(m.array(), 0, transportAt()));
        } else {
            m.putInt(6 << 28 | tos << 20 | flowLabel).putShort((short) (length - 40)).put((byte) protocol).put((byte) hopLimit);
            m.putLong(0xfd00_0007L << 32).putLong(flow % 4).putLong(0xfd00_0009L << 32).putLong(1);
        }
        m.putShort((short) (49152 + flow / 4)).putShort((short) 443);
        if (tcp) {
            m.putInt(seq).putInt(ack).put((byte) ((20 + options.length) / 4 << 4)).put((byte) flags).putShort((short) window);
            m.putShort((short) 0).putShort((short) urgent).put(options);
        } else {
            m.putShort((short) (length - transportAt())).putShort((short) 0);
        }
        m.put(payload);
        byte[] packet = m.array();
        int checksum = TestPackets.transportChecksum(packet, transportAt());
        m.putShort(transportAt() + checksumOffset(), (short) (checksum == 0 && !tcp ? 0xffff : checksum));
        return packet;
    }

    PacketBuffer buffer() {
        return buffer(encode());
    }

    static PacketBuffer buffer(byte[] packet) {
        PacketBuffer buffer = new PacketBuffer(
                ByteBuffer.allocateDirect(PacketDevice.HEADROOM_BYTES + packet.length + PacketDevice.TAILROOM_BYTES));
        buffer.reset(PacketDevice.HEADROOM_BYTES, packet.length);
        buffer.memory().put(buffer.offset(), packet);
        return buffer;
    }

    /** As a kernel hands it over: marked, the transport checksum no more than the folded pseudo header. */
    PacketBuffer superPacket(int segmentBytes) {
        PacketBuffer buffer = buffer();
        ByteBuffer m = buffer.memory();
        int at = buffer.offset();
        int protocol = tcp ? IpPacket.TCP : IpPacket.UDP;
        long pseudo = InternetChecksum.pseudoHeader(m, at, protocol, buffer.length() - transportAt());
        m.putShort(at + transportAt() + checksumOffset(), (short) InternetChecksum.fold(pseudo));
        buffer.segmented(kind(), headerBytes(), segmentBytes);
        buffer.checksumNeeded(transportAt(), checksumOffset());
        return buffer;
    }

    Segmentation kind() {
        return !tcp ? Segmentation.UDP : version == 4 ? Segmentation.TCP_V4 : Segmentation.TCP_V6;
    }

    /** A packet without the id that means nothing where it is not to be fragmented: RFC 6864 section 4.1. A wrong header checksum stays wrong. */
    static ByteBuffer withoutAtomicId(ByteBuffer packet) {
        boolean atomic = packet.capacity() >= 20 && packet.get(0) >> 4 == 4 && (packet.getShort(6) & 0x7fff) == 0x4000;
        if (!atomic) {
            return packet;
        }
        ByteBuffer without = ByteBuffer.allocate(packet.capacity()).put(0, packet, 0, packet.capacity());
        int checksum = InternetChecksum.update(packet.getShort(10) & 0xffff, packet.getShort(4) & 0xffff, 0);
        return without.putShort(4, (short) 0).putShort(10, (short) checksum);
    }

    /** What is to be cut from {@link #superPacket}, field by field. */
    TestPacket segment(int index, int segmentBytes) {
        int from = index * segmentBytes;
        boolean last = from + segmentBytes >= payload.length;
        TestPacket segment = next(0);
        segment.payload = Arrays.copyOfRange(payload, from, last ? payload.length : from + segmentBytes);
        segment.id = id + index;
        segment.seq = seq + from;
        segment.flags = flags & ~(index > 0 ? CWR : 0) & ~(last ? 0 : FIN | PSH);
        return segment;
    }
}
