package org.tinc4j.linux.sys;

/**
 * ppoll: events, {@code struct pollfd} and {@code struct timespec} of 64-bit machines.
 *
 * <pre>
 * struct pollfd     0 int fd   4 short events   6 short revents   8 (sizeof)
 * struct timespec   0 int64 tv_sec   8 int64 tv_nsec   16 (sizeof)
 * </pre>
 *
 * <p><b>Source.</b> poll(2), {@code asm-generic/poll.h}; timespec(3).
 */
public final class Poll {

    /** Readable. */
    public static final short POLLIN = 0x001;

    /** Offset of {@code fd}. */
    public static final int POLLFD_FD = 0;

    /** Offset of {@code events}. */
    public static final int POLLFD_EVENTS = 4;

    /** Size of {@code struct pollfd}. */
    public static final int POLLFD_SIZE = 8;

    /** Offset of {@code tv_sec}. */
    public static final int TIMESPEC_SEC = 0;

    /** Offset of {@code tv_nsec}. */
    public static final int TIMESPEC_NSEC = 8;

    /** Size of {@code struct timespec}. */
    public static final int TIMESPEC_SIZE = 16;

    private Poll() {}
}
