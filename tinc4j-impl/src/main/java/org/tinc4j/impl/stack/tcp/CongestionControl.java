package org.tinc4j.impl.stack.tcp;

/**
 * The congestion window through slow start, congestion avoidance, fast recovery and timeout.
 *
 * <pre>
 *          loss found                         all sent before the loss acknowledged
 * OPEN -------------------> RECOVERY ------------------------------------------------> OPEN
 *   \--- timeout ---> LOSS <---/ timeout            LOSS ends the same way; either is undone if it turns out spurious
 * </pre>
 *
 * <p><b>Units and shapes.</b> Bytes.
 *
 * <p><b>Source.</b> RFC 5681 sections 3 and 4, RFC 6928, RFC 9438, RFC 9406, RFC 6937; RFC 3522 and 4015 (spurious timeouts and
 * recoveries).
 */
final class CongestionControl {

    /** Bound of all arithmetic; no buffer comes near it. */
    static final int MAX_WINDOW_BYTES = 1 << 29;

    /** Where the window stands in the recovery from losses. */
    enum Phase {
        OPEN,
        RECOVERY,
        LOSS
    }

    private final Cubic cubic = new Cubic();
    private final HyStart hyStart = new HyStart();
    private final Prr prr = new Prr();
    private Phase phase = Phase.OPEN;
    private int cwnd;
    private int ssthresh = MAX_WINDOW_BYTES;
    private long recoveryPoint;
    private int cwndBefore;
    private int ssthreshBefore;
    private boolean undoable;
    private long recoveries;
    private long timeouts;
    private long spurious;
    private long reductions;

    Phase phase() {
        return phase;
    }

    int cwnd() {
        return cwnd;
    }

    int ssthresh() {
        return ssthresh;
    }

    long recoveries() {
        return recoveries;
    }

    long timeouts() {
        return timeouts;
    }

    /** Recoveries and timeouts that began in {@link Phase#OPEN}. */
    long reductions() {
        return reductions;
    }

    long spurious() {
        return spurious;
    }

    /**
     * The handshake is over. The window begins at "min (10*MSS, max (2*MSS, 14600))"; "if the SYN or SYN/ACK is lost, the initial window
     * ... MUST be one segment".
     */
    void begin(int mss, boolean synWasLost) {
        cwnd = synWasLost ? mss : initialWindow(mss);
    }

    /** Nothing was sent for a retransmission timeout: "a TCP SHOULD set cwnd to no more than RW before beginning transmission". */
    void restart(int mss) {
        cwnd = Math.min(cwnd, initialWindow(mss));
        cubic.idle();
    }

    /** The segments of the path became smaller; that is no sign of congestion. */
    void segmentSize(int mss) {
        cwnd = Math.max(cwnd, mss);
    }

    /** Something went out. */
    void sent(int bytes) {
        if (phase == Phase.RECOVERY) {
            prr.sent(bytes);
        }
    }

    /**
     * Losses were found. Does nothing while a recovery is under way.
     *
     * @param una SND.UNA
     * @param nxt SND.NXT: recovery lasts until this is acknowledged
     * @param pipe in flight, without what is lost
     */
    void lossFound(long una, long nxt, int pipe, int mss) {
        if (phase != Phase.OPEN) {
            return;
        }
        remember();
        reduce(una, nxt, mss);
        phase = Phase.RECOVERY;
        recoveryPoint = nxt;
        recoveries++;
        prr.begin(nxt - una);
        cwnd = prr.window(0, pipe, ssthresh, mss);
    }

    /** More losses were found, without an acknowledgment: what is no longer in flight is not sent again all at once. */
    void pipeShrank(int pipe, int mss) {
        if (phase == Phase.RECOVERY) {
            cwnd = prr.window(0, pipe, ssthresh, mss);
        }
    }

