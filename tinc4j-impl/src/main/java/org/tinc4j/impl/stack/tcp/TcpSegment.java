package org.tinc4j.impl.stack.tcp;

import java.nio.ByteBuffer;

/**
 * View of a received segment, possibly many joined to one.
 *
 * <pre>
 *  0 source port | 2 destination port | 4 sequence number | 8 acknowledgment number
 * 12 data offset | 13 flags | 14 window | 16 checksum | 18 urgent pointer | 20 options | data
 * </pre>
 *
 * <p>The urgent pointer is read by nobody: urgent data stay in their place in the stream, as RFC 6093 section 6 advises.
 *
 * <p><b>Ownership.</b> Borrows the memory from {@link #read} until the next. One view serves any number of segments, one after the other.
 *
 * <p><b>Source.</b> RFC 9293 section 3.1.
 */
public final class TcpSegment {

    private static final int HEADER_BYTES = 20;

    private final TcpOptions options = new TcpOptions();
    private ByteBuffer memory;
    private int payloadOffset;
    private int payloadLength;
    private int sourcePort;
    private int destinationPort;
    private int seq;
    private int ack;
    private int flags;
    private int window;

    /**
     * Looks at a segment whose checksum is known to be good.
     *
     * @param m borrowed, big-endian; position and limit stay
     * @param off first byte of the TCP header
     * @param len bytes of header and data
     * @return false if the lengths do not fit each other; then nothing else may be asked
     */
    public boolean read(ByteBuffer m, int off, int len) {
        if (len < HEADER_BYTES) {
            return false;
        }
        int headerBytes = (m.get(off + 12) & 0xf0) >> 2;
        if (headerBytes < HEADER_BYTES || headerBytes > len) {
            return false;
        }
        memory = m;
        sourcePort = m.getShort(off) & 0xffff;
        destinationPort = m.getShort(off + 2) & 0xffff;
        seq = m.getInt(off + 4);
        ack = m.getInt(off + 8);
        flags = m.get(off + 13) & 0x3f;
        window = m.getShort(off + 14) & 0xffff;
        payloadOffset = off + headerBytes;
        payloadLength = len - headerBytes;
        options.read(m, off + HEADER_BYTES, headerBytes - HEADER_BYTES);
        return true;
    }

    /** The peer's port. */
    public int sourcePort() {
        return sourcePort;
    }

    /** Our port. */
    public int destinationPort() {
        return destinationPort;
    }

    /** SEG.SEQ. */
    public int seq() {
        return seq;
    }

    /** SEG.ACK. */
    public int ack() {
        return ack;
    }

    /** Control bits, see {@link TcpFlags}. */
    public int flags() {
        return flags;
    }

    /** Whether a control bit is set. */
    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** The window field, unscaled. */
    public int window() {
        return window;
    }

    /** The options. */
    public TcpOptions options() {
        return options;
    }

    /** Bytes of data. */
    public int payloadLength() {
        return payloadLength;
    }

    /** SEG.LEN: "the number of octets occupied by the data in the segment (counting SYN and FIN)". */
    public int length() {
        return payloadLength + (flags & TcpFlags.FIN) + ((flags & TcpFlags.SYN) >> 1);
    }

    ByteBuffer memory() {
        return memory;
    }

    int payloadOffset() {
        return payloadOffset;
    }
}
