package org.tinc4j.impl.datapath;

/**
 * Decides how long a reader may wait in the kernel before it parks. Waiting there spares the thread hop of parking but holds the
 * carrier, so it pays only while the next packet is near: after a wait that was short. The first long wait ends it.
 *
 * <p><b>Threads.</b> Confined to the reader.
 */
final class HotWait {

    /**
     * Bound of a wait in the kernel. Chosen: 100 to 1000 us brought readers on virtual threads level with blocking platform threads,
     * and the low end holds a carrier least.
     */
    private static final int BOUND_NANOS = 200_000;

    /** A wait up to this long, parked or not, says that traffic is hot. Chosen: a park and its wake-up take part of it. */
    private static final long HOT_NANOS = 2L * BOUND_NANOS;

    private long lastWaitNanos = Long.MAX_VALUE;
    private boolean waiting;
    private long startNanos;

    /**
     * There is nothing to read.
     *
     * @return nanoseconds to wait in the kernel for; 0 means park at once
     */
    int nothing(long nowNanos) {
        if (!waiting) {
            waiting = true;
            startNanos = nowNanos;
        }
        return lastWaitNanos <= HOT_NANOS ? BOUND_NANOS : 0;
    }

    /** There was something. */
    void found(long nowNanos) {
        if (waiting) {
            waiting = false;
            lastWaitNanos = nowNanos - startNanos;
        }
    }
}
