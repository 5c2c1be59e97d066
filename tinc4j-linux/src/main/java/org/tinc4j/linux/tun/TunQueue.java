package org.tinc4j.linux.tun;

import static org.tinc4j.spi.PacketDevice.HEADROOM_BYTES;
import static org.tinc4j.spi.PacketDevice.TAILROOM_BYTES;

import java.nio.ByteBuffer;
import org.tinc4j.linux.sys.Errno;
import org.tinc4j.linux.sys.NativeMemory;
import org.tinc4j.linux.sys.SystemCalls;
import org.tinc4j.linux.sys.VirtioNet;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;

/**
 * How packets lie in the memory that a TUN reads and writes: one IP packet or super-packet per system call, behind a virtio-net header where
 * the interface has one. The header lies in the last bytes of the headroom, so that neither is copied.
 *
 * <pre>
 * | headroom ... | virtio-net header 10 | packet ... |
 * </pre>
 *
 * <p><b>Threads.</b> Any; off-heap memory for packets in Java arrays belongs to the thread.
 *
 * <p><b>Ownership.</b> Buffers are borrowed during the call.
 */
final class TunQueue {

    /** What stands before a packet. */
    enum Framing {
        /** Nothing. */
        BARE(0),
        /** A virtio-net header. */
        VIRTIO(VirtioNet.SIZE);

        private final int bytes;

        Framing(int bytes) {
            this.bytes = bytes;
        }
    }

    /** Longest IP packet. */
    static final int MAX_PACKET_BYTES = 65_535;

    private final Framing framing;

    /** The kernel cannot be pointed at a Java array, so those packets are copied through this. Made by the first that is. */
    private final ThreadLocal<ByteBuffer> scratch =
            ThreadLocal.withInitial(() -> NativeMemory.allocate(VirtioNet.SIZE + MAX_PACKET_BYTES));

    TunQueue(Framing framing) {
        this.framing = framing;
    }

    /**
     * Reads one packet or super-packet.
     *
     * @param fd of the TUN
     * @param packet receives it, marks and all
     * @return its length, or a negated errno; -EAGAIN if there is none, -EBADMSG if it is there but its header does not fit it
     */
    int read(int fd, PacketBuffer packet) {
        ByteBuffer memory = packet.memory();
        int room = packet.capacity() - HEADROOM_BYTES - TAILROOM_BYTES;
        ByteBuffer header = memory;
        int headerAt = HEADROOM_BYTES - framing.bytes;
        int length;
        if (memory.isDirect()) {
            length = read(fd, NativeMemory.address(memory) + headerAt, room + framing.bytes) - framing.bytes;
        } else {
            header = scratch.get();
            headerAt = 0;
            length = read(fd, NativeMemory.address(header), Math.min(room, MAX_PACKET_BYTES) + framing.bytes) - framing.bytes;
            if (length > 0) {
                memory.put(HEADROOM_BYTES, header, framing.bytes, length);
            }
        }
        if (length < 0) {
            return length + framing.bytes;
        }
        packet.reset(HEADROOM_BYTES, length);
        if (framing == Framing.VIRTIO && !VirtioHeader.read(header, headerAt, packet)) {
            return -Errno.EBADMSG;
        }
        return length;
    }

    /**
     * The virtio-net header of what was read last, for a message.
     *
     * @param packet as {@link #read} left it
     * @return its fields
     */
    String describeHeader(PacketBuffer packet) {
        return packet.memory().isDirect()
                ? VirtioHeader.describe(packet.memory(), HEADROOM_BYTES - framing.bytes)
                : VirtioHeader.describe(scratch.get(), 0);
    }

    /**
     * Writes one packet or super-packet. What needs a virtio-net header is refused without one.
     *
     * @param fd of the TUN
     * @param packet with its marks; the bytes before it are overwritten
     * @return not negative, or a negated errno
     */
    int write(int fd, PacketBuffer packet) {
        int refusal = refusal(packet);
        if (refusal != 0) {
            return refusal;
        }
        if (packet.memory().isDirect()) {
            return write(fd, framed(packet), framedBytes(packet));
        }
        ByteBuffer copy = scratch.get();
        if (framing == Framing.VIRTIO) {
            VirtioHeader.write(packet, copy, 0);
        }
        copy.put(framing.bytes, packet.memory(), packet.offset(), packet.length());
        return write(fd, NativeMemory.address(copy), framedBytes(packet));
    }

    /**
     * Why a packet cannot be written.
     *
     * @return a negated errno, or 0 if it can be
     */
    int refusal(PacketBuffer packet) {
        if (packet.length() > MAX_PACKET_BYTES) {
            return -Errno.EMSGSIZE;
        }
        boolean marked = packet.segmentation() != Segmentation.NONE || packet.checksumStart() >= 0;
        return marked && framing == Framing.BARE ? -Errno.EINVAL : 0;
    }

    /**
     * Puts a packet in off-heap memory into the shape that is written.
     *
     * @param packet with its marks; the bytes before it are overwritten
     * @return address of what to write
     */
    long framed(PacketBuffer packet) {
        ByteBuffer memory = packet.memory();
        int at = packet.offset() - framing.bytes;
        if (framing == Framing.VIRTIO) {
            VirtioHeader.write(packet, memory, at);
        }
        return NativeMemory.address(memory) + at;
    }

    /** How long the packet is in the shape that is written. */
    int framedBytes(PacketBuffer packet) {
        return framing.bytes + packet.length();
    }

    private static int read(int fd, long address, int count) {
        int result;
        do {
            result = SystemCalls.read(fd, address, count);
        } while (result == -Errno.EINTR);
        return result;
    }

    private static int write(int fd, long address, int count) {
        int result;
        do {
            result = SystemCalls.write(fd, address, count);
        } while (result == -Errno.EINTR);
        return result;
    }
}
