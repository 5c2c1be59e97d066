package org.tinc4j.linux.reactor;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.tinc4j.NodeClosedException;
import org.tinc4j.linux.sys.Epoll;
import org.tinc4j.linux.sys.Errno;
import org.tinc4j.linux.sys.NativeMemory;
import org.tinc4j.linux.sys.Poll;
import org.tinc4j.linux.sys.SystemCalls;
import org.tinc4j.spi.Pollable.StandIn;

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

    private static final int POLL_TIMEOUT = 2 * Poll.POLLFD_SIZE;

    private static final Object NOBODY = "nobody waits";

    /** Who waits, and who is asked before it is woken. */
    private record Waiting(Thread thread, StandIn standIn) {}

    /** Said to waiters after close or failure. */
    private record Gone(Throwable cause) {}

    final int fd;

    /** Memory for {@code epoll_ctl}, written by the reactor before the descriptor is published. */
    final ByteBuffer event = NativeMemory.allocate(Epoll.EVENT_SIZE);

    /** Where the reactor keeps it; written by the reactor before it is published. */
    int slot;

    private final String role;
    private final IntConsumer end;
    private final EpollReactor reactor;
    private final AtomicInteger users = new AtomicInteger();

    /** {@link #NOBODY}, {@link Waiting}, or {@link Gone}. */
    private final AtomicReference<Object> waiter = new AtomicReference<>(NOBODY);

    /** The first thread that closed, to be unparked by the last user. */
    private final AtomicReference<Thread> closer = new AtomicReference<>();

    /** Two {@code pollfd}, of the descriptor and of {@link #wakeFd} or another descriptor, and the {@code timespec} of the one waiter. */
    private final ByteBuffer poll = NativeMemory.allocate(POLL_TIMEOUT + Poll.TIMESPEC_SIZE);

    /** An eventfd through which a close ends {@link #awaitReadableBlocking}; made by the first such wait, -1 before. */
    private volatile int wakeFd = -1;

    /**
     * Takes a descriptor.
     *
     * @param fd an open non-blocking descriptor that epoll can watch; taken, and closed if this fails
     * @param role what it is, for messages: {@code TUN tinc0}
     * @throws IOException if the reactor cannot watch it
     */
    public Descriptor(int fd, String role) throws IOException {
        // Linux frees the descriptor whatever close(2) says, so there is nothing to be done about an error.
        this(fd, role, SystemCalls::close);
    }

    /**
     * Takes a descriptor that is not freed by close(2) alone.
     *
     * @param fd as above
     * @param role as above
     * @param end frees it, once there is no user any more; also if this fails
     * @throws IOException if the reactor cannot watch it
     */
    public Descriptor(int fd, String role, IntConsumer end) throws IOException {
        this.fd = fd;
        this.role = role;
        this.end = end;
        poll.putInt(Poll.POLLFD_FD, fd).putShort(Poll.POLLFD_EVENTS, Poll.POLLIN);
        try {
            this.reactor = EpollReactor.register(this);
        } catch (IOException e) {
            end.accept(fd);
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
     * @param standIn asked by the reactor's thread, each time that the descriptor is readable, before it wakes the caller
     * @throws NodeClosedException once closed
     * @throws InterruptedIOException if the thread was interrupted; it still is
     * @throws IOException if the reactor failed
     */
    public void awaitReadable(StandIn standIn) throws IOException {
        Waiting self = new Waiting(Thread.currentThread(), standIn);
        if (!waiter.compareAndSet(NOBODY, self)) {
            throw gone();
        }
        try {
            arm();
            while (waiter.get() == self) {
                if (self.thread.isInterrupted()) {
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
     * Waits in the kernel until the descriptor, or another, is readable, holding the carrier of a virtual thread.
     *
     * @param nanos at most so long, below one second
     * @param other may be this one
     * @return whether it is worth looking again; false also when a signal cut the wait short
     * @throws NodeClosedException once closed; a close during the wait is seen when it ends
     */
    public boolean readableWithin(int nanos, Descriptor other) throws NodeClosedException {
        use();
        try {
            if (other == this) {
                return readableWithin(nanos, 1);
            }
            if (other.users.incrementAndGet() < 0) {
                other.leave();
                return true; // Closed, which is worth looking at.
            }
            try {
                poll.putInt(Poll.POLLFD_SIZE + Poll.POLLFD_FD, other.fd).putShort(Poll.POLLFD_SIZE + Poll.POLLFD_EVENTS, Poll.POLLIN);
                return readableWithin(nanos, 2);
            } finally {
                other.leave();
            }
        } finally {
            leave();
        }
    }

    private boolean readableWithin(int nanos, int descriptors) {
        poll.putLong(POLL_TIMEOUT + Poll.TIMESPEC_SEC, 0);
        poll.putLong(POLL_TIMEOUT + Poll.TIMESPEC_NSEC, nanos);
        long address = NativeMemory.address(poll);
        return SystemCalls.ppoll(address, descriptors, address + POLL_TIMEOUT) > 0;
    }

    /**
     * Waits in the kernel until the descriptor is readable, or for no reason: the caller looks again. For platform threads, which have no
     * carrier to give back. An interruption is seen before the wait only.
     *
     * @throws NodeClosedException once closed
     * @throws InterruptedIOException if the thread was interrupted; it still is
     * @throws IOException if there is no descriptor to be woken through
     */
    public void awaitReadableBlocking() throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while waiting for " + role);
        }
        use();
        try {
            openWakeFd();
            poll.putInt(Poll.POLLFD_SIZE + Poll.POLLFD_FD, wakeFd).putShort(Poll.POLLFD_SIZE + Poll.POLLFD_EVENTS, Poll.POLLIN);
            // A close before this is seen here, one after it finds the eventfd.
            if (users.get() > 0) {
                SystemCalls.ppoll(NativeMemory.address(poll), 2, 0);
            }
        } finally {
            leave();
        }
        if (users.get() < 0) {
            throw closed();
        }
    }

    private void openWakeFd() throws IOException {
        if (wakeFd >= 0) {
            return;
        }
        int opened = SystemCalls.eventfd(SystemCalls.EFD_CLOEXEC | SystemCalls.EFD_NONBLOCK);
        if (opened < 0) {
            throw new IOException("eventfd: " + Errno.describe(-opened) + " for " + role + "; raise the limit of open files (ulimit -n)");
        }
        wakeFd = opened;
    }

    /** Wakes the waiter with an exception, waits until all users have left, frees the descriptor. Idempotent. */
    @Override
    public void close() {
        if (!closer.compareAndSet(null, Thread.currentThread())) {
            return;
        }
        users.getAndUpdate(count -> count | CLOSED);
        wake(waiter.getAndSet(new Gone(null)));
        if (wakeFd >= 0) {
            ByteBuffer one = NativeMemory.allocate(Long.BYTES).putLong(0, 1);
            // Cannot fail: the counter of the eventfd is 0.
            SystemCalls.write(wakeFd, NativeMemory.address(one), Long.BYTES);
            Reference.reachabilityFence(one);
        }
        awaitUsers();
        if (wakeFd >= 0) {
            SystemCalls.close(wakeFd);
        }
        reactor.forget(this);
        end.accept(fd);
    }

    private void arm() throws IOException {
        use();
        try {
            reactor.arm(this);
        } finally {
            leave();
        }
    }

    void onReadable() {
        Object now = waiter.get();
        if (now instanceof Waiting waiting && !isHandled(waiting.standIn) && waiter.compareAndSet(waiting, NOBODY)) {
            wake(waiting);
        }
    }

    /** Whether what made it readable was handled, and the next time will be reported again. */
    private boolean isHandled(StandIn standIn) {
        if (!standIn.look()) {
            return false;
        }
        try {
            arm();
            return true;
        } catch (IOException e) {
            return false; // The waiter finds out why.
        }
    }

    void fail(Throwable cause) {
        Object waiting = waiter.get();
        if (!(waiting instanceof Gone) && waiter.compareAndSet(waiting, new Gone(cause))) {
            wake(waiting);
        }
    }

    private static void wake(Object waiter) {
        if (waiter instanceof Waiting waiting) {
            LockSupport.unpark(waiting.thread);
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
