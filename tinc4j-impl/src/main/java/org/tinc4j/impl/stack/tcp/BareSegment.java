package org.tinc4j.impl.stack.tcp;

/**
 * A segment that no connection sends: header and options, without data.
 *
 * @param seq sequence number
 * @param ack acknowledgment number, 0 without ACK
 * @param flags see {@link TcpFlags}
 * @param window the window field
 * @param options padded to a multiple of 4 bytes; not copied
 */
public record BareSegment(int seq, int ack, int flags, int window, byte[] options) {

    private static final byte[] NO_OPTIONS = {};

    /**
     * What refuses a segment that no connection takes.
     *
     * <p>RFC 9293 section 3.10.7.1: "If the ACK bit is off, sequence number zero is used, {@code
     * <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>} If the ACK bit is on, {@code <SEQ=SEG.ACK><CTL=RST>}".
     *
     * @param segment borrowed; must not be a RST: "An incoming segment containing a RST is discarded."
     */
    public static BareSegment resetFor(TcpSegment segment) {
        return segment.has(TcpFlags.ACK)
                ? new BareSegment(segment.ack(), 0, TcpFlags.RST, 0, NO_OPTIONS)
                : new BareSegment(0, segment.seq() + segment.length(), TcpFlags.RST | TcpFlags.ACK, 0, NO_OPTIONS);
    }
}
