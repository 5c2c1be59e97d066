package org.tinc4j.impl.route;

/**
 * A bucket that holds a number of tokens and refills at a steady rate.
 *
 * <p><b>Units and shapes.</b> The state is one long that the caller keeps: the time at which the bucket will be full again. So a plain field
 * serves one thread and an {@code AtomicLong} several. Times are of {@code System.nanoTime} and compare by difference.
 *
 * @param refillNanos time in which one token comes back
 * @param burst tokens in a full bucket
 */
public record RateLimit(long refillNanos, int burst) {

    /** ICMP errors of all kinds: "at most 3 per second". Three at once, since traceroute sends its probes that way. */
    public static final RateLimit ICMP_ERRORS = perSecond(3);

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** Checks the numbers. */
    public RateLimit {
        if (refillNanos < 1 || burst < 1) {
            throw new IllegalArgumentException("refillNanos=" + refillNanos + ", burst=" + burst + "; both must be at least 1");
        }
    }

    /**
     * A bucket of as many tokens as come back in a second.
     *
     * @param count tokens, at least 1
     * @return the limit
     */
    public static RateLimit perSecond(int count) {
        return new RateLimit(NANOS_PER_SECOND / count, count);
    }

    /**
     * The state of a full bucket.
     *
     * @param nowNanos time of making it
     * @return the state
     */
    public long full(long nowNanos) {
        return nowNanos;
    }

    /**
     * Whether a token is there.
     *
     * @param state the state
     * @param nowNanos the time
     * @return true if one may be taken
     */
    public boolean permits(long state, long nowNanos) {
        return state - nowNanos <= refillNanos * (burst - 1);
    }

    /**
     * The state after taking a token.
     *
     * @param state a state that permits it
     * @param nowNanos the time
     * @return the state to keep
     */
    public long taken(long state, long nowNanos) {
        return (state - nowNanos > 0 ? state : nowNanos) + refillNanos;
    }
}
