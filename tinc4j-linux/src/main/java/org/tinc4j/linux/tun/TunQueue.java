package org.tinc4j.linux.tun;

import static org.tinc4j.spi.PacketDevice.HEADROOM_BYTES;
import static org.tinc4j.spi.PacketDevice.TAILROOM_BYTES;

import java.nio.ByteBuffer;
import org.tinc4j.linux.sys.Errno;
import org.tinc4j.linux.sys.NativeMemory;
import org.tinc4j.linux.sys.SystemCalls;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;

/**
 * How packets lie in the memory that a TUN reads and writes: one IP packet per system call, with nothing before it. What else may
 * stand there (a virtio-net header) is this class's affair alone.
 *
 * <p><b>Threads.</b> Any; off-heap memory for packets in Java arrays belongs to the thread.
 *
 * <p><b>Ownership.</b> Buffers are borrowed during the call.
 */
final class TunQueue {

    /** Longest IP packet. */
    private static final int MAX_PACKET_BYTES = 65_535;

    /** The kernel cannot be pointed at a Java array, so those packets are copied through this. Made by the first that is. */
    private final ThreadLocal<ByteBuffer> scratch = ThreadLocal.withInitial(() -> NativeMemory.allocate(MAX_PACKET_BYTES));

    /**
     * Reads one packet.
     *
     * @param fd of the TUN
     * @param packet receives it
     * @return its length, or a negated errno; -EAGAIN if there is none
     */
    int read(int fd, PacketBuffer packet) {
        ByteBuffer memory = packet.memory();
        int room = packet.capacity() - HEADROOM_BYTES - TAILROOM_BYTES;
        int length;
        if (memory.isDirect()) {
            length = read(fd, NativeMemory.address(memory) + HEADROOM_BYTES, room);
        } else {
            ByteBuffer copy = scratch.get();
            length = read(fd, NativeMemory.address(copy), Math.min(room, MAX_PACKET_BYTES));
            if (length > 0) {
                memory.put(HEADROOM_BYTES, copy, 0, length);
            }
        }
        if (length >= 0) {
            packet.reset(HEADROOM_BYTES, length);
        }
        return length;
    }

    /**
     * Writes one packet. One that stands for several, or lacks its checksum, is refused: this queue offers no offload.
     *
     * @param fd of the TUN
     * @param packet complete
     * @return its length, or a negated errno
     */
    int write(int fd, PacketBuffer packet) {
        if (packet.segmentation() != Segmentation.NONE
                || packet.checksumStart() >= 0
                || packet.length() > MAX_PACKET_BYTES) {
            return -Errno.EINVAL;
        }
        ByteBuffer memory = packet.memory();
        if (memory.isDirect()) {
            return write(fd, NativeMemory.address(memory) + packet.offset(), packet.length());
        }
        ByteBuffer copy = scratch.get();
        copy.put(0, memory, packet.offset(), packet.length());
        return write(fd, NativeMemory.address(copy), packet.length());
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
