package org.tinc4j.linux.sys;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;

/**
 * The system calls of this module, each with its errno. A result below zero is the negated errno of that very call: both are read on
 * the same thread with nothing in between that could move a virtual thread to another carrier.
 *
 * <p><b>Threads.</b> Any. A call holds the carrier of a virtual thread until it returns.
 *
 * <p><b>Errors.</b> The first use throws a {@link LinkageError} where jnr-ffi cannot load its native part.
 */
public final class SystemCalls {

    /** Open for reading and writing. Source: {@code asm-generic/fcntl.h}. */
    public static final int O_RDWR = 2;

    /** Do not wait. */
    public static final int O_NONBLOCK = 0x800;

    /** Close on exec. */
    public static final int O_CLOEXEC = 0x80000;

    /** Close on exec, for an eventfd. Equal to {@link #O_CLOEXEC}. */
    public static final int EFD_CLOEXEC = O_CLOEXEC;

    /** Do not wait, for an eventfd. Equal to {@link #O_NONBLOCK}. */
    public static final int EFD_NONBLOCK = O_NONBLOCK;

    /** Command of fcntl(2): descriptor flags, of which bit 0 is close-on-exec. */
    public static final int F_GETFD = 1;

    /** Command of fcntl(2): status flags, {@link #O_NONBLOCK} among them. */
    public static final int F_GETFL = 3;

    private static final LibC LIBC = LibraryLoader.create(LibC.class).load("c");
    private static final Runtime RUNTIME = Runtime.getRuntime(LIBC);

    private SystemCalls() {}

    /**
     * open(2).
     *
     * @param path address of a string that ends in a zero byte
     * @param flags {@code O_} flags
     * @return the descriptor, or the negated errno
     */
    public static int open(long path, int flags) {
        return orErrno(LIBC.open(path, flags));
    }

    /**
     * close(2). The descriptor is gone whatever the result.
     *
     * @param fd the descriptor
     * @return 0, or the negated errno
     */
    public static int close(int fd) {
        return orErrno(LIBC.close(fd));
    }

    /**
     * read(2).
     *
     * @param fd the descriptor
     * @param address where to
     * @param count bytes at most
     * @return bytes read, or the negated errno
     */
    public static int read(int fd, long address, int count) {
        return orErrno((int) LIBC.read(fd, address, count));
    }

    /**
     * write(2).
     *
     * @param fd the descriptor
     * @param address where from
     * @param count bytes
     * @return bytes written, or the negated errno
     */
    public static int write(int fd, long address, int count) {
        return orErrno((int) LIBC.write(fd, address, count));
    }

    /**
     * ioctl(2).
     *
     * @param fd the descriptor
     * @param request what to do
     * @param argument an address or a number
     * @return mostly 0, or the negated errno
     */
    public static int ioctl(int fd, int request, long argument) {
        return orErrno(LIBC.ioctl(fd, Integer.toUnsignedLong(request), argument));
    }

    /**
     * fcntl(2).
     *
     * @param fd the descriptor
     * @param command {@link #F_GETFD}, {@link #F_GETFL}
     * @param argument a number
     * @return depends on the command, or the negated errno
     */
    public static int fcntl(int fd, int command, long argument) {
        return orErrno(LIBC.fcntl(fd, command, argument));
    }

    /**
     * ppoll(2), with the signal mask left alone.
     *
     * @param fds address of {@code struct pollfd[]}
     * @param count how many
     * @param timeout address of a {@code struct timespec}, 0 waits for ever
     * @return how many are ready, 0 for none in time, or the negated errno
     */
    public static int ppoll(long fds, int count, long timeout) {
        return orErrno(LIBC.ppoll(fds, count, timeout, 0));
    }

    /**
     * epoll_create1(2).
     *
     * @param flags {@link Epoll#EPOLL_CLOEXEC}
     * @return the descriptor, or the negated errno
     */
    public static int epollCreate(int flags) {
        return orErrno(LIBC.epoll_create1(flags));
    }

    /**
     * epoll_ctl(2).
     *
     * @param epfd the epoll descriptor
     * @param operation one of {@link Epoll}
     * @param fd the descriptor to watch
     * @param event address of a {@code struct epoll_event}
     * @return 0, or the negated errno
     */
    public static int epollControl(int epfd, int operation, int fd, long event) {
        return orErrno(LIBC.epoll_ctl(epfd, operation, fd, event));
    }

    /**
     * epoll_wait(2), for as long as it takes.
     *
     * @param epfd the epoll descriptor
     * @param events address of {@code struct epoll_event[]}
     * @param count how many fit
     * @return how many there are, or the negated errno
     */
    public static int epollWait(int epfd, long events, int count) {
        return orErrno(LIBC.epoll_wait(epfd, events, count, -1));
    }

    /**
     * eventfd(2), counting from 0.
     *
     * @param flags {@link #EFD_CLOEXEC}, {@link #EFD_NONBLOCK}
     * @return the descriptor, or the negated errno
     */
    public static int eventfd(int flags) {
        return orErrno(LIBC.eventfd(0, flags));
    }

