package org.tinc4j.linux.udp;

import org.tinc4j.linux.sys.Errno;
import org.tinc4j.linux.sys.Sockets;
import org.tinc4j.linux.uring.BatchRing;

/**
 * Sends many messages through io_uring, where there is a ring and nobody is in it, and leaves all else to system calls. Each message waits for the
 * one before, and what comes after one that is refused is cancelled, so that a caller sees what sendmmsg(2) would have done.
 */
record RingSends(MessageCalls calls, BatchRing ring) implements MessageCalls {

    @Override
    public int sendmmsg(int fd, long messages, int count) {
        BatchRing.Batch batch = ring.take();
        if (batch == null) {
            return calls.sendmmsg(fd, messages, count);
        }
        int sent;
        int errno;
        try {
            sent = send(batch, messages, Math.min(count, BatchRing.Batch.OPERATIONS));
            errno = sent > 0 ? 0 : -batch.result(0);
        } finally {
            ring.give(batch);
        }
        // Nothing was sent, and not for a reason of the first message's.
        return sent < 0 || errno == Errno.ECANCELED ? calls.sendmmsg(fd, messages, count) : sent > 0 ? sent : -errno;
    }

    /** How many were sent; -1 if the ring took none. */
    private static int send(BatchRing.Batch batch, long messages, int count) {
        for (int i = 0; i < count; i++) {
            batch.sendmsg(messages + (long) i * Sockets.MMSGHDR_SIZE, i == count - 1);
        }
        int done = batch.run();
        int sent = 0;
        while (sent < done && batch.result(sent) >= 0) {
            sent++;
        }
        return done == 0 ? -1 : sent;
    }

    @Override
    public int sendmsg(int fd, long message) {
        return calls.sendmsg(fd, message);
    }

    @Override
    public int recvmsg(int fd, long message) {
        return calls.recvmsg(fd, message);
    }

    @Override
    public int recvmmsg(int fd, long messages, int count) {
        return calls.recvmmsg(fd, messages, count);
    }
}
