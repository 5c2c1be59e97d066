package org.tinc4j.linux.reactor;

import java.io.IOException;

/**
 * How the reader of a descriptor waits, and when it steps aside:
 *
 * <ol>
 *   <li>a platform thread waits in the kernel;
 *   <li>a virtual thread waits there for at most {@link HotWait#BOUND_NANOS} while traffic is hot, else parks until the reactor calls;
 *   <li>after {@value #BATCHES_PER_TURN} batches without parking it lets other virtual threads have the carrier.
 * </ol>
 *
 * <p><b>Threads.</b> Confined to the reader.
 */
public final class ReadWait {

    /** Virtual threads are not time-sliced. Chosen: the prototype yielded every 8 batches without a cost that could be measured. */
    private static final int BATCHES_PER_TURN = 8;

    private final Descriptor descriptor;
    private final HotWait hotWait = new HotWait();

    private boolean waiting;
    private long startNanos;
    private int batchesInTurn;

    /**
     * Of a reader that has not read yet.
     *
     * @param descriptor what it reads
     */
    public ReadWait(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * There is nothing to read: waits until there is, or for no reason.
     *
     * @throws IOException see {@link Descriptor#awaitReadable} and {@link Descriptor#awaitReadableBlocking}
     */
    public void await() throws IOException {
        if (!Thread.currentThread().isVirtual()) {
            descriptor.awaitReadableBlocking();
            return;
        }
        if (!waiting) {
            waiting = true;
            startNanos = System.nanoTime();
        }
        int boundNanos = hotWait.boundNanos();
        if (boundNanos > 0 && descriptor.readableWithin(boundNanos)) {
            return;
        }
        batchesInTurn = 0;
        descriptor.awaitReadable();
    }

    /** A batch was read. */
    public void found() {
        if (waiting) {
            waiting = false;
            hotWait.waited(System.nanoTime() - startNanos);
        }
        if (++batchesInTurn >= BATCHES_PER_TURN) {
            batchesInTurn = 0;
            if (Thread.currentThread().isVirtual()) {
                Thread.yield();
            }
        }
    }
}
