package org.tinc4j.impl.stack;

import java.util.LinkedHashSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Connections that nobody has any more and that only wait for late segments. There can be very many, since a peer makes as many as it opens
 * and lets us close; so the oldest gives way where there is no room for a new one, as on Linux.
 *
 * <p><b>Threads.</b> Any. No other lock is taken with this one held.
 */
final class TimeWaits {

    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashSet<TcpEndpoint> waiting = new LinkedHashSet<>(); // guarded by lock; oldest first

    /** It waits from now on. */
    void add(TcpEndpoint endpoint) {
        lock.lock();
        try {
            waiting.add(endpoint);
        } finally {
            lock.unlock();
        }
    }

    /** It is over. */
    void remove(TcpEndpoint endpoint) {
        lock.lock();
        try {
            waiting.remove(endpoint);
        } finally {
            lock.unlock();
        }
    }

    /** Takes the oldest; null if there is none. */
    TcpEndpoint poll() {
        lock.lock();
        try {
            return waiting.isEmpty() ? null : waiting.removeFirst();
        } finally {
            lock.unlock();
        }
    }
}
