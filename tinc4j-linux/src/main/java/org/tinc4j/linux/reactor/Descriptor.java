package org.tinc4j.linux.reactor;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.tinc4j.NodeClosedException;
import org.tinc4j.linux.sys.Epoll;
import org.tinc4j.linux.sys.Errno;
import org.tinc4j.linux.sys.NativeMemory;
import org.tinc4j.linux.sys.Poll;
import org.tinc4j.linux.sys.SystemCalls;

/**
 * One open non-blocking descriptor: who is using it, who waits for it, and when it may be freed.
 *
 * <p>The kernel hands out the number of a freed descriptor again at once, so a system call on a stale one would hit somebody else's
 * file. Every use stands between {@link #use()} and {@link #leave()}; {@link #close()} turns new users away, wakes the waiter, lets
 * the users leave, and frees the descriptor last.
 *
 * <p><b>Threads.</b> Any; one at a time waits.
 */
public final class Descriptor implements AutoCloseable {

    /** Set in {@link #users} once closed; the rest of it counts. */
    private static final int CLOSED = 1 << 31;

    private static final Object NOBODY = "nobody waits";

    /** Said to waiters after close or failure. */
    private record Gone(Throwable cause) {}

    final int fd;

    /** Memory for {@code epoll_ctl}: written while registering, then by the one waiter. */
    final ByteBuffer event = NativeMemory.allocate(Epoll.EVENT_SIZE);

    /** Where the reactor keeps it; written by the reactor before it is published. */
    int slot;

    private final String role;
    private final EpollReactor reactor;
    private final AtomicInteger users = new AtomicInteger();

    /** {@link #NOBODY}, the waiting {@link Thread}, or {@link Gone}. */
    private final AtomicReference<Object> waiter = new AtomicReference<>(NOBODY);

    /** The first thread that closed, to be unparked by the last user. */
    private final AtomicReference<Thread> closer = new AtomicReference<>();

    /** {@code pollfd} and {@code timespec} of the one waiter. */
    private final ByteBuffer poll = NativeMemory.allocate(Poll.POLLFD_SIZE + Poll.TIMESPEC_SIZE);

    /**
     * Takes a descriptor.
     *
     * @param fd an open non-blocking descriptor that epoll can watch; taken, and closed if this fails
     * @param role what it is, for messages: {@code TUN tinc0}
     * @throws IOException if the reactor cannot watch it
     */
    public Descriptor(int fd, String role) throws IOException {
        this.fd = fd;
        this.role = role;
        poll.putInt(Poll.POLLFD_FD, fd).putShort(Poll.POLLFD_EVENTS, Poll.POLLIN);
        try {
            this.reactor = EpollReactor.register(this);
        } catch (IOException e) {
            SystemCalls.close(fd);
            throw e;
        }
    }

    /**
     * Starts using the descriptor; {@link #leave()} must follow.
     *
     * @return its number, valid until then
     * @throws NodeClosedException once closed
     */
    public int use() throws NodeClosedException {
        if (users.incrementAndGet() < 0) {
            leave();
            throw closed();
        }
        return fd;
    }

    /** Ends what {@link #use()} started. */
    public void leave() {
        if (users.decrementAndGet() == CLOSED) {
            LockSupport.unpark(closer.get());
        }
    }

    /**
     * Parks the calling thread until the descriptor is readable, or for no reason: the caller looks again.
     *
     * @throws NodeClosedException once closed
     * @throws InterruptedIOException if the thread was interrupted; it still is
     * @throws IOException if the reactor failed
     */
    public void awaitReadable() throws IOException {
        Thread self = Thread.currentThread();
        if (!waiter.compareAndSet(NOBODY, self)) {
            throw gone();
        }
        try {
            use();
            try {
                reactor.arm(this);
            } finally {
                leave();
            }
            while (waiter.get() == self) {
                if (self.isInterrupted()) {
                    throw new InterruptedIOException("interrupted while waiting for " + role);
                }
                LockSupport.park(this);
            }
        } finally {
            waiter.compareAndSet(self, NOBODY);
        }
        if (waiter.get() instanceof Gone) {
            throw gone();
        }
    }

    /**
     * Waits in the kernel until the descriptor is readable, holding the carrier of a virtual thread.
     *
     * @param nanos at most so long, below one second
     * @return whether it is worth looking again; false also when a signal cut the wait short
     * @throws NodeClosedException once closed; a close during the wait is seen when it ends
     */
    public boolean readableWithin(int nanos) throws NodeClosedException {
        use();
        try {
            poll.putLong(Poll.POLLFD_SIZE + Poll.TIMESPEC_SEC, 0);
            poll.putLong(Poll.POLLFD_SIZE + Poll.TIMESPEC_NSEC, nanos);
            long address = NativeMemory.address(poll);
            return SystemCalls.ppoll(address, 1, address + Poll.POLLFD_SIZE) > 0;
        } finally {
            leave();
        }
    }

    /** Wakes the waiter with an exception, waits until all users have left, frees the descriptor. Idempotent. */
    @Override
    public void close() {
        if (!closer.compareAndSet(null, Thread.currentThread())) {
            return;
        }
        users.getAndUpdate(count -> count | CLOSED);
        wake(waiter.getAndSet(new Gone(null)));
        awaitUsers();
        reactor.forget(this);
        // Linux frees the descriptor whatever close(2) says, so there is nothing to be done about an error.
        SystemCalls.close(fd);
    }

    void onReadable() {
        Object waiting = waiter.get();
        if (waiting instanceof Thread && waiter.compareAndSet(waiting, NOBODY)) {
            wake(waiting);
        }
    }

    void fail(Throwable cause) {
        Object waiting = waiter.get();
        if (!(waiting instanceof Gone) && waiter.compareAndSet(waiting, new Gone(cause))) {
            wake(waiting);
        }
    }

    private static void wake(Object waiting) {
        if (waiting instanceof Thread thread) {
            LockSupport.unpark(thread);
        }
    }

    /** Users leave within one bounded batch. */
    private void awaitUsers() {
        boolean interrupted = false;
        while (users.get() != CLOSED) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private IOException gone() {
        return switch (waiter.get()) {
            case Gone(Throwable cause) when cause != null -> new IOException(role + ": the epoll reactor failed", cause);
            case Gone ignored -> closed();
            default -> throw new IllegalStateException(role + " has a reader already; read from one thread at a time");
        };
    }

    private NodeClosedException closed() {
        return new NodeClosedException(role + " is closed");
    }
}
