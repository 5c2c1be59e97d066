package org.tinc4j.impl.wire;

import java.nio.ByteBuffer;

/**
 * The two node ids before a sealed datagram, on UDP and in SPTPS_PACKET.
 *
 * <pre>
 * | destination 6 | source 6 | datagram |      big-endian; destination zero: straight from the source to its final destination
 * </pre>
 *
 * <p><b>Source.</b> tinc 1.1, UDP framing; each id is 48 bits of a SHA-512.
 */
public final class RelayIds {

    /** Both ids. */
    public static final int BYTES = 12;

    private static final int ID_BYTES = 6;

    private RelayIds() {}

    /**
     * Writes both.
     *
     * @param m borrowed, changed; its position stays
     * @param off first byte of the destination id
     * @param destination 48 bits; 0 for "straight from the source"
     * @param source 48 bits
     */
    public static void put(ByteBuffer m, int off, long destination, long source) {
        putId(m, off, destination);
        putId(m, off + ID_BYTES, source);
    }

    /**
     * Whom the datagram is for.
     *
     * @param m borrowed
     * @param off first byte of the destination id
     * @return 48 bits
     */
    public static long destination(ByteBuffer m, int off) {
        return id(m, off);
    }

    /**
     * Who sealed the datagram.
     *
     * @param m borrowed
     * @param off first byte of the destination id
     * @return 48 bits
     */
    public static long source(ByteBuffer m, int off) {
        return id(m, off + ID_BYTES);
    }

    private static void putId(ByteBuffer m, int at, long id) {
        m.putShort(at, (short) (id >> 32)).putInt(at + 2, (int) id);
    }

    private static long id(ByteBuffer m, int at) {
        return (long) (m.getShort(at) & 0xffff) << 32 | m.getInt(at + 2) & 0xffffffffL;
    }
}
