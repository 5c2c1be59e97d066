package org.tinc4j.linux.reactor;

import static org.tinc4j.linux.sys.Epoll.EPOLLIN;
import static org.tinc4j.linux.sys.Epoll.EPOLLONESHOT;
import static org.tinc4j.linux.sys.Epoll.EPOLL_CLOEXEC;
import static org.tinc4j.linux.sys.Epoll.EPOLL_CTL_ADD;
import static org.tinc4j.linux.sys.Epoll.EPOLL_CTL_DEL;
import static org.tinc4j.linux.sys.Epoll.EPOLL_CTL_MOD;
import static org.tinc4j.linux.sys.Epoll.EVENT_DATA;
import static org.tinc4j.linux.sys.Epoll.EVENT_EVENTS;
import static org.tinc4j.linux.sys.Epoll.EVENT_SIZE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.tinc4j.linux.sys.Errno;
import org.tinc4j.linux.sys.NativeMemory;
import org.tinc4j.linux.sys.SystemCalls;

/**
 * One platform thread in {@code epoll_wait} that unparks whoever waits for a descriptor, unless somebody stands in for it, on that thread.
 * All open descriptors of the process share it; it starts with the first and ends with the last.
 *
 * <p><b>Threads.</b> {@link #register}, {@link #arm} and {@link #forget} from any thread.
 *
 * <p><b>Source.</b> epoll(7): EPOLLONESHOT; arming reports at once a descriptor that is already readable, so nothing is lost between
 * a read that found nothing and the wait.
 */
final class EpollReactor {

    private static final int EVENTS_PER_WAIT = 64;

    /** Epoll data of the eventfd; descriptors have their slot, from 0 on. */
    private static final long WAKE_UP = -1;

    /** Guards {@link #shared} and changes of slots. Held also while a reactor is made: three calls that do not wait. */
    private static final ReentrantLock SHARED_LOCK = new ReentrantLock();

    /** The one reactor, null while nothing is open. State of the process, as its descriptors are. */
    private static EpollReactor shared;

    private final int epollFd;
    private final int wakeFd;
    private final Thread thread;

    /** Who is registered; replaced, never changed. A free slot is null. */
    private volatile Descriptor[] slots = {};

    private volatile boolean ending;

    private EpollReactor(int epollFd, int wakeFd) {
        this.epollFd = epollFd;
        this.wakeFd = wakeFd;
        this.thread = Thread.ofPlatform().daemon().name("tinc4j-epoll").unstarted(this::run);
    }

    /** Lets the shared reactor watch a descriptor, not armed yet. */
    static EpollReactor register(Descriptor descriptor) throws IOException {
        EpollReactor reactor;
        SHARED_LOCK.lock();
        try {
            reactor = shared == null ? start() : shared;
            shared = reactor;
            reactor.take(descriptor);
        } finally {
            SHARED_LOCK.unlock();
        }
        try {
            descriptor.event.putLong(EVENT_DATA, descriptor.slot);
            reactor.control(EPOLL_CTL_ADD, descriptor); // Of no events yet.
            descriptor.event.putInt(EVENT_EVENTS, EPOLLIN | EPOLLONESHOT);
        } catch (IOException e) {
            reactor.forget(descriptor);
            throw e;
        }
        return reactor;
    }

    /** Reports the descriptor once as soon as it is readable, which may be now. */
    void arm(Descriptor descriptor) throws IOException {
        control(EPOLL_CTL_MOD, descriptor);
    }

    /** Stops watching. The descriptor must still be open: its number must not be somebody else's yet. */
    void forget(Descriptor descriptor) {
        // A failure would mean that the descriptor is not in the set, which is what is wanted.
        SystemCalls.epollControl(epollFd, EPOLL_CTL_DEL, descriptor.fd, 0);
        boolean last;
        SHARED_LOCK.lock();
        try {
            last = give(descriptor);
        } finally {
            SHARED_LOCK.unlock();
        }
        if (last) {
            end();
        }
    }

