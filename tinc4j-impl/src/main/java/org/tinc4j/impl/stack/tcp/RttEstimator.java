package org.tinc4j.impl.stack.tcp;

/**
 * Smoothed round trip, its variation, the timeout that follows, and the least of late.
 *
 * <p><b>Source.</b> RFC 6298 sections 2 and 5, RFC 7323 appendix G, RFC 8985 section 6.2 step 1.
 */
final class RttEstimator {

    private static final long MILLISECOND = 1_000_000L;
    /** "Until a round-trip time (RTT) measurement has been made ... the sender SHOULD set RTO <- 1 second". */
    private static final long FIRST_RTO_NANOS = 1000 * MILLISECOND;
    /** "If the timer expires awaiting the ACK of a SYN segment ... the RTO MUST be re-initialized to 3 seconds". */
    private static final long RTO_AFTER_LOST_SYN_NANOS = 3000 * MILLISECOND;
    /** "A maximum value MAY be placed on RTO provided it is at least 60 seconds." */
    private static final long MAX_RTO_NANOS = 60_000 * MILLISECOND;
    /**
     * The RFC's floor for RTO of one second dates from coarse clocks. As kernels do, the variation has a floor instead, above any peer's
     * delayed acknowledgment of a second segment.
     */
    private static final long LEAST_VARIATION_NANOS = 200 * MILLISECOND;
    /** How long a least round trip stands for a path that may have changed since. */
    private static final long MIN_RTT_LIFE_NANOS = 300_000 * MILLISECOND;
    /** Shift that no longer doubles: the maximum is reached before. */
    private static final int MAX_BACKOFF = 16;

    private long srtt;
    private long rttvar;
    private long min;
    private long minSince;
    private long base = FIRST_RTO_NANOS;
    private int backoff;

    boolean hasSample() {
        return srtt != 0;
    }

    long srttNanos() {
        return srtt;
    }

    long minNanos() {
        return min;
    }

    /** The timeout, doubled for each expiry in a row: "The host MUST set RTO <- RTO * 2 ("back off the timer")". */
    long rtoNanos() {
        return Math.min(base << backoff, MAX_RTO_NANOS);
    }

    /** The timeout as it would be without expiries. */
    long baseRtoNanos() {
        return base;
    }

    /** Expiries in a row. */
    int expiries() {
        return backoff;
    }

    void backOff() {
        backoff = Math.min(backoff + 1, MAX_BACKOFF);
    }

    /** Something was acknowledged. */
    void progressed() {
        backoff = 0;
    }

    /** The handshake is over, but its SYN was lost on the way. */
    void synWasLost() {
        backoff = 0;
        if (!hasSample()) {
            base = RTO_AFTER_LOST_SYN_NANOS;
        }
    }

    /**
     * A measurement.
     *
     * @param rttNanos from sending to acknowledgment
     * @param expectedSamples measurements one round trip is likely to give, at least 1: more of them must not shorten the estimate's memory
     * @param nowNanos now
     */
    void sample(long rttNanos, int expectedSamples, long nowNanos) {
        long r = Math.max(rttNanos, 1);
        if (min == 0 || r <= min || nowNanos - minSince > MIN_RTT_LIFE_NANOS) {
            min = r;
            minSince = nowNanos;
        }
        if (srtt == 0) {
            // "SRTT <- R", "RTTVAR <- R/2"
            srtt = r;
            rttvar = r / 2;
        } else {
            // "RTTVAR <- (1 - beta) * RTTVAR + beta * |SRTT - R'|", "SRTT <- (1 - alpha) * SRTT + alpha * R'", alpha = 1/8, beta = 1/4
            rttvar += (Math.abs(srtt - r) - rttvar) / (4L * expectedSamples);
            srtt += (r - srtt) / (8L * expectedSamples);
        }
        base = Math.min(srtt + Math.max(LEAST_VARIATION_NANOS, 4 * rttvar), MAX_RTO_NANOS);
    }
}
