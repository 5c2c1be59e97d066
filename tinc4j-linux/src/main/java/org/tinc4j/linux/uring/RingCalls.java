package org.tinc4j.linux.uring;

import org.tinc4j.linux.sys.SystemCalls;

/**
 * The system calls of io_uring. A seam: no kernel refuses everything that some kernel refuses, so tests stand between here and theirs. As in
 * {@link SystemCalls}, a result below zero is the negated errno.
 */
public interface RingCalls {

    /** Those of the kernel. */
    RingCalls KERNEL = new RingCalls() {
        @Override
        public int setup(int entries, long params) {
            return SystemCalls.ioUringSetup(entries, params);
        }

        @Override
        public int enter(int fd, int count) {
            return SystemCalls.ioUringEnter(fd, count);
        }

        @Override
        public int register(int fd, int operation, long argument, int count) {
            return SystemCalls.ioUringRegister(fd, operation, argument, count);
        }
    };

    /**
     * As {@link SystemCalls#ioUringSetup}.
     *
     * @param entries of the submission queue
     * @param params address of {@code struct io_uring_params}
     * @return the descriptor of a ring, or the negated errno
     */
    int setup(int entries, long params);

    /**
     * As {@link SystemCalls#ioUringEnter}.
     *
     * @param fd the ring
     * @param count how many to submit
     * @return how many were submitted, or the negated errno
     */
    int enter(int fd, int count);

    /**
     * As {@link SystemCalls#ioUringRegister}.
     *
     * @param fd the ring
     * @param operation what to do
     * @param argument its argument
     * @param count of what is there
     * @return mostly 0, or the negated errno
     */
    int register(int fd, int operation, long argument, int count);
}
