package org.tinc4j.impl.datapath;

import java.util.concurrent.Semaphore;

/**
 * How many carriers of virtual threads may be held by waits in the kernel at once: all but one, so that somebody always runs the other virtual
 * threads of the process, however many nodes it has.
 *
 * <p><b>Threads.</b> Any.
 */
final class CarrierWaits {

    /** The JDK's, documented at {@link Thread}; by default there are as many carriers as processors. */
    private static final String PARALLELISM = "jdk.virtualThreadScheduler.parallelism";

    /** State of the process, as its carriers are. */
    static final CarrierWaits OF_PROCESS =
            new CarrierWaits(Integer.getInteger(PARALLELISM, Runtime.getRuntime().availableProcessors()));

    private final Semaphore free;

    CarrierWaits(int carriers) {
        free = new Semaphore(carriers - 1);
    }

    /** Whether the calling virtual thread may hold its carrier; {@link #end()} follows then. */
    boolean begin() {
        return free.tryAcquire();
    }

    void end() {
        free.release();
    }
}