    private static EpollReactor start() throws IOException {
        int epollFd = SystemCalls.epollCreate(EPOLL_CLOEXEC);
        if (epollFd < 0) {
            throw failure("epoll_create1", -epollFd);
        }
        int wakeFd = SystemCalls.eventfd(SystemCalls.EFD_CLOEXEC | SystemCalls.EFD_NONBLOCK);
        if (wakeFd < 0) {
            SystemCalls.close(epollFd);
            throw failure("eventfd", -wakeFd);
        }
        int result = SystemCalls.epollControl(epollFd, EPOLL_CTL_ADD, wakeFd, NativeMemory.address(event(EPOLLIN, WAKE_UP)));
        if (result < 0) {
            SystemCalls.close(wakeFd);
            SystemCalls.close(epollFd);
            throw failure("epoll_ctl", -result);
        }
        EpollReactor reactor = new EpollReactor(epollFd, wakeFd);
        reactor.thread.start();
        return reactor;
    }

    /** Gives the descriptor a free slot. Guarded by {@link #SHARED_LOCK}. */
    private void take(Descriptor descriptor) {
        Descriptor[] old = slots;
        int slot = 0;
        while (slot < old.length && old[slot] != null) {
            slot++;
        }
        Descriptor[] copy = slot < old.length ? old.clone() : Arrays.copyOf(old, slot + 1);
        copy[slot] = descriptor;
        descriptor.slot = slot;
        slots = copy;
    }

    /** Frees the slot; true if it was the last, and nobody can register here any more. Guarded by {@link #SHARED_LOCK}. */
    private boolean give(Descriptor descriptor) {
        Descriptor[] copy = slots.clone();
        copy[descriptor.slot] = null;
        slots = copy;
        for (Descriptor other : copy) {
            if (other != null) {
                return false;
            }
        }
        if (shared == this) {
            shared = null;
        }
        return true;
    }

    private void control(int operation, Descriptor descriptor) throws IOException {
        int result = SystemCalls.epollControl(epollFd, operation, descriptor.fd, NativeMemory.address(descriptor.event));
        if (result < 0) {
            throw failure("epoll_ctl", -result);
        }
    }

    private void end() {
        ending = true;
        ByteBuffer one = NativeMemory.allocate(Long.BYTES).putLong(0, 1);
        // Cannot fail: the counter of the eventfd is 0 and the descriptor is open until the thread has ended.
        SystemCalls.write(wakeFd, NativeMemory.address(one), Long.BYTES);
        joinUninterruptibly();
        SystemCalls.close(wakeFd);
        SystemCalls.close(epollFd);
    }

    private void joinUninterruptibly() {
        boolean interrupted = false;
        while (true) {
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

    private void run() {
        try {
            unparkWhoeverIsReady();
        } catch (Throwable t) {
            failAll(t);
        }
    }

    private void failAll(Throwable cause) {
        SHARED_LOCK.lock();
        try {
            if (shared == this) {
                shared = null;
            }
        } finally {
            SHARED_LOCK.unlock();
        }
        for (Descriptor descriptor : slots) {
            if (descriptor != null) {
                descriptor.fail(cause);
            }
        }
    }

    private void unparkWhoeverIsReady() throws IOException {
        ByteBuffer events = NativeMemory.allocate(EVENTS_PER_WAIT * EVENT_SIZE);
        long address = NativeMemory.address(events);
        while (!ending) {
            int count = SystemCalls.epollWait(epollFd, address, EVENTS_PER_WAIT);
            if (count < 0 && count != -Errno.EINTR) {
                throw failure("epoll_wait", -count);
            }
            Descriptor[] registered = slots;
            for (int i = 0; i < count; i++) {
                long slot = events.getLong(i * EVENT_SIZE + EVENT_DATA);
                // A slot may be free or somebody else's by now; who is woken for nothing looks again and waits again.
                if (slot != WAKE_UP && slot < registered.length && registered[(int) slot] != null) {
                    registered[(int) slot].onReadable();
                }
            }
        }
    }

    private static ByteBuffer event(int events, long data) {
        return NativeMemory.allocate(EVENT_SIZE).putInt(EVENT_EVENTS, events).putLong(EVENT_DATA, data);
    }

    private static IOException failure(String call, int errno) {
        return new IOException(call + ": " + Errno.describe(errno) + " in the epoll reactor"
                + (errno == Errno.EMFILE ? "; raise the limit of open files (ulimit -n)" : ""));
    }
}
