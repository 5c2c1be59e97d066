package org.tinc4j.impl.datapath;

/**
 * Decides how long a reader may wait in the kernel before it parks. Waiting there spares the hops of parking, through the reactor's thread and a
 * carrier's, but holds the carrier. So it is for readers
 *
 * <ul>
 *   <li>whose next packet is near: after a wait that was short, they may wait as long again;
 *   <li>that are at work: they may wait for as long as they worked before. A stream that fills the machine waits for the other programs that it
 *       runs through, and never gives its carrier away; one that trickles has nothing to wait with.
 * </ul>
 *
 * <p><b>Threads.</b> Confined to the reader.
 */
final class HotWait {

    /** Bound of a wait for a packet that is near. Chosen: the low end of 100 to 1000 us, where a wait costs less than parking. */
    static final int NEAR_NANOS = 200_000;

    /** A wait up to this long, parked or not, was short. Chosen: a park and its wake-up take part of it. */
    private static final long SHORT_NANOS = 2L * NEAR_NANOS;

    /**
     * Bound of a wait in return for work. Chosen: of the order of a time slice of the kernel's, which another program may take first. With 200 us
     * one stream between nodes that share two cores was a sixth behind readers on platform threads; with 1, 2 and 4 ms it is level.
     */
    private static final int MAX_NANOS = 2_000_000;

    private long lastWaitNanos = Long.MAX_VALUE;
    private boolean waiting;
    private long startNanos;

    /** What it may wait for, up to {@link #MAX_NANOS}. */
    private long creditNanos;

    /** When {@link #creditNanos} was brought up to date. */
    private long creditedNanos;

    HotWait(long nowNanos) {
        creditedNanos = nowNanos;
    }

    /**
     * There is nothing to read.
     *
     * @return nanoseconds to wait in the kernel for; 0 means park at once
     */
    int nothing(long nowNanos) {
        worked(nowNanos);
        if (!waiting) {
            waiting = true;
            startNanos = nowNanos;
        }
        return Math.max(lastWaitNanos <= SHORT_NANOS ? NEAR_NANOS : 0, creditNanos >= NEAR_NANOS ? (int) creditNanos : 0);
    }

    /** A wait is over, with or without something to read. */
    void woke(long nowNanos) {
        creditNanos = Math.max(0, creditNanos - (nowNanos - creditedNanos));
        creditedNanos = nowNanos;
    }

    /** Another handled something meanwhile: what is waited for came after that. */
    void handled(long atNanos) {
        if (atNanos - startNanos > 0) {
            startNanos = atNanos;
        }
    }

    /** There was something, and it was handled. */
    void found(long nowNanos) {
        worked(nowNanos);
        if (waiting) {
            waiting = false;
            lastWaitNanos = nowNanos - startNanos;
        }
    }

    private void worked(long nowNanos) {
        creditNanos = Math.min(MAX_NANOS, creditNanos + (nowNanos - creditedNanos));
        creditedNanos = nowNanos;
    }
}
