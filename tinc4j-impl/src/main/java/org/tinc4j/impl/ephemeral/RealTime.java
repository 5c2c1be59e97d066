package org.tinc4j.impl.ephemeral;

import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.tinc4j.impl.fabric.Timeline;

/**
 * The machine's clock, with one thread that lets events happen when they are due.
 *
 * <p><b>Threads.</b> One lock guards the whole network: it is held while an event happens, and by everybody who uses the network. Nothing
 * waits under it but on its own conditions, which give it up.
 */
final class RealTime implements Timeline {

    private record Event(long atNanos, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            long difference = atNanos != other.atNanos ? atNanos - other.atNanos : order - other.order;
            return Long.signum(difference);
        }
    }

    final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Event> events = new PriorityQueue<>(); // guarded by lock
    private final Logger log;
    private long order; // guarded by lock
    private boolean closed; // guarded by lock
    private Thread thread;

    RealTime(Logger log) {
        this.log = log;
    }

    void start(String name) {
        thread = Thread.ofVirtual().name(name).start(this::run);
    }

    @Override
    public long nowNanos() {
        return System.nanoTime();
    }

    @Override
    public void at(long atNanos, Runnable action) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            Event event = new Event(atNanos, order++, action);
            events.add(event);
            if (events.peek() == event) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        lock.lock();
        try {
            while (!closed) {
                Event next = events.peek();
                if (next == null) {
                    changed.await();
                } else if (next.atNanos() - System.nanoTime() > 0) {
                    changed.await(next.atNanos() - System.nanoTime(), TimeUnit.NANOSECONDS);
                } else {
                    events.remove();
                    happen(next.action());
                }
            }
        } catch (InterruptedException e) {
            // Nobody else interrupts it: the mesh is closing.
        } finally {
            lock.unlock();
        }
    }

    private void happen(Runnable action) {
        try {
            action.run();
        } catch (Throwable e) {
            // Whatever it is, an AssertionError too: without this thread the whole mesh would stand still and nobody know why.
            log.error("an event of the virtual network failed", e);
        }
    }

    /** Ends the thread, if there is one, and waits for it. */
    void close() {
        lock.lock();
        try {
            closed = true;
            events.clear();
            changed.signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread != null) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
