package org.tinc4j.linux.uring;

import java.util.concurrent.atomic.AtomicInteger;

/** Calls of the kernel, some of which fail first as those of another kernel do. */
public final class RefusingRings implements RingCalls {

    /** What rings are refused with; 0 makes them. */
    public int setupErrno;

    /** What {@link #refusedOperation} is refused with. */
    public int registerErrno;

    /** An operation of io_uring_register(2). */
    public int refusedOperation = -1;

    /** Submissions that are let through before {@link #enterErrno}. */
    public int entersLeft = Integer.MAX_VALUE;

    /** What submissions are refused with then. */
    public int enterErrno;

    /** How many operations a submission takes. */
    public int atOnce = Integer.MAX_VALUE;

    /** Submissions so far. */
    public final AtomicInteger enters = new AtomicInteger();

    @Override
    public int setup(int entries, long params) {
        return setupErrno == 0 ? KERNEL.setup(entries, params) : -setupErrno;
    }

    @Override
    public int enter(int fd, int count) {
        return enters.getAndIncrement() < entersLeft ? KERNEL.enter(fd, Math.min(count, atOnce)) : -enterErrno;
    }

    @Override
    public int register(int fd, int operation, long argument, int count) {
        return operation == refusedOperation ? -registerErrno : KERNEL.register(fd, operation, argument, count);
    }
}
