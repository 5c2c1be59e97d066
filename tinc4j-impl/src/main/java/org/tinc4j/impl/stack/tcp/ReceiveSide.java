package org.tinc4j.impl.stack.tcp;

/**
 * What comes from the peer: put in order, kept until the application reads it.
 *
 * <p>Bytes beyond a gap go to their place in the same buffer at once; {@link Reassembly} only knows where they are.
 *
 * <p><b>Units and shapes.</b> Positions; what is kept is less than the buffer's limit.
 *
 * <p><b>Source.</b> RFC 9293 sections 3.4 and 3.10.7.4.
 */
final class ReceiveSide {

    private final StreamBuffer buffer = new StreamBuffer();
    private final Reassembly reassembly = new Reassembly();
    private final long[] blocks = new long[2 * TcpOptions.MAX_SACK_BLOCKS];
    private final ReceiveWindow window;
    private final AckPolicy acks = new AckPolicy();
    private int irs;
    private long next;
    private long read = 1;
    private long fin = -1;

    ReceiveSide(TcpSettings settings) {
        window = new ReceiveWindow(settings.receiveBytes(), settings.maxReceiveBytes());
    }

    ReceiveWindow window() {
        return window;
    }

    AckPolicy acks() {
        return acks;
    }

    /** The peer's SYN came. */
    void begin(int initialSequence) {
        irs = initialSequence;
        next = 1;
    }

    /** RCV.NXT as the acknowledgment field. */
    int ackField() {
        return irs + (int) next;
    }

    /** RCV.NXT. */
    long next() {
        return next;
    }

    /** Position of a sequence number near RCV.NXT. */
    long position(int seq) {
        return next + (seq - ackField());
    }

    /** Whether the peer's FIN and all before it arrived. */
    boolean finReached() {
        return fin >= 0 && next > fin;
    }

    int readable() {
        return (int) (dataEnd() - read);
    }

    boolean readEnded() {
        return finReached() && read == fin;
    }

    long heldBytes() {
        return buffer.heldBytes();
    }

    boolean isEmpty() {
        return readable() == 0 && reassembly.isEmpty();
    }

    void trim() {
        buffer.trim(isEmpty());
    }

    /** Whether a segment overlaps the window, or carries nothing but may be heard. */
    boolean acceptable(TcpSegment segment) {
        long start = position(segment.seq());
        int length = segment.length();
        // One more than the RFC's table: with a gap open, a peer that has used the window up acknowledges from its very edge.
        if (length == 0) {
            return start >= next && start <= window.edge();
        }
        // A probe into a closed window: "special allowance should be made to accept valid ACKs"; its data are cut off later.
        return start + length > next && start < Math.max(window.edge(), next + 1);
    }

    /** Takes data and FIN of an acceptable segment. */
    void onData(TcpSegment segment, int mss, long nowNanos) {
        long start = position(segment.seq()) + (segment.has(TcpFlags.SYN) ? 1 : 0);
        long end = start + segment.payloadLength();
        if (segment.has(TcpFlags.FIN) && fin < 0 && end >= next && end <= window.edge()) {
            fin = end;
        }
        if (segment.payloadLength() > 0) {
            takePayload(segment, start, end, mss, nowNanos);
        }
        if (fin == next && !finReached()) {
            next++;
            acks.atOnce();
        } else if (segment.has(TcpFlags.FIN)) {
            acks.atOnce();
        }
    }

    private void takePayload(TcpSegment segment, long start, long end, int mss, long nowNanos) {
        long from = Math.max(start, next);
        long to = Math.min(end, fin >= 0 ? Math.min(fin, window.edge()) : window.edge());
        if (start < next) {
            reassembly.duplicate(start, Math.min(end, next));
        }
        if (to <= from) {
            acks.atOnce();
            return;
        }
        int offset = segment.payloadOffset() + (int) (from - start);
        int bytes = (int) (to - from);
        if (from > next) {
            if (reassembly.add(from, to)) {
                buffer.put(from, segment.memory(), offset, bytes);
            }
            acks.gap();
            return;
        }
        buffer.put(from, segment.memory(), offset, bytes);
        if (reassembly.isEmpty() && start == from && end == to) {
            next = to;
            acks.inOrder(bytes, mss, nowNanos);
        } else {
            next = reassembly.advance(to);
            acks.gap();
        }
    }

    /** Something came that was received before: reported by the acknowledgment that answers it. */
    void duplicate(TcpSegment segment) {
        long start = position(segment.seq());
        if (segment.payloadLength() > 0 && start < next) {
            reassembly.duplicate(start, Math.min(start + segment.payloadLength(), next));
        }
    }

    /** Bytes given, 0 if there are none yet, -1 at the end. */
    int read(byte[] target, int offset, int length, long minRttNanos, long nowNanos) {
        int bytes = Math.min(length, readable());
        if (bytes == 0) {
            return readEnded() && length > 0 ? -1 : 0;
        }
        buffer.get(read, target, offset, bytes);
        read += bytes;
        buffer.discardTo(read);
        window.read(bytes, minRttNanos, nowNanos);
        return bytes;
    }

    /** Whether the window has opened enough to say so. */
    boolean updateDue(int mss) {
        return !finReached() && window.updateDue(next, read, mss);
    }

    /** The window field of a segment that is sent now. */
    int offer(int mss) {
        return window.offer(next, read, mss);
    }

    /** Whether an acknowledgment has SACK blocks. */
    boolean reports() {
        return reassembly.reports();
    }

    /** Writes the SACK option. Returns where it ends. */
    int writeSack(byte[] options, int at) {
        int room = (TcpOptions.MAX_BYTES - at - 4) / 8;
        int count = reassembly.report(Math.min(room, TcpOptions.MAX_SACK_BLOCKS), blocks);
        int end = TcpOptions.writeSackHead(options, at, count);
        for (int i = 0; i < count; i++) {
            end = TcpOptions.writeSackBlock(options, end, irs + (int) blocks[2 * i], irs + (int) blocks[2 * i + 1]);
        }
        return end;
    }

    private long dataEnd() {
        return finReached() ? fin : Math.max(next, 1);
    }
}
