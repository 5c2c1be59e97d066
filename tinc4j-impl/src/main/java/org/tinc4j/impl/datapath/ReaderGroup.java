package org.tinc4j.impl.datapath;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.tinc4j.spi.Pollable;

/**
 * Readers of one device queue and its sockets that look after each other's sources, so that a stream in one direction and its acknowledgements
 * in the other take one thread and no wake-ups, and a ping is answered by the thread that it woke:
 *
 * <ol>
 *   <li>a reader with little to do, which finds nothing, lends its source to one that is awake, and parks;
 *   <li>whoever is awake looks at the sources of those that are not, after each batch of its own;
 *   <li>while it waits in the kernel it waits for a lent source too;
 *   <li>a lent source that has much to do is given back, so that both directions have a thread each;
 *   <li>before the last one awake parks it gives back everything: each then waits for its own;
 *   <li>what comes to a parked reader after a while, and is little, is sent on its way by the thread that would have woken the reader.
 * </ol>
 *
 * <p><b>Threads.</b> Any reader of the group, and whoever stands in for one. A source belongs to one thread at a time; the lock hands it over. No
 * lock is held while packets move or a thread waits for the kernel.
 */
final class ReaderGroup {

    /** A look that finds so much says that the source wants a thread of its own. Chosen: more than acknowledgements, less than a super-packet. */
    static final int MUCH_BYTES = 32 * 1024;

    /** A wait goes on no longer while something is lent that does not wait with it. */
    static final int UNWATCHED_NANOS = HotWait.NEAR_NANOS;

    /** Looks at a source, and sends what is there on its way: how many bytes that was. */
    @FunctionalInterface
    interface Look {
        int look() throws IOException;
    }

    private enum State {
        /** The reader looks at its source. */
        AWAKE,
        /** The reader parks until its source is given back. */
        LENT,
        /** The reader waits for its source until the reactor calls. */
        PARKED
    }

    /** What one reader reads. */
    static final class Member {

        final Pollable pollable;
        final Look look;

        // The rest is guarded by the group's lock, or written by whom the source is busy with.
        /** No longer lent. */
        private final Condition back;
        /** No longer busy; apart from {@link #back}, since a reader that lends would wake at every look at its source. */
        private final Condition free;
        private State state = State.AWAKE;
        /** Another reader looks at it. */
        private boolean busy;
        /** What a lent source failed with. */
        private IOException failure;
        /** When another last stood in for the reader. */
        private long stoodInNanos;
        /** A fault of the program, in what another did in the reader's place. */
        private Throwable fault;

