package org.tinc4j.linux.uring;

import static org.tinc4j.linux.sys.IoUring.MSG_DONTWAIT;
import static org.tinc4j.linux.sys.IoUring.OP_SENDMSG;
import static org.tinc4j.linux.sys.IoUring.OP_WRITE;
import static org.tinc4j.linux.sys.IoUring.RWF_NOWAIT;
import static org.tinc4j.linux.sys.IoUring.SQE_ADDR;
import static org.tinc4j.linux.sys.IoUring.SQE_IO_LINK;
import static org.tinc4j.linux.sys.IoUring.SQE_LEN;
import static org.tinc4j.linux.sys.IoUring.SQE_OFF;
import static org.tinc4j.linux.sys.IoUring.SQE_OP_FLAGS;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.tinc4j.NodeClosedException;
import org.tinc4j.Offload;
import org.tinc4j.linux.grant.GrantedOffloads;
import org.tinc4j.linux.reactor.Descriptor;
import org.tinc4j.linux.sys.Errno;

/**
 * Writes and sends of one descriptor, many in one system call, all over when it returns: each is told not to wait, so the kernel carries it out
 * on the way or fails it with EAGAIN.
 *
 * <p>Whoever finds the ring in use, or finds none, does the same with other system calls: nobody waits for it.
 *
 * <p><b>Threads.</b> Any. A {@link Batch} belongs to who took it.
 */
public final class BatchRing implements AutoCloseable {

    /** How long to wait for a completion that should be there. Chosen: long enough for a machine that swaps. */
    private static final int LATE_NANOS = 10_000_000;

    private static final int LATE_TRIES = 100;

    private final GrantedOffloads offloads;

    /** Null while it is in use, and where there is none. */
    private final AtomicReference<Batch> idle = new AtomicReference<>();

    /**
     * With a ring, if that is wanted and granted. A refusal is told to the offloads.
     *
     * @param calls the kernel's
     * @param descriptor of a non-blocking file
     * @param offloads of it
     */
    public BatchRing(RingCalls calls, Descriptor descriptor, GrantedOffloads offloads) {
        this.offloads = offloads;
        if (!offloads.uses(Offload.IO_URING)) {
            return;
        }
        try {
            int fd = descriptor.use();
            try {
                idle.set(new Batch(Ring.open(calls, fd)));
            } finally {
                descriptor.leave();
            }
        } catch (RingRefused e) {
            e.tell(offloads);
        } catch (NodeClosedException e) {
            throw new IllegalStateException("the descriptor was closed before it was used", e);
        }
    }

    /**
     * Takes the ring; {@link #give} must follow. The descriptor must be in use until then.
     *
     * @return an empty batch, or null if there is none now
     */
    public Batch take() {
        return idle.get() == null ? null : idle.getAndSet(null);
    }

    /**
     * Ends what {@link #take} began. A ring that failed is not used again.
     *
     * @param batch what was taken
     */
    public void give(Batch batch) {
        if (batch.refusal == null) {
            batch.clear();
            idle.set(batch);
            return;
        }
        batch.refusal.tell(offloads);
        if (batch.late) {
            batch.ring.abandon(batch);
        } else {
            batch.ring.close();
        }
    }

    /** Frees the ring, once nobody uses the descriptor any more. Idempotent. */
    @Override
    public void close() {
        Batch batch = take();
        if (batch != null) {
            batch.ring.close();
        }
    }

    /** Operations, and then their results. */
    public static final class Batch {

        /** Operations there is room for. */
        public static final int OPERATIONS = Ring.ENTRIES;

        private final Ring ring;
        private final int[] results = new int[OPERATIONS];
        private int count;
        private RingRefused refusal;

        /** An operation may be left in the kernel. */
        private boolean late;

        private Batch(Ring ring) {
            this.ring = ring;
        }

        /**
         * How many there are.
         *
         * @return operations added since the batch was taken or {@link #clear}ed
         */
        public int count() {
            return count;
        }

        /** Forgets operations, also such as were not carried out, and results. */
        public void clear() {
            ring.forget();
            count = 0;
        }

        /**
         * Adds a write(2). It does not depend on those before it.
         *
         * @param address where from
         * @param bytes how many
         */
        public void write(long address, int bytes) {
            int at = ring.add(OP_WRITE, 0, count++);
            ring.submissions().putLong(at + SQE_OFF, -1).putLong(at + SQE_ADDR, address).putInt(at + SQE_LEN, bytes);
            // That the file is non-blocking is not enough: a failed operation would wait for it to become writable.
            ring.submissions().putInt(at + SQE_OP_FLAGS, RWF_NOWAIT);
        }

        /**
         * Adds a sendmsg(2), which is carried out if the one before it was.
         *
         * @param message address of a {@code struct msghdr}
         * @param last whether no other follows
         */
        public void sendmsg(long message, boolean last) {
            int at = ring.add(OP_SENDMSG, last ? 0 : SQE_IO_LINK, count++);
            ring.submissions().putLong(at + SQE_ADDR, message).putInt(at + SQE_LEN, 1).putInt(at + SQE_OP_FLAGS, MSG_DONTWAIT);
        }

        /**
         * Carries out what was added.
         *
         * @return for how many of the operations, from the first, there is a result; all unless the ring failed
         */
        public int run() {
            int taken = ring.submit();
            if (taken < count) {
                refusal = new RingRefused("io_uring_enter", taken < 0 ? -taken : Errno.ENOMEM);
            }
            Arrays.fill(results, 0, count, -Errno.EIO);
            int missing = Math.max(taken, 0);
            for (int tries = 0; missing > 0 && tries < LATE_TRIES; tries++) {
                while (missing > 0 && ring.next()) {
                    results[(int) ring.userData()] = ring.result();
                    missing--;
                }
                if (missing > 0) {
                    ring.awaitWithin(LATE_NANOS);
                }
            }
            if (missing > 0) {
                // Contrary to what it promises. The kernel only reads what such an operation points at.
                late = true;
                refusal = new RingRefused("io_uring_enter", Errno.EIO);
            }
            return Math.max(taken, 0);
        }

        /**
         * What became of one.
         *
         * @param operation its index, in the order they were added
         * @return what the system call would return, or the negated errno
         */
        public int result(int operation) {
            return results[operation];
        }
    }
}
