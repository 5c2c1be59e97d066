package org.tinc4j.impl.offload;

import static org.tinc4j.impl.wire.IpPacket.TCP;
import static org.tinc4j.impl.wire.IpPacket.UDP;
import static org.tinc4j.impl.wire.IpPacket.V4_HEADER_BYTES;
import static org.tinc4j.impl.wire.IpPacket.V6_HEADER_BYTES;

import java.nio.ByteBuffer;
import org.tinc4j.impl.wire.InternetChecksum;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;

/** What {@link Coalescer} has to know of one packet: its flow, and whether it may be joined with others. One thread. */
final class Flow {

    private static final int DONT_FRAGMENT = 0x4000;
    private static final int MORE_FRAGMENTS_AND_OFFSET = 0x3fff;
    private static final short ALL_ONES = -1;
    private static final int ACK = 0x10;
    private static final int PSH = 0x08;

    /** Flags a segment that is joined may have: ACK, PSH, and ECE as long as it stays the same. */
    private static final int JOINABLE_FLAGS = 0x58;

    boolean four;
    int protocol;
    int offset;
    int transportAt;
    int headerBytes;
    int payloadBytes;
    int seq;
    boolean push;
    int id;

    /** Whether the id means anything. RFC 6864 section 4.1: "MUST ignore the IPv4 ID field of atomic datagrams", which are not to be fragmented. */
    boolean numbered;

    ByteBuffer memory;

    /** Whether it has a 5-tuple, so that its order matters. */
    boolean identified;

    /** Whether its form allows it to be joined; its checksum was not looked at. */
    boolean joinable;

    /** Looks at a complete packet. */
    void read(PacketBuffer packet) {
        memory = packet.memory();
        offset = packet.offset();
        identified = false;
        joinable = false;
        int length = packet.length();
        four = length >= V4_HEADER_BYTES && memory.get(offset) == 0x45;
        boolean six = !four && length >= V6_HEADER_BYTES && (memory.get(offset) & 0xf0) == 0x60;
        if (!four && !six) {
            return;
        }
        transportAt = four ? V4_HEADER_BYTES : V6_HEADER_BYTES;
        protocol = memory.get(offset + (four ? 9 : 6)) & 0xff;
        int total = IpPacket.totalLength(memory, offset);
        int fragment = four ? memory.getShort(offset + 6) : 0;
        if (total != length || (fragment & MORE_FRAGMENTS_AND_OFFSET) != 0) {
            return;
        }
        numbered = four && (fragment & DONT_FRAGMENT) == 0;
        id = four ? memory.getShort(offset + 4) & 0xffff : 0;
        if (protocol == TCP && length >= transportAt + 20) {
            readTcp(length);
        } else if (protocol == UDP && length >= transportAt + 8) {
            identified = true;
            headerBytes = transportAt + 8;
            payloadBytes = length - headerBytes;
            push = false;
            joinable = payloadBytes > 0
                    && (memory.getShort(offset + transportAt + 4) & 0xffff) == length - transportAt
                    && memory.getShort(offset + transportAt + 6) != 0;
        }
    }

    private void readTcp(int length) {
        int transport = offset + transportAt;
        identified = true;
        headerBytes = transportAt + ((memory.get(transport + 12) >> 2) & 0x3c);
        payloadBytes = length - headerBytes;
        seq = memory.getInt(transport + 4);
        int flags = memory.get(transport + 13) & 0xff;
        push = (flags & PSH) != 0;
        joinable = headerBytes >= transportAt + 20 && payloadBytes > 0 && (flags & ACK) != 0 && (flags & ~JOINABLE_FLAGS) == 0;
    }

    /** Whether all checksums of the packet are right, and as cutting would store them: zero and all ones are the same number. */
    boolean checksumsRight() {
        if (four && memory.getShort(offset + 10) == ALL_ONES || protocol == TCP && memory.getShort(offset + transportAt + 16) == ALL_ONES) {
            return false;
        }
        if (four && InternetChecksum.finish(InternetChecksum.sum(memory, offset, V4_HEADER_BYTES)) != 0) {
            return false;
        }
        int bytes = headerBytes + payloadBytes - transportAt;
        long pseudo = InternetChecksum.pseudoHeader(memory, offset, protocol, bytes);
        return InternetChecksum.finish(pseudo + InternetChecksum.sum(memory, offset + transportAt, bytes)) == 0;
    }

    /**
     * Whether a packet that was not identified may belong to a flow all the same: it has options, extension headers, bytes behind its end, or is
     * a fragment, maybe one without ports.
     */
    boolean mayBeOfAnyFlow(int length) {
        if (!IpPacket.isValid(memory, offset, length)) {
            return false;
        }
        int carried = IpPacket.protocol(memory, offset);
        return carried == TCP || carried == UDP;
    }

    Segmentation kind() {
        if (protocol == UDP) {
            return Segmentation.UDP;
        }
        return four ? Segmentation.TCP_V4 : Segmentation.TCP_V6;
    }

    /** Whether another packet is of this one's flow: protocol, addresses, ports. */
    boolean sameFlow(ByteBuffer other, int at, boolean otherFour, int otherProtocol) {
        if (four != otherFour || protocol != otherProtocol || memory.getInt(offset + transportAt) != other.getInt(at + transportAt)) {
            return false;
        }
        if (four) {
            return memory.getLong(offset + 12) == other.getLong(at + 12);
        }
        return memory.getLong(offset + 8) == other.getLong(at + 8)
                && memory.getLong(offset + 16) == other.getLong(at + 16)
                && memory.getLong(offset + 24) == other.getLong(at + 24)
                && memory.getLong(offset + 32) == other.getLong(at + 32);
    }

    /**
     * Whether every field that each packet cut from a super-packet repeats is equal to that of a packet before this one in its flow: type of
     * service with its ECN bits, hop limit, "don't fragment", flow label; for TCP acknowledgement, window, urgent pointer, options and ECE.
     */
    boolean sameHeader(ByteBuffer other, int at, int otherHeaderBytes) {
        if (headerBytes != otherHeaderBytes) {
            return false;
        }
        boolean ip = four
                ? memory.get(offset + 1) == other.get(at + 1)
                        && memory.get(offset + 8) == other.get(at + 8)
                        && memory.getShort(offset + 6) == other.getShort(at + 6)
                : memory.getInt(offset) == other.getInt(at) && memory.get(offset + 7) == other.get(at + 7);
        if (!ip || protocol == UDP) {
            return ip;
        }
        int mine = offset + transportAt;
        int theirs = at + transportAt;
        if (memory.getInt(mine + 8) != other.getInt(theirs + 8)
                || memory.getShort(mine + 14) != other.getShort(theirs + 14)
                || memory.getShort(mine + 18) != other.getShort(theirs + 18)
                || ((memory.get(mine + 13) ^ other.get(theirs + 13)) & ~PSH) != 0
                || memory.get(mine + 12) != other.get(theirs + 12)) {
            return false;
        }
        for (int i = 20; i < headerBytes - transportAt; i += 4) {
            if (memory.getInt(mine + i) != other.getInt(theirs + i)) {
                return false;
            }
        }
        return true;
    }
}
