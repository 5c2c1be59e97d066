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
    /** "alpha_cubic = 3 * (1 - beta_cubic) / (1 + beta_cubic)". */
    private static final double ALPHA = 3 * (1 - BETA) / (1 + BETA);

    private static final double NANOS = 1e-9;

    private boolean inEpoch;
    private long epochNanos;
    private double wMax;
    private double wMaxBefore;
    private double k;
    private double wEst;
    private double cwndPrior;
    private double fraction;

    /** Multiplicative decrease. Returns the new slow start threshold. */
    int reduce(int cwnd, int mss) {
        double segments = (double) cwnd / mss;
        wMaxBefore = wMax;
        cwndPrior = segments;
        // Fast convergence: "if (cwnd < W_max) W_max = cwnd * (1 + beta_cubic) / 2, else W_max = cwnd"
        wMax = segments < wMax ? segments * (1 + BETA) / 2 : segments;
        inEpoch = false;
        // "ssthresh = max(ssthresh, 2)"
        return Math.max((int) (cwnd * BETA), 2 * mss);
    }

    /** The reduction was for nothing. */
    void undo() {
        wMax = wMaxBefore;
        inEpoch = false;
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
        // "W_est = W_est + alpha_cubic * segments_acked / cwnd", and "once W_est has grown to reach W_est >= cwnd_prior ... alpha_cubic 1"
        wEst += (wEst >= cwndPrior ? 1 : ALPHA) * ackedSegments / segments;
        double grown;
        if (window(t) < wEst) {
            grown = Math.max(segments, wEst);
        } else {
            // "target = cwnd if W_cubic(t + RTT) < cwnd, 1.5 * cwnd if W_cubic(t + RTT) > 1.5 * cwnd, else W_cubic(t + RTT)"
            double target = Math.max(segments, Math.min(window(t + srttNanos * NANOS), 1.5 * segments));
            // "cwnd MUST be incremented by (target - cwnd) / cwnd for each received new ACK"
            grown = segments + (target - segments) / segments * ackedSegments;
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
            // "K = cubic_root((W_max - cwnd_epoch) / C)"
            k = Math.cbrt((wMax - segments) / C);
        }
    }

    /** "W_cubic(t) = C * (t - K)^3 + W_max". */
    private double window(double t) {
        double d = t - k;
        return C * d * d * d + wMax;
    }
}
