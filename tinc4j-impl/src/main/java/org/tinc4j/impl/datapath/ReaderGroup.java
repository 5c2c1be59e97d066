package org.tinc4j.impl.datapath;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.tinc4j.spi.Pollable;

/**
 * Readers of one device queue and its sockets that look after each other's sources, so that a stream in one direction and its acknowledgements
 * in the other take one thread and no wake-ups:
 *
 * <ol>
 *   <li>a reader with little to do, which finds nothing, lends its source to one that is awake, and parks;
 *   <li>whoever is awake looks at what is lent after each batch of its own, and while it waits in the kernel;
 *   <li>a source that has much to do is given back, so that both directions have a thread each;
 *   <li>before the last one awake parks it gives back everything: each then waits for its own.
 * </ol>
 *
 * <p><b>Threads.</b> Any reader of the group. A source belongs to one thread at a time; the lock hands it over. No lock is held while packets
 * move or a thread waits.
 */
final class ReaderGroup {

    /** A look that finds so much says that the source wants a thread of its own. Chosen: more than acknowledgements, less than a super-packet. */
    static final int MUCH_BYTES = 32 * 1024;

    /** Looks at a source, and sends what is there on its way: how many bytes that was. */
    @FunctionalInterface
    interface Look {
        int look() throws IOException;
    }

    /** What one reader reads. */
    static final class Member {

        final Pollable pollable;
        final Look look;
        private final Thread reader;

        // The rest is guarded by the lock.
        private boolean lent;
        private boolean busy;
        private IOException failure;

        /** Of the calling thread. */
        Member(Pollable pollable, Look look) {
            this.pollable = pollable;
            this.look = look;
            this.reader = Thread.currentThread();
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final List<Member> lent = new ArrayList<>(); // guarded by lock
    private int awake; // guarded by lock

    /** A reader starts, or has waited. */
    void wakes() {
        lock.lock();
        awake++;
        lock.unlock();
    }

    /** A reader ends or parks, and looks after nobody any more. */
    void leaves() {
        lock.lock();
        try {
            awake--;
            if (awake == 0) {
                while (!lent.isEmpty()) {
                    giveBack(lent.getFirst());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lends the calling reader's source, and parks until it is back.
     *
     * @return false if nobody is awake to take it
     * @throws IOException what the source failed with meanwhile; {@link InterruptedIOException} if the thread was interrupted
     */
    boolean lend(Member mine) throws IOException {
        lock.lock();
        try {
            if (awake < 2) {
                return false;
            }
            awake--;
            mine.lent = true;
            lent.add(mine);
        } finally {
            lock.unlock();
        }
        while (!isBack(mine)) {
            LockSupport.park(this);
        }
        if (mine.failure != null) {
            throw mine.failure;
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while another looked after the source");
        }
        return true;
    }

    private boolean isBack(Member mine) {
        lock.lock();
        try {
            if (mine.lent && !mine.busy && Thread.currentThread().isInterrupted()) {
                giveBack(mine);
            }
            return !mine.lent;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Looks at everything that is lent.
     *
     * @return whether anything was there
     */
    boolean help() {
        boolean found = false;
        Member member;
        for (int i = 0; (member = take(i)) != null; i++) {
            int bytes = 0;
            IOException failure = null;
            try {
                bytes = member.look.look();
            } catch (IOException e) {
                failure = e;
            } finally {
                // A fault of the program is this thread's to report; the source goes on without it.
                release(member, failure, bytes >= MUCH_BYTES);
            }
            found |= bytes > 0;
        }
        return found;
    }

    /**
     * Waits in the kernel for the calling reader's source, and for one that is lent; what else is lent waits with it.
     *
     * @return whether one of them is worth looking at
     */
    boolean awaitWithin(int nanos, Member mine) throws IOException {
        lock.lock();
        awake--; // Nobody may lend to one that does not look.
        lock.unlock();
        Member other = take(0);
        try {
            return mine.pollable.awaitWithin(nanos, other == null ? mine.pollable : other.pollable);
        } finally {
            if (other != null) {
                release(other, null, false);
            }
            wakes();
        }
    }

    private Member take(int index) {
        lock.lock();
        try {
            for (int i = index; i < lent.size(); i++) {
                Member member = lent.get(i);
                if (!member.busy) {
                    member.busy = true;
                    return member;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void release(Member member, IOException failure, boolean giveBack) {
        lock.lock();
        try {
            member.busy = false;
            member.failure = failure;
            if (giveBack || failure != null || member.reader.isInterrupted()) {
                giveBack(member);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Guarded by the lock. The reader counts as awake from now on. */
    private void giveBack(Member member) {
        lent.remove(member);
        member.lent = false;
        awake++;
        LockSupport.unpark(member.reader);
    }
}
