package org.tinc4j.linux.udp;

import java.util.ArrayDeque;
import java.util.Deque;
import com.kenai.jffi.MemoryIO;
import org.tinc4j.linux.sys.Sockets;

/** Calls of the kernel, some of which fail first as those of another kernel do. */
final class RefusingCalls implements MessageCalls {

    /** Errors that the next sends meet, in this order; 0 lets one through. */
    final Deque<Integer> sendErrors = new ArrayDeque<>();

    /** The same for receiving. */
    final Deque<Integer> receiveErrors = new ArrayDeque<>();

    /** What runs are refused with; 0 lets them through. */
    int runErrno;

    /** What the calls for many messages are refused with, whatever the messages; 0 lets them through. */
    int manyErrno;

    /** How many messages sendmmsg(2) takes at once. */
    int atOnce = Integer.MAX_VALUE;

    int sends;
    int receives;

    private static boolean isRun(long message) {
        return MemoryIO.getInstance().getLong(message + Sockets.MSGHDR_CONTROLLEN) > 0;
    }

    @Override
    public int sendmsg(int fd, long message) {
        sends++;
        int errno = next(sendErrors);
        if (errno == 0 && isRun(message)) {
            errno = runErrno;
        }
        return errno == 0 ? KERNEL.sendmsg(fd, message) : -errno;
    }

    @Override
    public int sendmmsg(int fd, long messages, int count) {
        sends++;
        if (manyErrno != 0) {
            return -manyErrno;
        }
        if (count == 0) {
            return KERNEL.sendmmsg(fd, messages, 0);
        }
        int errno = next(sendErrors);
        if (errno == 0 && isRun(messages)) {
            errno = runErrno;
        }
        if (errno != 0) {
            return -errno;
        }
        int taken = 1;
        while (taken < Math.min(count, atOnce) && !(runErrno != 0 && isRun(messages + (long) taken * Sockets.MMSGHDR_SIZE))) {
            taken++;
        }
        return KERNEL.sendmmsg(fd, messages, taken);
    }

    @Override
    public int recvmsg(int fd, long message) {
        receives++;
        int errno = next(receiveErrors);
        return errno == 0 ? KERNEL.recvmsg(fd, message) : -errno;
    }

    @Override
    public int recvmmsg(int fd, long messages, int count) {
        receives++;
        int errno = manyErrno == 0 ? next(receiveErrors) : manyErrno;
        return errno == 0 ? KERNEL.recvmmsg(fd, messages, count) : -errno;
    }

    private static int next(Deque<Integer> errors) {
        return errors.isEmpty() ? 0 : errors.removeFirst();
    }
}
