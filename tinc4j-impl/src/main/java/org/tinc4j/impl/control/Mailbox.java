package org.tinc4j.impl.control;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What waits for the control thread, in order of arrival. Two ways in: gossip, dials and requests of the embedder wait for room; packets
 * of the data path do not.
 */
final class Mailbox {

    /** A burst of full-size packets that fall back to TCP, 1.5 KiB each: 3 MiB at the most. */
    private static final int MAX_WAITING = 2048;

    private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>(MAX_WAITING);

    /** Waits for room. */
    void put(Runnable event) throws InterruptedException {
        queue.put(event);
    }

    /** @return false if there is no room */
    boolean offer(Runnable event) {
        return queue.offer(event);
    }

    /** The next event, or null when none came in time. */
    Runnable poll(long nanos) throws InterruptedException {
        return nanos <= 0 ? queue.poll() : queue.poll(nanos, TimeUnit.NANOSECONDS);
    }
}
