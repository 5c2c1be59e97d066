package org.tinc4j.spi;

import java.io.IOException;
import java.util.Optional;

/**
 * Where inner IP packets come from and go to: a kernel TUN, or something in this process. Port; one adapter per platform.
 *
 * <p><b>Threads.</b> At most one thread reads at a time; any thread may write or close. Calls block from the caller's side.
 */
public interface PacketDevice extends AutoCloseable {

    /** Bytes a reader leaves free before each packet, for the headers of all layers below. */
    int HEADROOM_BYTES = 64;

    /** Bytes a reader leaves free after each packet, for the tag. */
    int TAILROOM_BYTES = 32;

    /**
     * What it is.
     *
     * @return name and MTU, fixed for its life
     */
    DeviceInfo info();

    /**
     * Blocks until there is at least one packet, then reads as many as are there and fit. Each lies at an offset of at least
     * {@link #HEADROOM_BYTES} and leaves {@link #TAILROOM_BYTES} behind it.
     *
     * @param batch borrowed; its first packets are overwritten, its size is set
     * @return how many packets were read, at least 1
     * @throws IOException if the device failed, or {@link org.tinc4j.NodeClosedException} once it is closed
     */
    int read(PacketBatch batch) throws IOException;

    /**
     * Writes every packet of the batch. A packet the device has no room for is dropped, not waited for.
     *
     * @param batch borrowed; contents may be changed
     * @return how many packets were taken
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

    /** Wakes a blocked reader with an exception, undoes all that opening did, frees everything. Idempotent. */
    @Override
    void close();
}
