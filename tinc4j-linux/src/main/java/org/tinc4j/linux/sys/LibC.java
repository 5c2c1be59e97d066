package org.tinc4j.linux.sys;

import jnr.ffi.types.intptr_t;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;
import jnr.ffi.types.u_int64_t;

/**
 * The functions of the C library that this module calls, with their C names. Pointers are plain addresses. Public because the class
 * that jnr-ffi makes for it lives elsewhere; call through {@link SystemCalls}, which pairs each call with its errno.
 *
 * <p>{@code open}, {@code fcntl} and {@code ioctl} are variadic in C. On the architectures of {@link Platform}
 * integer arguments of variadic and other functions travel in the same registers.
 *
 * <p><b>Source.</b> The section 2 manual page of each name.
 */
public interface LibC {

    /**
     * open(2).
     *
     * @param path address of a string that ends in a zero byte
     * @param flags {@code O_} flags
     * @return the descriptor, or -1
     */
    int open(@intptr_t long path, int flags);

    /**
     * close(2).
     *
     * @param fd the descriptor
     * @return 0, or -1
     */
    int close(int fd);

    /**
     * read(2).
     *
     * @param fd the descriptor
     * @param buf where to
     * @param count bytes at most
     * @return bytes read, or -1
     */
    @ssize_t
    long read(int fd, @intptr_t long buf, @size_t long count);

    /**
     * write(2).
     *
     * @param fd the descriptor
     * @param buf where from
     * @param count bytes
     * @return bytes written, or -1
     */
    @ssize_t
    long write(int fd, @intptr_t long buf, @size_t long count);

    /**
     * ioctl(2).
     *
     * @param fd the descriptor
     * @param request what to do
     * @param argument an address or a number
     * @return mostly 0, or -1
     */
    int ioctl(int fd, @u_int64_t long request, @intptr_t long argument);

    /**
     * fcntl(2).
     *
     * @param fd the descriptor
     * @param command what to do
     * @param argument a number
     * @return depends on the command, or -1
     */
    int fcntl(int fd, int command, @intptr_t long argument);

    /**
     * ppoll(2).
     *
     * @param fds address of {@code struct pollfd[]}
     * @param count how many
     * @param timeout address of a {@code struct timespec}, 0 waits for ever
     * @param mask signal mask, 0 for none
     * @return how many are ready, or -1
     */
    int ppoll(@intptr_t long fds, @size_t long count, @intptr_t long timeout, @intptr_t long mask);

    /**
     * epoll_create1(2).
     *
     * @param flags {@code EPOLL_CLOEXEC}
     * @return the descriptor, or -1
     */
    int epoll_create1(int flags);

    /**
     * epoll_ctl(2).
     *
     * @param epfd the epoll descriptor
     * @param operation add, modify or delete
     * @param fd the descriptor to watch
     * @param event address of a {@code struct epoll_event}
     * @return 0, or -1
     */
    int epoll_ctl(int epfd, int operation, int fd, @intptr_t long event);

    /**
     * epoll_wait(2).
     *
     * @param epfd the epoll descriptor
     * @param events address of {@code struct epoll_event[]}
     * @param count how many fit
     * @param timeoutMillis -1 waits for ever
     * @return how many there are, or -1
     */
    int epoll_wait(int epfd, @intptr_t long events, int count, int timeoutMillis);

    /**
     * eventfd(2).
     *
     * @param initial the counter at first
     * @param flags {@code EFD_} flags
     * @return the descriptor, or -1
     */
    int eventfd(int initial, int flags);

    /**
     * socket(2).
     *
     * @param domain {@code AF_} constant
     * @param type {@code SOCK_} constant and flags
     * @param protocol of the domain
     * @return the descriptor, or -1
     */
    int socket(int domain, int type, int protocol);

    /**
     * bind(2).
     *
     * @param fd the socket
     * @param address of a {@code struct sockaddr}
     * @param length of that structure
     * @return 0, or -1
     */
    int bind(int fd, @intptr_t long address, int length);

    /**
     * send(2).
     *
     * @param fd the socket
     * @param buf where from
     * @param count bytes
     * @param flags {@code MSG_} flags
     * @return bytes sent, or -1
     */
    @ssize_t
    long send(int fd, @intptr_t long buf, @size_t long count, int flags);

    /**
     * recv(2).
     *
     * @param fd the socket
     * @param buf where to
     * @param count bytes at most
     * @param flags {@code MSG_} flags
     * @return bytes received, or -1
     */
    @ssize_t
    long recv(int fd, @intptr_t long buf, @size_t long count, int flags);

    /**
     * setsockopt(2).
     *
     * @param fd the socket
     * @param level of the option
     * @param option its number
     * @param value address of the value
     * @param length of the value
     * @return 0, or -1
     */
    int setsockopt(int fd, int level, int option, @intptr_t long value, int length);

    /**
     * getsockopt(2).
     *
     * @param fd the socket
     * @param level of the option
     * @param option its number
     * @param value address to put the value
     * @param length address of its length, in and out
     * @return 0, or -1
     */
    int getsockopt(int fd, int level, int option, @intptr_t long value, @intptr_t long length);

    /**
     * getsockname(2).
     *
     * @param fd the socket
     * @param address of room for a {@code struct sockaddr}
     * @param length address of its length, in and out
     * @return 0, or -1
     */
    int getsockname(int fd, @intptr_t long address, @intptr_t long length);

    /**
     * sendmsg(2).
     *
     * @param fd the socket
     * @param message address of a {@code struct msghdr}
     * @param flags {@code MSG_} flags
     * @return bytes sent, or -1
     */
    @ssize_t
    long sendmsg(int fd, @intptr_t long message, int flags);

    /**
     * recvmsg(2).
     *
     * @param fd the socket
     * @param message address of a {@code struct msghdr}
     * @param flags {@code MSG_} flags
     * @return bytes received, or -1
     */
    @ssize_t
    long recvmsg(int fd, @intptr_t long message, int flags);

    /**
     * sendmmsg(2).
     *
     * @param fd the socket
     * @param messages address of {@code struct mmsghdr[]}
     * @param count how many
     * @param flags {@code MSG_} flags
     * @return how many were sent, or -1
     */
    int sendmmsg(int fd, @intptr_t long messages, int count, int flags);

    /**
     * recvmmsg(2).
     *
     * @param fd the socket
     * @param messages address of {@code struct mmsghdr[]}
     * @param count how many
     * @param flags {@code MSG_} flags
     * @param timeout address of a {@code struct timespec}, 0 for none
     * @return how many were received, or -1
     */
    int recvmmsg(int fd, @intptr_t long messages, int count, int flags, @intptr_t long timeout);

    /**
     * syscall(2), for calls that the C library has no function for. No more than four arguments behind the number: as the sixth argument of a
     * function jnr-ffi 2.3.0 passes garbage on x86-64.
     *
     * @param number of the system call
     * @param first argument
     * @param second argument
     * @param third argument
     * @param fourth argument
     * @return depends on the call, or -1
     */
    @ssize_t
    long syscall(@intptr_t long number, @intptr_t long first, @intptr_t long second, @intptr_t long third, @intptr_t long fourth);
}
