package org.tinc4j.impl.stack.tcp;

/**
 * How much the peer may send, and how large the receive buffer has to be for that.
 *
 * <p>The buffer grows while the application reads what comes: to four times what it read within one least round trip, so that a peer in
 * slow start, which doubles, is never held up by it.
 *
 * <p><b>Units and shapes.</b> Bytes and positions.
 *
 * <p><b>Source.</b> RFC 9293 sections 3.8.6 and 3.8.6.2.2, RFC 7323 section 2.
 */
final class ReceiveWindow {

    private static final int MAX_FIELD = 65535;
    private static final int GROWTH = 4;
    /** Shorter rounds than this measure how threads take turns, not the path. */
    private static final long LEAST_ROUND_NANOS = 1_000_000L;
    /** Before a round trip is measured. */
    private static final long FIRST_ROUND_NANOS = 100_000_000L;

    private final int max;
    private int limit;
    private boolean fixed;
    private int shift;
    private long edge;
    private long readInRound;
    private long roundNanos;
    private boolean inRound;

    ReceiveWindow(int bytes, int maxBytes) {
        limit = bytes;
        max = maxBytes;
    }

    /** The shift we announce: the least that lets the field express a buffer of that size. */
    static int shiftFor(int maxBytes) {
        int shift = 0;
        while (shift < 14 && maxBytes >> shift > MAX_FIELD) {
            shift++;
        }
        return shift;
    }

    /** Both sides announced a shift. */
    void shift(int bits) {
        shift = bits;
    }

    /** The application sets the size; it no longer changes by itself. */
    void fix(int bytes) {
        limit = Math.min(bytes, max);
        fixed = true;
    }

    int limit() {
        return limit;
    }

    /** Right edge of the window: RCV.NXT + RCV.WND. */
    long edge() {
        return edge;
    }

    /** The field of a SYN: "The window field in a segment where the SYN bit is set ... MUST NOT be scaled". */
    int offerUnscaled(long next) {
        int window = Math.min(limit, MAX_FIELD);
        edge = Math.max(edge, next + window);
        return window;
    }

    /**
     * The field of any other segment; moves the edge.
     *
     * @param next RCV.NXT
     * @param read up to where the application has read
     * @param mss full-sized segment
     */
    int offer(long next, long read, int mss) {
        long possible = read + limit;
        // "RCV.BUFF - RCV.USER - RCV.WND >= min( Fr * RCV.BUFF, Eff.snd.MSS )": the edge moves by much or not at all, and never back.
        if (possible - edge >= Math.min(limit / 2, mss)) {
            edge = possible;
        }
        long window = Math.max(0, edge - next);
        // Rounded up, or each acknowledgment would take back a little; but not beyond the buffer by more than one unit.
        long field = (window + (1L << shift) - 1) >> shift;
        if (next + (field << shift) > possible + (1L << shift)) {
            field = window >> shift;
        }
        field = Math.min(field, MAX_FIELD);
        edge = Math.max(edge, next + (field << shift));
        return (int) field;
    }

    /** Whether the application has read enough that the peer should hear of it without having sent. */
    boolean updateDue(long next, long read, int mss) {
        long gain = read + limit - edge;
        long left = edge - next;
        return gain >= Math.min(limit / 2, mss) && left < mss || gain >= limit / 2 && left <= limit / 2;
    }

    /** The application read something. */
    void read(int bytes, long minRttNanos, long nowNanos) {
        if (fixed || limit >= max) {
            return;
        }
        if (!inRound) {
            inRound = true;
            roundNanos = nowNanos;
            readInRound = 0;
        }
        readInRound += bytes;
        if (nowNanos - roundNanos >= (minRttNanos > 0 ? Math.max(minRttNanos, LEAST_ROUND_NANOS) : FIRST_ROUND_NANOS)) {
            limit = (int) Math.max(limit, Math.min(max, GROWTH * readInRound));
            inRound = false;
        }
    }
}
