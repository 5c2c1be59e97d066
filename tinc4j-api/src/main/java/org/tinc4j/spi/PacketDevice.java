package org.tinc4j.spi;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tinc4j.Capabilities;

/**
 * Where inner IP packets come from and go to: a kernel TUN, or something in this process. Port; one adapter per platform.
 *
 * <p><b>Threads.</b> At most one thread reads at a time; any thread may write or close. Calls block from the caller's side.
 */
public interface PacketDevice extends AutoCloseable {

    /**
     * Bytes a reader leaves free before each packet, for the headers of all layers below. With the type byte that is sealed too, ciphers find 64
     * bytes before their text.
     */
    int HEADROOM_BYTES = 80;

    /** Bytes a reader leaves free after each packet, for the tag. */
    int TAILROOM_BYTES = 32;

    /**
     * What it is.
     *
     * @return name and MTU, fixed for its life
     */
    DeviceInfo info();

    /**
     * The largest content that {@link #read} puts into one buffer.
     *
     * @return bytes, without headroom and tailroom; the MTU, or 65535 for a device that reads super-packets
     */
    default int readBytes() {
        return info().mtuBytes();
    }

    /**
     * How many buffers of a batch, its first, have to hold {@link #readBytes()}; the others may be of MTU size. Also how many super-packets are
     * worth having under way to {@link #write} at once. A number well below a batch saves memory where there are many nodes in one process.
     *
     * @return at least 1; all of them unless a device says otherwise
     */
    default int superPackets() {
        return Integer.MAX_VALUE;
    }

    /**
     * Whether {@link #write} takes super-packets: TCP ({@link PacketBuffer#segmentation()}), with the checksum to be completed.
     *
     * @return the kinds it takes; may become fewer while the device is open
     */
    default Set<PacketBuffer.Segmentation> writes() {
        return Set.of(PacketBuffer.Segmentation.NONE);
    }

    /**
     * Which memory it reads and writes without a copy.
     *
     * @return {@link BufferPool.Memory#DIRECT} for a device of the kernel's
     */
    default BufferPool.Memory memory() {
        return BufferPool.Memory.HEAP;
    }

    /**
     * Further queues of the same interface, each to be read by a thread of its own. A flow stays on the queue it was last written to.
     *
     * @return none where there is one queue only; their {@link #close} does nothing that closing this device does not do
     */
    default List<? extends PacketDevice> moreQueues() {
        return List.of();
    }

    /**
     * What the system does for it.
     *
     * @return as of now
     */
    default Capabilities capabilities() {
        return Capabilities.NONE;
    }

    /**
     * Blocks until there is at least one packet, then reads as many as are there and fit. Each lies at an offset of at least
     * {@link #HEADROOM_BYTES} and leaves {@link #TAILROOM_BYTES} behind it. One buffer may stand for several packets of one flow, or lack its
     * checksum: its segmentation and checksum marks say so. One whose marks would be wrong is handed over empty, and the node counts it as
     * {@link org.tinc4j.DropReason#MALFORMED_PACKET}.
     *
     * @param batch borrowed; its first packets are overwritten, its size is set
     * @return how many packets were read, at least 1
     * @throws IOException if the device failed, or {@link org.tinc4j.NodeClosedException} once it is closed
     */
    int read(PacketBatch batch) throws IOException;

    /**
     * Writes every packet of the batch. A packet the device has no room for is dropped, not waited for.
     *
     * @param batch borrowed; contents may be changed, {@link #HEADROOM_BYTES} before each packet too
     * @return how many buffers were taken
     * @throws IOException if the device failed, or {@link org.tinc4j.NodeClosedException} once it is closed
     */
    int write(PacketBatch batch) throws IOException;

    /**
     * The host's routing table, where the device has one.
     *
     * @return empty for a device without routes, or one that somebody else configures
     */
    default Optional<RouteTable> routes() {
        return Optional.empty();
    }

    /**
     * How to look at it without waiting.
     *
     * @return empty for a device that can only be read by {@link #read}
     */
    default Optional<Pollable> pollable() {
        return Optional.empty();
    }

    /** Wakes a blocked reader with an exception, undoes all that opening did, frees everything. Idempotent. */
    @Override
    void close();
}
