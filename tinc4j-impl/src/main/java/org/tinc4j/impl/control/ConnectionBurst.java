package org.tinc4j.impl.control;

import java.util.concurrent.locks.ReentrantLock;

/** A leaky bucket: so many connections at once, then one a second. Any thread. */
public final class ConnectionBurst {

    private static final long DRAIN_NANOS = 1_000_000_000L;

    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private long levelNanos; // guarded by lock
    private long lastNanos; // guarded by lock

    public ConnectionBurst(int capacity, long nowNanos) {
        this.capacity = capacity;
        this.lastNanos = nowNanos;
    }

    /** Whether one more may come in now. */
    public boolean admit(long nowNanos) {
        lock.lock();
        try {
            levelNanos = Math.max(0, levelNanos - (nowNanos - lastNanos));
            lastNanos = nowNanos;
            if (levelNanos > (capacity - 1) * DRAIN_NANOS) {
                return false;
            }
            levelNanos += DRAIN_NANOS;
            return true;
        } finally {
            lock.unlock();
        }
    }
}
