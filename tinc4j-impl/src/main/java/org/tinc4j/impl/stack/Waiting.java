package org.tinc4j.impl.stack;

import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/**
 * The patience of one blocking call. As in the JDK's sockets, an interrupted virtual thread is called away, and a platform thread is not:
 * it only finds itself interrupted when the call is over.
 *
 * <p><b>Threads.</b> The caller's.
 */
final class Waiting implements AutoCloseable {

    private final boolean endless;
    private final long deadlineNanos;
    private boolean interrupted;

    /**
     * Patience from now on.
     *
     * @param timeoutMillis 0 is without end
     */
    Waiting(int timeoutMillis) {
        endless = timeoutMillis == 0;
        deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    }

    /** Waits for a signal, or some time longer than none. Returns false once the time is over. */
    boolean await(Condition condition) throws InterruptedException {
        return await(condition, Long.MAX_VALUE);
    }

    /** As {@link #await(Condition)}, at most for so long; true if there is time left. */
    boolean await(Condition condition, long atMostNanos) throws InterruptedException {
        long left = endless ? Long.MAX_VALUE : deadlineNanos - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        try {
            condition.awaitNanos(Math.min(left, atMostNanos));
        } catch (InterruptedException e) {
            if (Thread.currentThread().isVirtual()) {
                throw e;
            }
            interrupted = true;
        }
        return true;
    }

    /**
     * What a call throws whose virtual thread was interrupted. {@link java.net.Socket} and {@link java.net.ServerSocket} close themselves
     * when they see it, and make a {@link java.net.SocketException} of it.
     */
    static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("Closed by interrupt");
    }

    @Override
    public void close() {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
