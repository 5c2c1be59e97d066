package org.tinc4j.linux.sys;

/**
 * epoll: operations, events, and {@code struct epoll_event}, which is packed on x86-64 and aligned elsewhere.
 *
 * <pre>
 * x86-64   0 uint32 events   4 uint64 data   12 (sizeof)
 * others   0 uint32 events   8 uint64 data   16 (sizeof)
 * </pre>
 *
 * <p><b>Source.</b> epoll_ctl(2), {@code linux/eventpoll.h}: EPOLL_PACKED.
 */
public final class Epoll {

    /** Close on exec. */
    public static final int EPOLL_CLOEXEC = 0x80000;

    /** Start watching a descriptor. */
    public static final int EPOLL_CTL_ADD = 1;

    /** Stop watching it. */
    public static final int EPOLL_CTL_DEL = 2;

    /** Change what is watched for; arms a one-shot descriptor again. */
    public static final int EPOLL_CTL_MOD = 3;

    /** Readable. */
    public static final int EPOLLIN = 0x001;

    /** Report once, then wait to be armed again. */
    public static final int EPOLLONESHOT = 1 << 30;

    /** Offset of {@code events}. */
    public static final int EVENT_EVENTS = 0;

    /** Offset of {@code data}. */
    public static final int EVENT_DATA = dataOffset(System.getProperty("os.arch"));

    /** Size of {@code struct epoll_event}. */
    public static final int EVENT_SIZE = EVENT_DATA + Long.BYTES;

    private Epoll() {}

    static int dataOffset(String osArch) {
        return Platform.packsEpollEvent(osArch) ? 4 : 8;
    }
}
