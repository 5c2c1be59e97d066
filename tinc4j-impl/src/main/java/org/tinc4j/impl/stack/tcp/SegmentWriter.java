package org.tinc4j.impl.stack.tcp;

/**
 * Makes the header of what a connection sends: sequence numbers, acknowledgment, window, options.
 *
 * <p><b>Source.</b> RFC 9293 section 3.1, RFC 7323, RFC 2018.
 */
final class SegmentWriter {

    /** Most that SACK takes: as many blocks as fit. */
    private static final int SACK_BESIDE_TIMESTAMPS_BYTES = 4 + 8 * 3;

    private static final int SACK_ALONE_BYTES = 4 + 8 * 4;

    private final TcpConnection connection;
    private final SendSide send;
    private final ReceiveSide receive;
    private final Timestamps timestamps;
    private final byte[] options = new byte[TcpOptions.MAX_BYTES];
    private boolean sack;

    SegmentWriter(TcpConnection connection, SendSide send, ReceiveSide receive, Timestamps timestamps) {
        this.connection = connection;
        this.send = send;
        this.receive = receive;
        this.timestamps = timestamps;
    }

    /** Both sides permitted SACK. */
    void enableSack() {
        sack = true;
    }

    boolean sack() {
        return sack;
    }

    /** Payload of a packet that were sent now, with the options it would have. */
    int mss() {
        if (!sack || !receive.reports()) {
            return send.mss();
        }
        return send.mss() - (timestamps.enabled() ? SACK_BESIDE_TIMESTAMPS_BYTES : SACK_ALONE_BYTES);
    }

    /** Data, FIN or both, with ACK. */
    void data(long position, int payloadLength, int flags, long nowNanos, SegmentSink out) {
        write(position, payloadLength, flags | TcpFlags.ACK, nowNanos, out);
    }

    /** An acknowledgment alone. */
    void ack(long nowNanos, SegmentSink out) {
        write(send.next(), 0, TcpFlags.ACK, nowNanos, out);
    }

    /** Asks for an acknowledgment without sending anything new: one before what is acknowledged, which the peer must answer. */
    void probe(long nowNanos, SegmentSink out) {
        write(send.una() - 1, 0, TcpFlags.ACK, nowNanos, out);
    }

    /** SYN, or SYN and ACK once the peer's came. */
    void syn(Handshake handshake, long nowNanos, SegmentSink out) {
        boolean answer = handshake.synReceived();
        int at = TcpOptions.writeSyn(options, handshake.localMss(), handshake.offersSack(), handshake.offeredShift());
        if (handshake.offersTimestamps()) {
            at = TcpOptions.writeTimestamps(options, at, timestamps.value(nowNanos), answer ? timestamps.echo() : 0);
        }
        int window = receive.window().offerUnscaled(1);
        int flags = answer ? TcpFlags.SYN | TcpFlags.ACK : TcpFlags.SYN;
        out.segment(connection, send.seq(0), answer ? receive.ackField() : 0, flags, window, options, at, send, 0, handshake.localMss());
        timestamps.acknowledged(receive.next());
    }

    /** Resets, from a synchronised state. */
    void reset(SegmentSink out) {
        int flags = TcpFlags.RST | TcpFlags.ACK;
        out.segment(connection, send.seq(send.next()), receive.ackField(), flags, 0, options, 0, send, 0, send.mss());
    }

    /** Resets, in answer to an acknowledgment that cannot be: "{@code <SEQ=SEG.ACK><CTL=RST>}". */
    void resetAt(int seq, SegmentSink out) {
        out.segment(connection, seq, 0, TcpFlags.RST, 0, options, 0, send, 0, send.mss());
    }

    private void write(long position, int payloadLength, int flags, long nowNanos, SegmentSink out) {
        int at = 0;
        if (timestamps.enabled()) {
            at = TcpOptions.writeTimestamps(options, at, timestamps.value(nowNanos), timestamps.echo());
        }
        if (sack && receive.reports()) {
            at = receive.writeSack(options, at);
        }
        int window = receive.offer(send.mss());
        int mss = send.segmentBytes() - at;
        send.payloadFrom(position);
        out.segment(connection, send.seq(position), receive.ackField(), flags, window, options, at, send, payloadLength, mss);
        receive.acks().sent();
        timestamps.acknowledged(receive.next());
    }
}
