package org.tinc4j.impl.control;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What waits for the control thread, in order of arrival. Two ways in, with room of their own, so that packets never keep gossip out:
 * gossip, dials and questions of the embedder wait for room; packets of the data path do not.
 */
final class Mailbox {

    /** A burst of full-size packets that fall back to TCP, 1.5 KiB each: 2 MiB at the most. */
    private static final int MAX_PACKETS = 1024;

    /** Chunks of meta connections, of which each may have four under way, 16 KiB each. */
    private static final int MAX_EVENTS = 1024;

    private record Entry(Runnable event, Semaphore room) {}

    private final LinkedBlockingQueue<Entry> queue = new LinkedBlockingQueue<>();
    private final Semaphore packetRoom = new Semaphore(MAX_PACKETS);
    private final Semaphore eventRoom = new Semaphore(MAX_EVENTS);

    /** Waits for room. */
    void put(Runnable event) throws InterruptedException {
        eventRoom.acquire();
        queue.add(new Entry(event, eventRoom));
    }

    /** @return false if there is no room */
    boolean offer(Runnable event) {
        if (!packetRoom.tryAcquire()) {
            return false;
        }
        queue.add(new Entry(event, packetRoom));
        return true;
    }

    /** Makes the control thread look up, however much waits. */
    void wake() {
        queue.add(new Entry(() -> {}, null));
    }

    /** The next event, or null when none came in time. */
    Runnable poll(long nanos) throws InterruptedException {
        Entry entry = nanos <= 0 ? queue.poll() : queue.poll(nanos, TimeUnit.NANOSECONDS);
        if (entry == null) {
            return null;
        }
        if (entry.room() != null) {
            entry.room().release();
        }
        return entry.event();
    }

    /** Nobody takes anything out any more: nobody shall wait for room either. */
    void abandon() {
        eventRoom.release(Integer.MAX_VALUE / 2);
        queue.clear();
    }
}
