package org.tinc4j.impl.stack.tcp;

/**
 * The window in congestion avoidance: a cubic function of the time since the last reduction, never slower than Reno.
 *
 * <p><b>Units and shapes.</b> Windows in bytes outside, in segments within, as the RFC counts; times of the function in seconds.
 *
 * <p><b>Source.</b> RFC 9438 section 4.
 */
final class Cubic {

    private static final double C = 0.4;
    private static final double BETA = 0.7;
    /** Section 4.3: 3 * (1 - beta) / (1 + beta). */
    private static final double ALPHA = 3 * (1 - BETA) / (1 + BETA);

    private static final double NANOS = 1e-9;

    /** The function as it stands: an epoch is what the RFC calls a congestion avoidance stage. */
    private record Epoch(boolean begun, long nanos, double wMax, double k, double wEst, double cwndPrior) {}

    private boolean inEpoch;
    private long epochNanos;
    private double wMax;
    private double k;
    private double wEst;
    private double cwndPrior;
    private double fraction;
    private Epoch before;

    /** What {@link #undo} goes back to. */
    void remember() {
        before = new Epoch(inEpoch, epochNanos, wMax, k, wEst, cwndPrior);
    }

    /** Multiplicative decrease. Returns the new slow start threshold. */
    int reduce(int cwnd, int mss) {
        double segments = (double) cwnd / mss;
        cwndPrior = segments;
        // Fast convergence, section 4.7: W_max is less than cwnd, by the factor (1 + beta) / 2, if cwnd did not reach W_max again.
        wMax = segments < wMax ? segments * (1 + BETA) / 2 : segments;
        inEpoch = false;
        // Section 4.6: two segments at least.
        return Math.max((int) (cwnd * BETA), 2 * mss);
    }

    /** The reductions since were for nothing: the function goes on as if there had been none. Section 4.9. */
    void undo() {
        inEpoch = before.begun;
        epochNanos = before.nanos;
        wMax = before.wMax;
        k = before.k;
        wEst = before.wEst;
        cwndPrior = before.cwndPrior;
    }

    /** Nothing was sent for a while: the function does not run on meanwhile. */
    void idle() {
        inEpoch = false;
    }

    /**
     * An acknowledgment in congestion avoidance.
     *
     * @return the new window
     */
    int increase(int cwnd, int acked, int mss, long srttNanos, long nowNanos) {
        double segments = (double) cwnd / mss;
        if (!inEpoch) {
            begin(segments, nowNanos);
        }
        double t = (nowNanos - epochNanos) * NANOS;
        double ackedSegments = (double) acked / mss;
        // Section 4.1.2: segments_acked "will be a decimal value when a new ACK acknowledges an amount of data that is not SMSS-sized".
        // Figure 4: W_est grows by alpha * segments_acked / cwnd. "Once W_est has grown to reach the cwnd at the time of most recently
        // setting ssthresh -- that is, W_est >= cwnd_prior", alpha is 1.
        wEst += (wEst >= cwndPrior ? 1 : ALPHA) * ackedSegments / segments;
        double grown;
        if (window(t) < wEst) {
            grown = Math.max(segments, wEst);
        } else {
            // Section 4.2: the target is W_cubic(t + RTT), but no less than cwnd and no more than 1.5 * cwnd.
            double target = Math.max(segments, Math.min(window(t + srttNanos * NANOS), 1.5 * segments));
            // Sections 4.4 and 4.5: (target - cwnd) / cwnd "for each received new ACK", which reaches the target in a round trip if each
            // segment is acknowledged by itself. An acknowledgment here may stand for a super-segment, so bytes are counted, as section
            // 4.3 does and RFC 3465 recommends; no more than a window of them, or the target would be overshot.
            grown = segments + (target - segments) * Math.min(ackedSegments / segments, 1);
        }
        double bytes = grown * mss + fraction;
        int whole = (int) Math.min(bytes, CongestionControl.MAX_WINDOW_BYTES);
        fraction = Math.min(bytes - whole, 1);
        return whole;
    }

    private void begin(double segments, long nowNanos) {
        inEpoch = true;
        epochNanos = nowNanos;
        fraction = 0;
        wEst = segments;
        if (segments >= wMax) {
            wMax = segments;
            k = 0;
        } else {
            // Figure 2: the cubic root of (W_max - cwnd_epoch) / C.
            k = Math.cbrt((wMax - segments) / C);
        }
    }

    /** Figure 1: C * (t - K)^3 + W_max. */
    private double window(double t) {
        double d = t - k;
        return C * d * d * d + wMax;
    }
}
