package org.tinc4j.linux.udp;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.tinc4j.Offload;
import org.tinc4j.linux.grant.GrantedOffloads;
import org.tinc4j.linux.sys.Errno;
import org.tinc4j.spi.DatagramTransport.SendResult;
import org.tinc4j.spi.PacketBatch;

/**
 * Sends batches. One goes through these steps:
 *
 * <ol>
 *   <li>plan messages, runs of datagrams where the kernel cuts them;
 *   <li>hand them over, many in one call where there are many;
 *   <li>what is refused as a run, and all that comes after it in the batch, goes again datagram by datagram;
 *   <li>if the kernel took all datagrams of that run, it is runs that it refuses: no more of them.
 * </ol>
 *
 * <p><b>Threads.</b> Any, in parallel: each call has memory of its own, taken from a few that are kept.
 *
 * <p><b>Errors.</b> None. Nothing here waits: what there is no room for is lost, as it might be on the wire.
 */
final class Sender {

    /** Chosen: senders of a node are its device's readers, its sockets' readers and the control thread; more than that at once is rare. */
    private static final int KEPT = 8;

    /** What an {@link Errno} is compared with where there is none. */
    private static final int NONE = 0;

    private final MessageCalls calls;
    private final GrantedOffloads offloads;
    private final int family;
    private final AtomicReferenceArray<SendMessages> kept = new AtomicReferenceArray<>(KEPT);

    /** @param family of the socket */
    Sender(MessageCalls calls, GrantedOffloads offloads, int family) {
        this.calls = calls;
        this.offloads = offloads;
        this.family = family;
    }

    /**
     * Sends a batch.
     *
     * @param fd of the socket, in use during the call
     * @param batch borrowed
     * @param results receives what became of each buffer
     */
    void send(int fd, PacketBatch batch, SendResult[] results) {
        SendMessages messages = take();
        try {
            Arrays.fill(results, 0, batch.size(), SendResult.SENT);
            send(fd, batch, results, messages);
        } finally {
            messages.end();
            give(messages);
        }
    }

    private void send(int fd, PacketBatch batch, SendResult[] results, SendMessages messages) {
        int refusedErrno = NONE;
        int refusedFirst = 0;
        int refusedEnd = 0;
        messages.begin(batch, 0, offloads.uses(Offload.UDP_SEGMENT), results);
        while (messages.fill()) {
            int at = 0;
            while (at < messages.count()) {
                int sent = hand(fd, messages, at);
                if (sent > 0) {
                    at += sent;
                } else if (messages.isRun(at) && refusesRun(-sent, messages, at)) {
                    refusedErrno = -sent;
                    refusedFirst = messages.firstBuffer(at);
                    refusedEnd = messages.endBuffer(at);
                    messages.begin(batch, refusedFirst, false, results);
                    break;
                } else {
                    lose(-sent, messages, at, results);
                    at++;
                }
            }
        }
        if (refusedErrno != NONE && refusedErrno != Errno.EMSGSIZE && allSent(results, refusedFirst, refusedEnd)) {
            offloads.refuse(Offload.UDP_SEGMENT, "sendmsg with UDP_SEGMENT", refusedErrno,
                    "datagrams leave one by one; see whether the device on the way has checksum offload (ethtool -K DEV tx on)"
                            + " and no IPsec policy applies");
        }
    }

    /**
     * Whether sending the datagrams of a run one by one can do better. A run of several buffers that is too long may end in one that is
     * not. Before Linux 6.14 EINVAL was said of that too.
     */
    private static boolean refusesRun(int errno, SendMessages messages, int at) {
        return switch (errno) {
            case Errno.EIO, Errno.EINVAL, Errno.EOPNOTSUPP, Errno.ENOPROTOOPT -> true;
            case Errno.EMSGSIZE -> messages.endBuffer(at) - messages.firstBuffer(at) > 1;
            default -> false;
        };
    }

    /** Hands over the messages from one on: how many were taken, or the negated errno of the first. */
    private int hand(int fd, SendMessages messages, int at) {
        int result = handOnce(fd, messages, at);
        // Such an error is about an earlier datagram, and has been told now.
        return result == -Errno.ECONNREFUSED ? handOnce(fd, messages, at) : result;
    }

    private int handOnce(int fd, SendMessages messages, int at) {
        int result;
        do {
            int left = messages.count() - at;
            if (left > 1 && offloads.uses(Offload.UDP_BATCH)) {
                result = calls.sendmmsg(fd, messages.address(at), left);
                if (result < 0 && refusesMany(-result, fd, messages.address(at))) {
                    offloads.refuse(Offload.UDP_BATCH, "sendmmsg", -result, "allow it in the seccomp filter of the container");
                    result = -Errno.EINTR;
                }
            } else {
                result = calls.sendmsg(fd, messages.address(at));
                result = result < 0 ? result : 1;
            }
        } while (result == -Errno.EINTR);
        return result;
    }

    /** EPERM is what a container's filter says of the call, and a firewall of a datagram: of no datagrams only the filter says it. */
    private boolean refusesMany(int errno, int fd, long anywhere) {
        return errno == Errno.ENOSYS || errno == Errno.EPERM && calls.sendmmsg(fd, anywhere, 0) < 0;
    }

    private static void lose(int errno, SendMessages messages, int at, SendResult[] results) {
        SendResult result = errno == Errno.EMSGSIZE ? SendResult.TOO_LONG : SendResult.FAILED;
        for (int i = messages.firstBuffer(at); i < messages.endBuffer(at); i++) {
            if (result.compareTo(results[i]) > 0) {
                results[i] = result;
            }
        }
    }

    private static boolean allSent(SendResult[] results, int first, int end) {
        for (int i = first; i < end; i++) {
            if (results[i] != SendResult.SENT) {
                return false;
            }
        }
        return true;
    }

    private SendMessages take() {
        for (int i = 0; i < KEPT; i++) {
            SendMessages messages = kept.get(i);
            if (messages != null && kept.compareAndSet(i, messages, null)) {
                return messages;
            }
        }
        return new SendMessages(family);
    }

    /** One more than can be kept is left to the garbage collector. */
    private void give(SendMessages messages) {
        for (int i = 0; i < KEPT; i++) {
            if (kept.get(i) == null && kept.compareAndSet(i, null, messages)) {
                return;
            }
        }
    }
}
