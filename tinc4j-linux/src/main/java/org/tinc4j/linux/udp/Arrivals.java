package org.tinc4j.linux.udp;

import static org.tinc4j.linux.sys.Sockets.CMSGHDR_DATA;
import static org.tinc4j.linux.sys.Sockets.CMSGHDR_LEVEL;
import static org.tinc4j.linux.sys.Sockets.CMSGHDR_TYPE;
import static org.tinc4j.linux.sys.Sockets.SOL_UDP;
import static org.tinc4j.linux.sys.Sockets.UDP_GRO;
import static org.tinc4j.spi.PacketDevice.HEADROOM_BYTES;

import java.nio.ByteBuffer;
import org.tinc4j.linux.sys.Errno;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;

/**
 * Reads what the kernel says of a message that arrived, in whichever way it came.
 *
 * <p><b>Threads.</b> Confined to the reader.
 */
final class Arrivals {

    private final Senders senders = new Senders();

    /**
     * Marks a buffer as what arrived in it.
     *
     * @param buffer has the content behind the headroom
     * @param length of the content
     * @param memory in native byte order, with the next two
     * @param nameAt where the sender's address is
     * @param controlAt where control messages are
     * @param controlBytes how long those are
     */
    void describe(PacketBuffer buffer, int length, ByteBuffer memory, int nameAt, int controlAt, long controlBytes) {
        buffer.reset(HEADROOM_BYTES, length);
        buffer.remote(senders.read(memory, nameAt));
        int segmentBytes = segmentBytes(memory, controlAt, controlBytes);
        if (segmentBytes > 0 && segmentBytes < length) {
            buffer.segmented(Segmentation.UDP, 0, segmentBytes);
        }
    }

    /** The datagram size of a run; 0 for a single datagram. */
    private static int segmentBytes(ByteBuffer memory, int at, long bytes) {
        boolean run = bytes >= CMSGHDR_DATA + Integer.BYTES
                && memory.getInt(at + CMSGHDR_LEVEL) == SOL_UDP
                && memory.getInt(at + CMSGHDR_TYPE) == UDP_GRO;
        return run ? memory.getInt(at + CMSGHDR_DATA) : 0;
    }

    /** Interrupted, or what ICMP said of something sent earlier: told once, then forgotten by the kernel. */
    static boolean isOfAnotherDatagram(int errno) {
        return switch (errno) {
            case Errno.EINTR, Errno.ECONNREFUSED, Errno.EHOSTUNREACH, Errno.ENETUNREACH, Errno.EHOSTDOWN, Errno.EMSGSIZE,
                    Errno.EPROTO, Errno.ENOPROTOOPT -> true;
            default -> false;
        };
    }
}
