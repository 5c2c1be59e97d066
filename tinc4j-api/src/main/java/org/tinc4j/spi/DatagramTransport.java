package org.tinc4j.spi;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * One bound UDP socket, in batches. Port; adapters on NIO, on Linux system calls, and in tests.
 *
 * <p><b>Threads.</b> At most one thread receives at a time; any thread may send or close. Calls block from the caller's side.
 */
public interface DatagramTransport extends AutoCloseable {

    /**
     * Where it is bound.
     *
     * @return the local address with its real port
     */
    InetSocketAddress localAddress();

    /**
     * Blocks until there is at least one datagram, then takes as many as are there and fit. Each lies at an offset of at least
     * {@link PacketDevice#HEADROOM_BYTES} with its sender as {@link PacketBuffer#remote()}; a run of equal datagrams may be one
     * buffer with {@link PacketBuffer#segmentBytes()}.
     *
     * @param batch borrowed; its first buffers are overwritten, its size is set
     * @return how many buffers were filled, at least 1
     * @throws IOException if the socket failed, or {@link org.tinc4j.NodeClosedException} once it is closed
     */
    int receive(PacketBatch batch) throws IOException;

    /**
     * Sends every buffer of the batch to its {@link PacketBuffer#remote()}. What the kernel has no room for is dropped, not
     * waited for.
     *
     * @param batch borrowed
     * @param results receives for each buffer what became of it; at least as long as the batch
     * @throws IOException {@link org.tinc4j.NodeClosedException} once it is closed
     */
    void send(PacketBatch batch, SendResult[] results) throws IOException;

    /** What became of one buffer. */
    enum SendResult {
        /** Handed to the kernel. */
        SENT,
        /** Longer than the path allows and not to be fragmented. */
        TOO_LONG,
        /** No room, no route, refused: lost like a datagram on the wire. */
        FAILED
    }

    /** Wakes a blocked receiver with an exception and frees the socket. Idempotent. */
    @Override
    void close();
}