        private Member(Pollable pollable, Look look, ReentrantLock lock, long nowNanos) {
            this.pollable = pollable;
            this.look = look;
            this.back = lock.newCondition();
            this.free = lock.newCondition();
            this.stoodInNanos = nowNanos;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final List<Member> members = new ArrayList<>(); // guarded by lock
    private int awake; // guarded by lock

    /** A reader starts. */
    Member join(Pollable pollable, Look look, long nowNanos) {
        lock.lock();
        try {
            Member mine = new Member(pollable, look, lock, nowNanos);
            members.add(mine);
            awake++;
            return mine;
        } finally {
            lock.unlock();
        }
    }

    /** A reader ends. */
    void leave(Member mine) {
        lock.lock();
        try {
            members.remove(mine);
            sleeps();
        } finally {
            lock.unlock();
        }
    }

    /** A reader is about to park until the reactor calls; others may look at its source meanwhile. */
    void parks(Member mine) {
        lock.lock();
        try {
            mine.state = State.PARKED;
            sleeps();
        } finally {
            lock.unlock();
        }
    }

    /**
     * A reader has parked. Waits until nobody else looks at its source.
     *
     * @return when another last stood in for it, which may be before it parked
     */
    long wakes(Member mine) {
        lock.lock();
        try {
            mine.state = State.AWAKE;
            awake++;
            awaitNotBusy(mine);
            if (mine.fault != null) {
                throw new IllegalStateException("a thread that stood in for this reader failed", mine.fault);
            }
            return mine.stoodInNanos;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Looks in the place of a parked reader, on the thread that would have to wake it.
     *
     * @return whether the reader may stay parked: nothing came just before, and this was little
     */
    boolean standIn(Member member, long nowNanos) {
        lock.lock();
        try {
            if (member.state != State.PARKED || member.busy || nowNanos - member.stoodInNanos < HotWait.NEAR_NANOS) {
                return false;
            }
            member.busy = true;
            member.stoodInNanos = nowNanos;
        } finally {
            lock.unlock();
        }
        try {
            return member.look.look() < MUCH_BYTES;
        } catch (IOException e) {
            return false; // The reader looks too, and finds its source failed.
        } catch (RuntimeException | Error e) {
            member.fault = e;
            return false;
        } finally {
            release(member, null, false);
        }
    }

    /** Guarded by the lock. */
    private void sleeps() {
        awake--;
        if (awake == 0) {
            members.forEach(this::giveBack);
        }
    }

    /** Guarded by the lock. At most as long as one batch takes. */
    private static void awaitNotBusy(Member mine) {
        while (mine.busy) {
            mine.free.awaitUninterruptibly();
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
            mine.state = State.LENT;
            while (mine.state == State.LENT) {
                mine.back.await();
            }
        } catch (InterruptedException e) {
            awaitNotBusy(mine);
            giveBack(mine);
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while another looked after the source").initCause(e);
        } finally {
            lock.unlock();
        }
        if (mine.failure != null) {
            throw mine.failure;
        }
        return true;
    }

    /**
     * Looks at the sources of those that are not awake.
     *
     * @return whether anything was there
     */
    boolean help() {
        boolean found = false;
        Member member;
        int next = 0;
        while ((member = take(next, State.PARKED)) != null) {
            int bytes = 0;
            IOException failure = null;
            try {
                bytes = member.look.look();
            } catch (IOException e) {
                failure = e;
            } finally {
                // A fault of the program is this thread's to report; the source goes on without it.
                next = release(member, failure, bytes >= MUCH_BYTES);
            }
            found |= bytes > 0;
        }
        return found;
    }

    /**
     * Waits in the kernel for the calling reader's source, and for one that is lent; what else is lent is looked at afterwards, which is soon.
     *
     * @return whether one of them is worth looking at
     */
    boolean awaitWithin(int nanos, Member mine) throws IOException {
        int boundNanos = nanos;
        lock.lock();
        try {
            awake--; // Nobody may lend to one that does not look.
            if (lent() > 1) {
                boundNanos = Math.min(nanos, UNWATCHED_NANOS);
            }
        } finally {
            lock.unlock();
        }
        Member other = take(0, State.LENT);
        try {
            return mine.pollable.awaitWithin(boundNanos, other == null ? mine.pollable : other.pollable);
        } finally {
            if (other != null) {
                release(other, null, false);
            }
            lock.lock();
            awake++;
            lock.unlock();
        }
    }

    /** Guarded by the lock. */
    private int lent() {
        int count = 0;
        for (int i = 0; i < members.size(); i++) {
            count += members.get(i).state == State.LENT ? 1 : 0;
        }
        return count;
    }

    /** The first one from this index on that is lent, or may also be parked, and is now this thread's. */
    private Member take(int index, State orState) {
        lock.lock();
        try {
            for (int i = index; i < members.size(); i++) {
                Member member = members.get(i);
                if (!member.busy && (member.state == State.LENT || member.state == orState)) {
                    member.busy = true;
                    return member;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whoever waits for a parked source in the kernel finds its failure there.
     *
     * @return the index after the member's
     */
    private int release(Member member, IOException failure, boolean much) {
        lock.lock();
        try {
            member.busy = false;
            if (member.state == State.LENT && (much || failure != null)) {
                member.failure = failure;
                giveBack(member);
            }
            member.free.signal();
            return members.indexOf(member) + 1;
        } finally {
            lock.unlock();
        }
    }

    /** Guarded by the lock. */
    private void giveBack(Member member) {
        if (member.state == State.LENT) {
            member.state = State.AWAKE;
            awake++;
            member.back.signal();
        }
    }
}
