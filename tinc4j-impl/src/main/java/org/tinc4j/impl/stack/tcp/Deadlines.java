package org.tinc4j.impl.stack.tcp;

/** Points in time, in nanoseconds of a clock that may wrap: they compare by difference. */
final class Deadlines {

    /** Of a timer that does not run. */
    static final long NEVER = Long.MAX_VALUE;

    private Deadlines() {}

    static long earlier(long a, long b) {
        if (a == NEVER) {
            return b;
        }
        return b == NEVER || a - b < 0 ? a : b;
    }

    static boolean passed(long deadlineNanos, long nowNanos) {
        return deadlineNanos != NEVER && nowNanos - deadlineNanos >= 0;
    }

    /** A deadline by addition that never comes out as {@link #NEVER}. */
    static long in(long nowNanos, long delayNanos) {
        long deadline = nowNanos + delayNanos;
        return deadline == NEVER ? deadline - 1 : deadline;
    }
}
