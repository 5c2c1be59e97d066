package org.tinc4j.linux.udp;

import static org.tinc4j.linux.sys.IoUring.CQE_BUFFER_SHIFT;
import static org.tinc4j.linux.sys.IoUring.CQE_F_BUFFER;
import static org.tinc4j.linux.sys.IoUring.CQE_F_MORE;
import static org.tinc4j.linux.sys.IoUring.OP_ASYNC_CANCEL;
import static org.tinc4j.linux.sys.IoUring.OP_RECVMSG;
import static org.tinc4j.linux.sys.IoUring.RECVMSG_OUT_CONTROLLEN;
import static org.tinc4j.linux.sys.IoUring.RECVMSG_OUT_FLAGS;
import static org.tinc4j.linux.sys.IoUring.RECVMSG_OUT_PAYLOADLEN;
import static org.tinc4j.linux.sys.IoUring.RECVMSG_OUT_SIZE;
import static org.tinc4j.linux.sys.IoUring.RECV_MULTISHOT;
import static org.tinc4j.linux.sys.IoUring.SQE_ADDR;
import static org.tinc4j.linux.sys.IoUring.SQE_BUFFER_SELECT;
import static org.tinc4j.linux.sys.IoUring.SQE_BUF_GROUP;
import static org.tinc4j.linux.sys.IoUring.SQE_IOPRIO;
import static org.tinc4j.linux.sys.IoUring.SQE_LEN;
import static org.tinc4j.linux.sys.Sockets.CMSG_SPACE;
import static org.tinc4j.linux.sys.Sockets.MMSGHDR_SIZE;
import static org.tinc4j.linux.sys.Sockets.MSGHDR_CONTROLLEN;
import static org.tinc4j.linux.sys.Sockets.MSGHDR_NAMELEN;
import static org.tinc4j.linux.sys.Sockets.MSG_TRUNC;
import static org.tinc4j.spi.PacketDevice.HEADROOM_BYTES;
import static org.tinc4j.spi.PacketDevice.TAILROOM_BYTES;

import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tinc4j.TransportException;
import org.tinc4j.linux.sys.Errno;
import org.tinc4j.linux.sys.NativeMemory;
import org.tinc4j.linux.uring.BufferRing;
import org.tinc4j.linux.uring.Ring;
import org.tinc4j.linux.uring.RingCalls;
import org.tinc4j.linux.uring.RingRefused;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;

/**
 * Takes what the kernel has received through io_uring: one recvmsg(2) that goes on and on, into buffers that the kernel picks. What is in them is
 * copied into the batch, which is the caller's, and they are given back.
 *
 * <p>The receive ends when no buffer is left, when it meets an error, and instead of its next datagram where the kernel's thread that submitted it
 * has ended; it is started again once all that it brought has been taken.
 *
 * <p><b>Threads.</b> One at a time, any.
 *
 * <p><b>Ownership.</b> The kernel writes to the buffers until the receive has ended, so they must outlive it: {@link #end} waits for that. A socket
 * that is never closed stays known to the reactor, and its memory stays with it.
 *
 * <p><b>Units and shapes.</b> Of a socket that takes runs, 32 buffers of 64 KiB, 2.1 MB; else 64 of 2 KiB, 0.13 MB. Each holds one message:
 *
 * <pre>
 * | struct io_uring_recvmsg_out 16 | address 32 | control message 24 | payload |
 * </pre>
 *
 * <p>The kernel has at most one completion to tell for each buffer, one for the end of the receive and one for its cancellation, fewer than the
 * {@code 2 * Ring.ENTRIES} there is room for.
 */
final class RingReceiver implements Reception {

    private static final Logger LOG = LoggerFactory.getLogger(RingReceiver.class);

    /** Chosen: as much as sixteen batches hold. A power of two, as the next. */
    private static final int RUN_BUFFERS = 32;

    /** Chosen: as many as recvmmsg(2) is asked for. */
    private static final int SINGLE_BUFFERS = 64;

    private static final int NAME = RECVMSG_OUT_SIZE;
    private static final int NAME_BYTES = 32;
    private static final int CONTROL = NAME + NAME_BYTES;
    private static final int PAYLOAD = CONTROL + CMSG_SPACE;

    /** Names of the operations. */
    private static final long RECEIVE = 1;
    private static final long CANCEL = 2;

    /** Starts in one call that bring nothing but errors. Chosen: far more errors than a socket can have had in the meantime. */
    private static final int MAX_STARTS = 100;

    /** How long a cancelled receive may take to end, altogether a second. */
    private static final int END_NANOS = 10_000_000;
    private static final int END_TRIES = 100;

    private final Ring ring;
    private final BufferRing buffers;
    private final ByteBuffer message = NativeMemory.allocate(MMSGHDR_SIZE);
    private final String role;
    private final Arrivals arrivals = new Arrivals();

    /** The kernel has a receive, or its last completion was not taken yet. */
    private boolean receiving;

    private RingReceiver(Ring ring, BufferRing buffers, String role) {
        this.ring = ring;
        this.buffers = buffers;
        this.role = role;
        message.putInt(MSGHDR_NAMELEN, NAME_BYTES).putLong(MSGHDR_CONTROLLEN, CMSG_SPACE);
    }

