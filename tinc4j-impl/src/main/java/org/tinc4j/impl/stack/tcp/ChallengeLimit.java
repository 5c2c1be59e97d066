package org.tinc4j.impl.stack.tcp;

/**
 * How many segments that cannot be right are answered. Counted for each connection: a count shared by all would tell a stranger about the
 * others.
 *
 * <p><b>Source.</b> RFC 5961 section 7: "no more than 10 challenge ACKs in any 5 second window".
 */
final class ChallengeLimit {

    private static final int MOST = 10;
    private static final long WINDOW_NANOS = 5_000_000_000L;

    private int count;
    private long sinceNanos;

    boolean allows(long nowNanos) {
        if (count == 0 || nowNanos - sinceNanos >= WINDOW_NANOS) {
            sinceNanos = nowNanos;
            count = 0;
        }
        if (count == MOST) {
            return false;
        }
        count++;
        return true;
    }
}
