package org.tinc4j.linux.udp;

import static org.tinc4j.linux.sys.Sockets.CMSG_SPACE;
import static org.tinc4j.linux.sys.Sockets.IOVEC_BASE;
import static org.tinc4j.linux.sys.Sockets.IOVEC_LEN;
import static org.tinc4j.linux.sys.Sockets.IOVEC_SIZE;
import static org.tinc4j.linux.sys.Sockets.MMSGHDR_LEN;
import static org.tinc4j.linux.sys.Sockets.MMSGHDR_SIZE;
import static org.tinc4j.linux.sys.Sockets.MSGHDR_CONTROL;
import static org.tinc4j.linux.sys.Sockets.MSGHDR_CONTROLLEN;
import static org.tinc4j.linux.sys.Sockets.MSGHDR_FLAGS;
import static org.tinc4j.linux.sys.Sockets.MSGHDR_IOV;
import static org.tinc4j.linux.sys.Sockets.MSGHDR_IOVLEN;
import static org.tinc4j.linux.sys.Sockets.MSGHDR_NAME;
import static org.tinc4j.linux.sys.Sockets.MSGHDR_NAMELEN;
import static org.tinc4j.linux.sys.Sockets.MSG_TRUNC;
import static org.tinc4j.linux.sys.Sockets.SOCKADDR_IN6_SIZE;
import static org.tinc4j.spi.PacketDevice.HEADROOM_BYTES;
import static org.tinc4j.spi.PacketDevice.TAILROOM_BYTES;

import java.nio.ByteBuffer;
import org.tinc4j.Offload;
import org.tinc4j.TransportException;
import org.tinc4j.linux.grant.GrantedOffloads;
import org.tinc4j.linux.sys.Errno;
import org.tinc4j.linux.sys.NativeMemory;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;

/**
 * Takes what has arrived by recvmsg(2) and its like. Off-heap buffers are received into; for others there is memory to copy from.
 *
 * <p><b>Threads.</b> One at a time.
 *
 * <p><b>Units and shapes.</b> Message i of a call is received through slot i: a {@code mmsghdr} with one {@code iovec}, an address and
 * room for one control message, the datagram size of a run. Nothing else is asked of the kernel, so nothing else comes.
 */
final class Receiver implements Reception {

    private static final int SLOTS = 64;

    private static final int NAME_BYTES = 32;

    private static final int CONTROLS = SLOTS * MMSGHDR_SIZE;
    private static final int NAMES = CONTROLS + SLOTS * CMSG_SPACE;
    private static final int PARTS = NAMES + SLOTS * NAME_BYTES;
    private static final int TOTAL_BYTES = PARTS + SLOTS * IOVEC_SIZE;

    private final MessageCalls calls;
    private final GrantedOffloads offloads;
    private final String role;
    private final int maxBytes;
    private final Arrivals arrivals = new Arrivals();

    private final ByteBuffer memory = NativeMemory.allocate(TOTAL_BYTES);
    private final long address = NativeMemory.address(memory);

    /** What each slot points at. A reader brings the same buffers again and again, so this spares asking for their address. */
    private final ByteBuffer[] targets = new ByteBuffer[SLOTS];

    /** Slots that the kernel has written to. */
    private int used;

    /** The largest message of the last call: how many to ask for next. */
    private int likelyBytes;

    /** Made by the first buffer on the heap. */
    private ByteBuffer copies;

    /**
     * A receiver.
     *
     * @param role for messages
     * @param maxBytes the largest content of a buffer
     */
    Receiver(MessageCalls calls, GrantedOffloads offloads, String role, int maxBytes) {
        this.calls = calls;
        this.offloads = offloads;
        this.role = role;
        this.maxBytes = maxBytes;
        this.likelyBytes = maxBytes;
        for (int i = 0; i < SLOTS; i++) {
            int header = i * MMSGHDR_SIZE;
            memory.putLong(header + MSGHDR_NAME, address + NAMES + i * NAME_BYTES);
            memory.putLong(header + MSGHDR_IOV, address + PARTS + i * IOVEC_SIZE).putLong(header + MSGHDR_IOVLEN, 1);
            memory.putLong(header + MSGHDR_CONTROL, address + CONTROLS + i * CMSG_SPACE);
        }
        used = SLOTS;
        forgetUse();
    }

    @Override
    public int receive(int fd, PacketBatch batch) throws TransportException {
        batch.clear();
        int bytes = 0;
        while (batch.size() < batch.capacity() && bytes + likelyBytes <= ENOUGH_BYTES) {
            int wanted = point(batch, Math.min(batch.capacity() - batch.size(), perCall()));
            int taken = take(fd, wanted);
            if (taken < 0) {
                if (isFailure(-taken, batch.size())) {
                    throw SocketFailure.receiving(-taken, role);
                }
                break;
            }
            bytes += accept(batch, taken);
            if (taken < wanted) {
                break;
            }
        }
        return batch.size();
    }