    /**
     * Makes a ring for a socket, and starts to receive, so that a kernel that refuses does it now.
     *
     * @param fd of the socket
     * @param role for messages
     * @param maxBytes the largest content of a buffer
     * @return its descriptor has to be freed by {@link #end}
     * @throws RingRefused if the kernel does not make one
     */
    static RingReceiver open(RingCalls calls, int fd, String role, int maxBytes) throws RingRefused {
        Ring ring = Ring.open(calls, fd);
        try {
            int count = maxBytes == UdpTransport.RUN_BYTES ? RUN_BUFFERS : SINGLE_BUFFERS;
            RingReceiver receiver = new RingReceiver(ring, new BufferRing(ring, count, PAYLOAD + maxBytes), role);
            receiver.start(false);
            return receiver;
        } catch (RingRefused e) {
            ring.close();
            throw e;
        }
    }

    /** The descriptor of the ring, readable when there is something to take. */
    int fd() {
        return ring.fd();
    }

    @Override
    public int receive(int fd, PacketBatch batch) throws TransportException, RingRefused {
        batch.clear();
        int bytes = 0;
        int starts = 0;
        int errno = 0;
        // Before the caller may wait for the ring, the kernel has to be at work, or to have been.
        while ((receiving || !ring.isEmpty() || starts++ < MAX_STARTS && start(batch.size() > 0))
                && batch.size() < batch.capacity() && bytes < ENOUGH_BYTES && ring.next()) {
            bytes += accept(batch);
            errno = Math.max(-ring.result(), 0);
            if (errno != 0 && !endsReceiveOnly(errno)) {
                break;
            }
        }
        // What was received comes first: the next start meets the error again.
        if (batch.size() == 0 && !receiving && errno != 0) {
            throw SocketFailure.receiving(errno, role);
        }
        return batch.size();
    }

    /** Whether the receive can be started again. */
    private static boolean endsReceiveOnly(int errno) {
        return errno == Errno.ENOBUFS || errno == Errno.ECANCELED || errno == Errno.EAGAIN || Arrivals.isOfAnotherDatagram(errno);
    }

    /** Starts the receive. If that fails with something received, which comes first, the next start fails again. */
    private boolean start(boolean received) throws RingRefused {
        int at = ring.add(OP_RECVMSG, SQE_BUFFER_SELECT, RECEIVE);
        ring.submissions().putShort(at + SQE_IOPRIO, (short) RECV_MULTISHOT).putShort(at + SQE_BUF_GROUP, (short) BufferRing.GROUP);
        ring.submissions().putLong(at + SQE_ADDR, NativeMemory.address(message)).putInt(at + SQE_LEN, 1);
        int taken = ring.submit();
        receiving = taken == 1;
        if (!receiving && !received) {
            throw new RingRefused("io_uring_enter", taken < 0 ? -taken : Errno.ENOMEM);
        }
        return receiving;
    }

    /** Takes the completion that the ring is at: how many bytes it brought. */
    private int accept(PacketBatch batch) {
        int flags = ring.flags();
        receiving &= (flags & CQE_F_MORE) != 0;
        if ((flags & CQE_F_BUFFER) == 0) {
            return 0;
        }
        int id = flags >>> CQE_BUFFER_SHIFT;
        int bytes = ring.result() < 0 ? 0 : copy(batch, buffers.offset(id));
        buffers.giveBack(id);
        return bytes;
    }

    private int copy(PacketBatch batch, int at) {
        ByteBuffer memory = buffers.memory();
        int length = memory.getInt(at + RECVMSG_OUT_PAYLOADLEN);
        int room = batch.get(batch.size()).capacity() - HEADROOM_BYTES - TAILROOM_BYTES;
        if (length > room || (memory.getInt(at + RECVMSG_OUT_FLAGS) & MSG_TRUNC) != 0) {
            return length; // Longer than anything a node sends.
        }
        PacketBuffer buffer = batch.next();
        // The one copy more than other ways to receive have: the batch's buffers are the caller's, these are the kernel's.
        buffer.memory().put(HEADROOM_BYTES, memory, at + PAYLOAD, length);
        arrivals.describe(buffer, length, memory, at + NAME, at + CONTROL, memory.getInt(at + RECVMSG_OUT_CONTROLLEN));
        return length;
    }

    /**
     * Cancels the receive, waits until the kernel has told its end, and frees the ring. The kernel's thread that submitted it is interrupted for
     * that wherever it is, so it takes microseconds. Where it takes more than a second memory and ring are given up, not freed.
     *
     * @param fd of the ring; nobody uses it any more
     */
    void end(int fd) {
        for (int tries = 0; receiving && tries < END_TRIES; tries++) {
            ring.submissions().putLong(ring.add(OP_ASYNC_CANCEL, 0, CANCEL) + SQE_ADDR, RECEIVE);
            ring.submit();
            drain();
            if (receiving) {
                ring.awaitWithin(END_NANOS);
                drain();
            }
        }
        if (receiving) {
            LOG.warn("a receive through io_uring on {} did not end within a second; its memory is not freed before this process ends", role);
            ring.abandon(this);
        } else {
            ring.close();
        }
    }

    /** Drops what has arrived. */
    private void drain() {
        while (ring.next()) {
            if (ring.userData() == RECEIVE) {
                receiving &= (ring.flags() & CQE_F_MORE) != 0;
            }
        }
    }
}