    /** A tail loss probe repaired a loss: reduced at once, there is nothing to recover. */
    void lossRepaired(long una, long nxt, int mss) {
        if (phase == Phase.OPEN) {
            reduce(una, nxt, mss);
            undoable = false;
            cwnd = Math.min(cwnd, ssthresh);
            recoveries++;
        }
    }

    /** The retransmission timer expired. "cwnd MUST be set to no more than the loss window, LW, which equals 1 full-sized segment". */
    void timeout(long una, long nxt, int mss) {
        if (phase != Phase.LOSS) {
            // RFC 5681: "when ... the given segment has already been retransmitted ... at least once, the value of ssthresh is held
            // constant"
            if (phase == Phase.OPEN) {
                remember();
            }
            reduce(una, nxt, mss);
        }
        phase = Phase.LOSS;
        recoveryPoint = nxt;
        timeouts++;
        cwnd = mss;
    }

    /** Whether a reduction could still be found to be spurious. */
    boolean undoable() {
        return undoable;
    }

    /** The first acknowledgment of retransmitted data settles whether it was needed. */
    void settled() {
        undoable = false;
    }

    /** What was retransmitted had arrived: the reduction is taken back. */
    void undo() {
        undoable = false;
        spurious++;
        phase = Phase.OPEN;
        cwnd = Math.max(cwnd, cwndBefore);
        ssthresh = Math.max(ssthresh, ssthreshBefore);
        cubic.undo();
    }

    /**
     * An acknowledgment.
     *
     * @param una SND.UNA after it
     * @param nxt SND.NXT
     * @param acked bytes SND.UNA moved by
     * @param delivered bytes that arrived by what it says
     * @param pipe in flight after it
     * @param limited whether the window was full when what it acknowledges was sent
     * @param rttNanos measured by it, 0 if nothing was
     * @return whether a recovery ended with it
     */
    boolean acknowledged(
            long una,
            long nxt,
            int acked,
            int delivered,
            int pipe,
            boolean limited,
            int mss,
            long rttNanos,
            long srttNanos,
            long nowNanos) {
        boolean ended = phase != Phase.OPEN && acked > 0 && una >= recoveryPoint;
        if (ended) {
            if (phase == Phase.RECOVERY) {
                // RFC 5681: "a TCP MUST set cwnd to ssthresh".
                cwnd = ssthresh;
            }
            phase = Phase.OPEN;
            undoable = false;
        }
        if (phase == Phase.RECOVERY) {
            cwnd = prr.window(delivered, pipe, ssthresh, mss);
        } else if (acked > 0 && !ended) {
            grow(una, nxt, acked, limited || phase == Phase.LOSS, mss, rttNanos, srttNanos, nowNanos);
        }
        return ended;
    }

    private void grow(long una, long nxt, int acked, boolean limited, int mss, long rttNanos, long srttNanos, long nowNanos) {
        if (cwnd >= ssthresh) {
            // RFC 9438 section 5.8: "CUBIC does not increase its congestion window if a flow is application limited"; the function stands
            // still meanwhile.
            if (limited) {
                cwnd = cubic.increase(cwnd, acked, mss, srttNanos, nowNanos);
            } else {
                cubic.idle();
            }
            return;
        }
        boolean over = hyStart.acknowledged(una, nxt, rttNanos);
        if (limited) {
            cwnd = Math.min(cwnd + hyStart.growth(acked), MAX_WINDOW_BYTES);
        }
        if (over) {
            ssthresh = cwnd;
        }
    }

    private void remember() {
        undoable = true;
        reductions++;
        cwndBefore = cwnd;
        ssthreshBefore = ssthresh;
        cubic.remember();
    }

    private void reduce(long una, long nxt, int mss) {
        hyStart.end();
        // RFC 9438: flight_size, but not what SACKed holes let it grow to beyond the window.
        ssthresh = cubic.reduce((int) Math.min(cwnd, Math.max(nxt - una, mss)), mss);
    }

    private static int initialWindow(int mss) {
        return Math.min(10 * mss, Math.max(2 * mss, 14600));
    }
}