    /** How many messages to ask for. */
    private int perCall() {
        return offloads.uses(Offload.UDP_BATCH) ? Math.clamp(ENOUGH_BYTES / likelyBytes, 1, SLOTS) : 1;
    }

    /** What was received comes first: the error is still there at the next call. */
    private static boolean isFailure(int errno, int received) {
        return errno != Errno.EAGAIN && received == 0;
    }

    /** Points slots at the free buffers of the batch: how many slots. */
    private int point(PacketBatch batch, int wanted) {
        forgetUse();
        for (int i = 0; i < wanted; i++) {
            PacketBuffer buffer = batch.get(batch.size() + i);
            int room = Math.min(maxBytes, buffer.capacity() - HEADROOM_BYTES - TAILROOM_BYTES);
            if (!buffer.memory().isDirect() && (i + 1) * maxBytes > ENOUGH_BYTES) {
                return i;
            }
            point(i, buffer.memory(), room);
        }
        return wanted;
    }

    private void point(int slot, ByteBuffer target, int room) {
        int part = PARTS + slot * IOVEC_SIZE;
        memory.putLong(part + IOVEC_LEN, room);
        if (targets[slot] == target) {
            return;
        }
        targets[slot] = target;
        if (target.isDirect()) {
            memory.putLong(part + IOVEC_BASE, NativeMemory.address(target) + HEADROOM_BYTES);
        } else {
            if (copies == null) {
                copies = NativeMemory.allocate(ENOUGH_BYTES);
            }
            memory.putLong(part + IOVEC_BASE, NativeMemory.address(copies) + slot * maxBytes);
        }
    }

    /** The kernel has put lengths where it is told how much room there is. */
    private void forgetUse() {
        for (int i = 0; i < used; i++) {
            memory.putInt(i * MMSGHDR_SIZE + MSGHDR_NAMELEN, SOCKADDR_IN6_SIZE);
            memory.putLong(i * MMSGHDR_SIZE + MSGHDR_CONTROLLEN, CMSG_SPACE);
        }
        used = 0;
    }

    /** Receives through the first slots: how many messages, or a negated errno. */
    private int take(int fd, int wanted) {
        int result;
        do {
            if (wanted > 1 && offloads.uses(Offload.UDP_BATCH)) {
                result = calls.recvmmsg(fd, address, wanted);
                // The latter is what a container's filter says; receiving itself needs no permission.
                if (result == -Errno.ENOSYS || result == -Errno.EPERM) {
                    offloads.refuse(Offload.UDP_BATCH, "recvmmsg", -result, "allow it in the seccomp filter of the container");
                    result = -Errno.EINTR;
                }
            } else {
                result = calls.recvmsg(fd, address);
                if (result >= 0) {
                    memory.putInt(MMSGHDR_LEN, result);
                    result = 1;
                }
            }
        } while (result < 0 && Arrivals.isOfAnotherDatagram(-result));
        used = Math.max(result, 0);
        return result;
    }

    /** Adds the messages in the first slots to the batch: their bytes together. */
    private int accept(PacketBatch batch, int taken) {
        int first = batch.size();
        int bytes = 0;
        likelyBytes = 1;
        for (int slot = 0; slot < taken; slot++) {
            int length = memory.getInt(slot * MMSGHDR_SIZE + MMSGHDR_LEN);
            bytes += length;
            likelyBytes = Math.max(likelyBytes, length);
            if ((memory.getInt(slot * MMSGHDR_SIZE + MSGHDR_FLAGS) & MSG_TRUNC) != 0) {
                continue; // Longer than anything a node sends.
            }
            PacketBuffer buffer = batch.next();
            moveInto(buffer, slot, first + slot == batch.size() - 1, length);
            long controlBytes = memory.getLong(slot * MMSGHDR_SIZE + MSGHDR_CONTROLLEN);
            arrivals.describe(buffer, length, memory, NAMES + slot * NAME_BYTES, CONTROLS + slot * CMSG_SPACE, controlBytes);
        }
        return bytes;
    }

    /** Copied is what was received for the heap, and what follows a message that was dropped. */
    private void moveInto(PacketBuffer buffer, int slot, boolean inPlace, int length) {
        ByteBuffer target = targets[slot];
        if (!target.isDirect()) {
            buffer.memory().put(HEADROOM_BYTES, copies, slot * maxBytes, length);
        } else if (!inPlace) {
            buffer.memory().put(HEADROOM_BYTES, target, HEADROOM_BYTES, length);
        }
    }
}