    /**
     * socket(2).
     *
     * @param domain {@code AF_} constant
     * @param type {@code SOCK_} constant and flags
     * @param protocol of the domain
     * @return the descriptor, or the negated errno
     */
    public static int socket(int domain, int type, int protocol) {
        return orErrno(LIBC.socket(domain, type, protocol));
    }

    /**
     * bind(2).
     *
     * @param fd the socket
     * @param address of a {@code struct sockaddr}
     * @param length of that structure
     * @return 0, or the negated errno
     */
    public static int bind(int fd, long address, int length) {
        return orErrno(LIBC.bind(fd, address, length));
    }

    /**
     * send(2) without flags.
     *
     * @param fd the socket
     * @param address where from
     * @param count bytes
     * @return bytes sent, or the negated errno
     */
    public static int send(int fd, long address, int count) {
        return orErrno((int) LIBC.send(fd, address, count, 0));
    }

    /**
     * recv(2) without flags.
     *
     * @param fd the socket
     * @param address where to
     * @param count bytes at most
     * @return bytes received, or the negated errno
     */
    public static int recv(int fd, long address, int count) {
        return orErrno((int) LIBC.recv(fd, address, count, 0));
    }

    /**
     * setsockopt(2) of an {@code int}.
     *
     * @param fd the socket
     * @param level one of {@link Sockets}
     * @param option one of {@link Sockets}
     * @param value address of the value
     * @return 0, or the negated errno
     */
    public static int setsockopt(int fd, int level, int option, long value) {
        return orErrno(LIBC.setsockopt(fd, level, option, value, Integer.BYTES));
    }

    /**
     * getsockopt(2).
     *
     * @param fd the socket
     * @param level one of {@link Sockets}
     * @param option one of {@link Sockets}
     * @param value address to put the value
     * @param length address of its length, an {@code int}, in and out
     * @return 0, or the negated errno
     */
    public static int getsockopt(int fd, int level, int option, long value, long length) {
        return orErrno(LIBC.getsockopt(fd, level, option, value, length));
    }

    /**
     * getsockname(2).
     *
     * @param fd the socket
     * @param address of room for a {@code struct sockaddr}
     * @param length address of its length, an {@code int}, in and out
     * @return 0, or the negated errno
     */
    public static int getsockname(int fd, long address, long length) {
        return orErrno(LIBC.getsockname(fd, address, length));
    }

    /**
     * sendmsg(2) without flags.
     *
     * @param fd the socket
     * @param message address of a {@code struct msghdr}
     * @return bytes sent, or the negated errno
     */
    public static int sendmsg(int fd, long message) {
        return orErrno((int) LIBC.sendmsg(fd, message, 0));
    }

    /**
     * recvmsg(2) without flags.
     *
     * @param fd the socket
     * @param message address of a {@code struct msghdr}
     * @return bytes received, or the negated errno
     */
    public static int recvmsg(int fd, long message) {
        return orErrno((int) LIBC.recvmsg(fd, message, 0));
    }

    /**
     * sendmmsg(2) without flags.
     *
     * @param fd the socket
     * @param messages address of {@code struct mmsghdr[]}
     * @param count how many
     * @return how many were sent, at least 1, or the negated errno of the first
     */
    public static int sendmmsg(int fd, long messages, int count) {
        return orErrno(LIBC.sendmmsg(fd, messages, count, 0));
    }

    /**
     * recvmmsg(2) without flags and timeout.
     *
     * @param fd the socket, which does not block
     * @param messages address of {@code struct mmsghdr[]}
     * @param count how many
     * @return how many were received, at least 1, or the negated errno of the first
     */
    public static int recvmmsg(int fd, long messages, int count) {
        return orErrno(LIBC.recvmmsg(fd, messages, count, 0, 0));
    }

    /**
     * io_uring_setup(2).
     *
     * @param entries of the submission queue
     * @param params address of {@code struct io_uring_params}, in and out
     * @return the descriptor of a ring, or the negated errno
     */
    public static int ioUringSetup(int entries, long params) {
        return orErrno((int) LIBC.syscall(IoUring.NR_SETUP, entries, params, 0, 0));
    }

    /**
     * io_uring_enter(2) without flags: submits, waits for nothing. Without {@code IORING_ENTER_GETEVENTS} the kernel does not look at the fifth
     * and sixth argument, a signal mask and its size, so they may be whatever is in their registers.
     *
     * @param fd the ring
     * @param count how many to submit
     * @return how many were submitted, or the negated errno
     */
    public static int ioUringEnter(int fd, int count) {
        return orErrno((int) LIBC.syscall(IoUring.NR_ENTER, fd, count, 0, 0));
    }

    /**
     * io_uring_register(2).
     *
     * @param fd the ring
     * @param operation one of {@link IoUring}
     * @param argument address of its argument, or 0
     * @param count of what is there
     * @return mostly 0, or the negated errno
     */
    public static int ioUringRegister(int fd, int operation, long argument, int count) {
        return orErrno((int) LIBC.syscall(IoUring.NR_REGISTER, fd, operation, argument, count));
    }

    private static int orErrno(int result) {
        return result >= 0 ? result : -RUNTIME.getLastError();
    }
}
