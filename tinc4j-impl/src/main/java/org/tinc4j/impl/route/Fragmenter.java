package org.tinc4j.impl.route;

import java.nio.ByteBuffer;
import org.tinc4j.impl.wire.InternetChecksum;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketDevice;

/**
 * Cuts an IPv4 packet that is larger than its path into fragments.
 *
 * <p><b>Source.</b> RFC 791 section 3.2; tinc routes only headers without options this way.
 */
public final class Fragmenter {

    /** Smallest path that is respected: the 576 bytes every host takes (RFC 791), and 14 of Ethernet header. */
    public static final int MIN_FRAME_BYTES = 590;

    private static final int ETHERNET_HEADER_BYTES = 14;
    private static final int MORE_FRAGMENTS = 0x2000;
    private static final int OFFSET_MASK = 0x1fff;
    private static final int MAX_PACKET_BYTES = 65535;

    private Fragmenter() {}

    /**
     * Appends the fragments to a batch. All or nothing: without room for all of them the batch stays as it was.
     *
     * @param m borrowed, unchanged
     * @param off first byte of the packet
     * @param len bytes there are, which must be the packet's own length
     * @param maxFrameBytes largest frame the path takes, 14 bytes of Ethernet header included
     * @param out borrowed; its buffers lie elsewhere than the packet, and have room for a fragment between the head- and tailroom of
     *     {@link PacketDevice}
     * @return how many fragments there are; 0 if the packet must not or cannot be cut
     */
    public static int fragment(ByteBuffer m, int off, int len, int maxFrameBytes, PacketBatch out) {
        if (!mayFragment(m, off, len)) {
            return 0;
        }
        int header = IpPacket.V4_HEADER_BYTES;
        // "(max(mtu, 590) - 14 - 20) rounded down to a multiple of 8; existing offset and flags are respected"
        int room = (Math.max(maxFrameBytes, MIN_FRAME_BYTES) - ETHERNET_HEADER_BYTES - header) & ~7;
        int payload = len - header;
        int count = Math.max(1, (payload + room - 1) / room);
        if (count > out.capacity() - out.size()) {
            return 0;
        }
        int flags = m.getShort(off + 6) & 0xffff;
        for (int done = 0, i = 0; i < count; i++, done += room) {
            int bytes = Math.min(room, payload - done);
            PacketBuffer fragment = out.next();
            fragment.reset(PacketDevice.HEADROOM_BYTES, header + bytes);
            ByteBuffer target = fragment.memory();
            int at = fragment.offset();
            target.put(at, m, off, header);
            target.put(at + header, m, off + header + done, bytes);
            target.putShort(at + 2, (short) (header + bytes));
            boolean last = i == count - 1;
            target.putShort(at + 6, (short) ((flags + done / 8) | (last ? 0 : MORE_FRAGMENTS)));
            InternetChecksum.storeV4Header(target, at);
        }
        return count;
    }

    private static boolean mayFragment(ByteBuffer m, int off, int len) {
        return IpPacket.isValid(m, off, len)
                && IpPacket.version(m, off) == 4
                && IpPacket.headerBytes(m, off) == IpPacket.V4_HEADER_BYTES
                && IpPacket.totalLength(m, off) == len
                && !IpPacket.dontFragment(m, off)
                // A fragment that would end beyond the largest packet has no place for its offset.
                && (m.getShort(off + 6) & OFFSET_MASK) * 8 + len <= MAX_PACKET_BYTES;
    }
}
