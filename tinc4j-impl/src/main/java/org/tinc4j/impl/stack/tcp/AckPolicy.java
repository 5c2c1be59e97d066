package org.tinc4j.impl.stack.tcp;

/**
 * When what arrived is acknowledged.
 *
 * <p><b>Source.</b> RFC 9293 section 3.8.6.3, RFC 5681 sections 3.2 and 4.2.
 */
final class AckPolicy {

    /**
     * "an ACK ... MUST be generated within 500 ms of the arrival of the first unacknowledged packet"; what Linux takes as least, so that
     * a peer's timeout or probe never comes first.
     */
    private static final long DELAY_NANOS = 40_000_000L;

    /**
     * After a gap so many segments are acknowledged at once: the peer's window is small then, and every delay leaves its clock standing.
     * Linux does the same.
     */
    private static final int QUICK_AFTER_GAP = 16;

    private int unacknowledged;
    private int quick;
    private int fullSize;
    private boolean due;
    private long deadlineNanos = Deadlines.NEVER;

    /** Data arrived in order and closed no gap. */
    void inOrder(int bytes, int mss, long nowNanos) {
        unacknowledged += bytes;
        fullSize = Math.max(fullSize, Math.min(bytes, mss));
        // "an ACK SHOULD be generated for at least every second full-sized segment"; a super-segment is at least two.
        if (unacknowledged >= 2 * fullSize || bytes > mss || quick > 0) {
            due = true;
            quick = Math.max(0, quick - 1);
        } else if (deadlineNanos == Deadlines.NEVER) {
            deadlineNanos = Deadlines.in(nowNanos, DELAY_NANOS);
        }
    }

    /**
     * "A TCP receiver SHOULD send an immediate duplicate ACK when an out-of-order segment arrives", and "an immediate ACK when the
     * incoming segment fills in all or part of a gap".
     */
    void atOnce() {
        due = true;
    }

    /** Something is missing, or was. */
    void gap() {
        due = true;
        quick = QUICK_AFTER_GAP;
    }

    boolean due() {
        return due;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    void onDeadline(long nowNanos) {
        if (Deadlines.passed(deadlineNanos, nowNanos)) {
            due = true;
        }
    }

    /** An acknowledgment went out, alone or with data. */
    void sent() {
        unacknowledged = 0;
        due = false;
        deadlineNanos = Deadlines.NEVER;
    }
}
