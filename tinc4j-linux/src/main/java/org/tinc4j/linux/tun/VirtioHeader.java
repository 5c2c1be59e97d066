package org.tinc4j.linux.tun;

import static org.tinc4j.linux.sys.VirtioNet.CSUM_OFFSET;
import static org.tinc4j.linux.sys.VirtioNet.CSUM_START;
import static org.tinc4j.linux.sys.VirtioNet.FLAGS;
import static org.tinc4j.linux.sys.VirtioNet.F_NEEDS_CSUM;
import static org.tinc4j.linux.sys.VirtioNet.GSO_ECN;
import static org.tinc4j.linux.sys.VirtioNet.GSO_NONE;
import static org.tinc4j.linux.sys.VirtioNet.GSO_SIZE;
import static org.tinc4j.linux.sys.VirtioNet.GSO_TCPV4;
import static org.tinc4j.linux.sys.VirtioNet.GSO_TCPV6;
import static org.tinc4j.linux.sys.VirtioNet.GSO_TYPE;
import static org.tinc4j.linux.sys.VirtioNet.GSO_UDP_L4;
import static org.tinc4j.linux.sys.VirtioNet.HDR_LEN;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;

/**
 * Between the virtio-net header of a packet and the marks of its buffer. Pure.
 *
 * <p><b>Units and shapes.</b> The fields are in the byte order of the machine, whatever that of the buffer they lie in.
 *
 * <p><b>Source.</b> virtio 1.2 section 5.1.6.
 */
final class VirtioHeader {

    private static final int UDP_HEADER_BYTES = 8;
    private static final int TCP_HEADER_BYTES = 20;
    private static final int TCP_DATA_OFFSET = 12;

    private VirtioHeader() {}

    /**
     * Marks a packet as its header says. How long the packet's own headers are is read from the packet: "the device MUST NOT rely on
     * hdr_len to be correct", and neither may a driver on the other side.
     *
     * @param header where the header lies
     * @param at first byte of it
     * @param packet what was read behind it
     * @return false if the two do not fit each other
     */
    static boolean read(ByteBuffer header, int at, PacketBuffer packet) {
        int type = header.get(at + GSO_TYPE) & 0xff & ~GSO_ECN;
        boolean needsChecksum = (header.get(at + FLAGS) & F_NEEDS_CSUM) != 0;
        int start = u16(header, at + CSUM_START);
        int offset = u16(header, at + CSUM_OFFSET);
        if (needsChecksum) {
            if (start + offset + 2 > packet.length()) {
                return false;
            }
            packet.checksumNeeded(start, offset);
        }
        if (type == GSO_NONE) {
            return true;
        }
        int headerBytes = needsChecksum ? headerBytes(type, packet, start) : 0;
        int segmentBytes = u16(header, at + GSO_SIZE);
        Segmentation kind =
                switch (type) {
                    case GSO_TCPV4 -> Segmentation.TCP_V4;
                    case GSO_TCPV6 -> Segmentation.TCP_V6;
                    case GSO_UDP_L4 -> Segmentation.UDP;
                    default -> Segmentation.NONE;
                };
        if (kind == Segmentation.NONE || headerBytes == 0 || headerBytes >= packet.length() || segmentBytes == 0) {
            return false;
        }
        packet.segmented(kind, headerBytes, segmentBytes);
        return true;
    }

    /**
     * The fields of a header, for a message.
     *
     * @param header where it lies
     * @param at first byte of it
     * @return by the names they have in C
     */
    static String describe(ByteBuffer header, int at) {
        return "flags " + (header.get(at + FLAGS) & 0xff)
                + ", gso_type " + (header.get(at + GSO_TYPE) & 0xff)
                + ", hdr_len " + u16(header, at + HDR_LEN)
                + ", gso_size " + u16(header, at + GSO_SIZE)
                + ", csum_start " + u16(header, at + CSUM_START)
                + ", csum_offset " + u16(header, at + CSUM_OFFSET);
    }

    private static int headerBytes(int type, PacketBuffer packet, int start) {
        if (type == GSO_UDP_L4) {
            return start + UDP_HEADER_BYTES;
        }
        if (start + TCP_HEADER_BYTES > packet.length()) {
            return 0;
        }
        int bytes = (packet.memory().get(packet.offset() + start + TCP_DATA_OFFSET) >> 2) & 0x3c;
        return bytes < TCP_HEADER_BYTES ? 0 : start + bytes;
    }

    /**
     * Writes the header of a packet.
     *
     * @param packet with its marks
     * @param header where the header goes
     * @param at first byte of it
     */
    static void write(PacketBuffer packet, ByteBuffer header, int at) {
        header.putLong(at, 0).putShort(at + Long.BYTES, (short) 0);
        if (packet.checksumStart() >= 0) {
            header.put(at + FLAGS, (byte) F_NEEDS_CSUM);
            put(header, at + CSUM_START, packet.checksumStart());
            put(header, at + CSUM_OFFSET, packet.checksumOffset());
        }
        int type =
                switch (packet.segmentation()) {
                    case NONE -> GSO_NONE;
                    case TCP_V4 -> GSO_TCPV4;
                    case TCP_V6 -> GSO_TCPV6;
                    case UDP -> GSO_UDP_L4;
                };
        if (type != GSO_NONE) {
            header.put(at + GSO_TYPE, (byte) type);
            put(header, at + HDR_LEN, packet.headerBytes());
            put(header, at + GSO_SIZE, packet.segmentBytes());
        }
    }

    private static int u16(ByteBuffer m, int at) {
        return inOrderOf(m, m.getShort(at)) & 0xffff;
    }

    private static void put(ByteBuffer m, int at, int value) {
        m.putShort(at, inOrderOf(m, (short) value));
    }

    /** Packet buffers are big-endian, memory of the kernel's calls is not. */
    private static short inOrderOf(ByteBuffer m, short value) {
        return m.order() == ByteOrder.nativeOrder() ? value : Short.reverseBytes(value);
    }
}
