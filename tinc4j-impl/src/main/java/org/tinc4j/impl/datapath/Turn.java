package org.tinc4j.impl.datapath;

/**
 * How long a reader stays on its carrier. Virtual threads are not time-sliced: one that is never out of work steps aside by itself, so that meta
 * connections, other networks and the embedder's own virtual threads go on.
 *
 * <p><b>Threads.</b> Confined to the reader.
 */
final class Turn {

    /** Chosen: some five batches of two super-packets, and of the order of a time slice of the kernel's. */
    private static final long NANOS = 4_000_000;

    private final boolean virtual = Thread.currentThread().isVirtual();
    private long endNanos;

    /** The calling thread's first turn begins. */
    Turn(long nowNanos) {
        begins(nowNanos);
    }

    /** The thread waited, so others had their turn. */
    void begins(long nowNanos) {
        endNanos = nowNanos + NANOS;
    }

    /** A batch was handled: lets others have the carrier when the turn is over. */
    void batch(long nowNanos) {
        if (virtual && nowNanos - endNanos >= 0) {
            Thread.yield();
            begins(nowNanos);
        }
    }
}
