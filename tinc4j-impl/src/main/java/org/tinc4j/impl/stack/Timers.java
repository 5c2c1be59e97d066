package org.tinc4j.impl.stack;

import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * Calls connections back when their deadlines come: one thread for all of a host, started by the first deadline.
 *
 * <p>A deadline moves with almost every segment, mostly to later. So a timer that stands in the queue stays where it is when its deadline
 * moves to later: it is called back early, which costs its owner one look at the clock, and queued again.
 *
 * <p><b>Threads.</b> Any may schedule; owners are called back on the thread of the timers, with no lock held.
 */
final class Timers {

    /** Of a timer that does not run. */
    static final long NEVER = Long.MAX_VALUE;

    private static final int LEAST_TO_PURGE = 256;

    /** What is called back. */
    interface Owner {
        /** The time may have come, or have moved; the owner looks and schedules again. */
        void onTimer();
    }

    /** One owner's timer. */
    static final class Timer {
        /** Null once it is cancelled. */
        private volatile Owner owner;
        /** When it is called back; NEVER when it is not queued. Written with the lock held. */
        private volatile long queuedAt = NEVER;

        Timer(Owner owner) {
            this.owner = owner;
        }
    }

    private record Entry(Timer timer, long atNanos) {}

    private final LongSupplier clock;
    private final BiConsumer<String, Runnable> threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition earlier = lock.newCondition();
    private final PriorityQueue<Entry> queue = new PriorityQueue<>((a, b) -> Long.signum(a.atNanos - b.atNanos)); // guarded by lock
    private int stale; // guarded by lock; entries of the queue that stand for nothing any more
    private boolean started; // guarded by lock
    private boolean closed; // guarded by lock

    Timers(LongSupplier clock, BiConsumer<String, Runnable> threads) {
        this.clock = clock;
        this.threads = threads;
    }

    /**
     * Calls the owner back at a time, or earlier. Called by one thread for each timer at a time, the owner's lock held, so that the owner's
     * next look sees what was missed here.
     */
    void schedule(Timer timer, long atNanos) {
        if (atNanos == NEVER) {
            return;
        }
        long queued = timer.queuedAt;
        if (queued != NEVER && atNanos - queued >= 0) {
            return;
        }
        boolean start;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (timer.owner == null) {
                return;
            }
            boolean moved = timer.queuedAt != NEVER;
            timer.queuedAt = atNanos;
            if (moved) {
                stale++;
                purge();
            }
            queue.add(new Entry(timer, atNanos));
            if (queue.peek().timer == timer) {
                earlier.signal();
            }
            start = !started;
            started = true;
        } finally {
            lock.unlock();
        }
        if (start) {
            threads.accept("tcp timer", this::run);
        }
    }

    private void run() {
        try {
            for (Timer due = next(); due != null; due = next()) {
                Owner owner = due.owner;
                if (owner != null) {
                    owner.onTimer();
                }
            }
        } catch (InterruptedException e) {
            // The node is closing.
        }
    }

    /** Waits for the next that is due; null once closed. */
    private Timer next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed) {
                Entry first = queue.peek();
                long left = first == null ? 0 : first.atNanos - clock.getAsLong();
                if (first == null) {
                    earlier.await();
                } else if (left > 0) {
                    earlier.await(left, TimeUnit.NANOSECONDS);
                } else {
                    queue.poll();
                    // Else it has been queued again for an earlier time, and this is what is left of the time before.
                    if (first.timer.queuedAt == first.atNanos) {
                        first.timer.queuedAt = NEVER;
                        return first.timer;
                    }
                    stale--;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** The owner is over: it is not called back any more, and not held on to, though its deadline may be hours away. */
    void cancel(Timer timer) {
        lock.lock();
        try {
            timer.owner = null;
            if (timer.queuedAt != NEVER) {
                timer.queuedAt = NEVER;
                stale++;
                purge();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Entries that stand for nothing go when they are most of all. */
    private void purge() {
        if (stale > LEAST_TO_PURGE && stale > queue.size() / 2) {
            queue.removeIf(entry -> entry.timer.queuedAt != entry.atNanos);
            stale = 0;
        }
    }

    /** Ends the thread; nobody is called back any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            queue.clear();
            earlier.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
