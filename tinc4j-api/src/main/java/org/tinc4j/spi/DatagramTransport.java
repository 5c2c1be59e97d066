package org.tinc4j.spi;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.tinc4j.Capabilities;

/**
 * One bound UDP socket, in batches. Port; adapters on NIO, on Linux system calls, and in tests.
 *
 * <p><b>Threads.</b> At most one thread receives at a time; any thread may send or close. Calls block from the caller's side.
 */
public interface DatagramTransport extends AutoCloseable {

    /** Longest datagram of a node, and room to spare: C tinc's are 1673 bytes at most. */
    int SINGLE_BYTES = 1936;

    /** Most datagrams in a run. Source: Linux, {@code UDP_MAX_SEGMENTS} before 6.9. */
    int MAX_RUN = 64;

    /** Most bytes in a run: the payload of the largest IPv4 datagram. */
    int MAX_RUN_BYTES = 65507;

    /**
     * Where it is bound.
     *
     * @return the local address with its real port
     */
    InetSocketAddress localAddress();

    /**
     * The largest content that {@link #receive} puts into one buffer.
     *
     * @return bytes, without headroom and tailroom; 65535 for a socket that receives runs
     */
    default int receiveBytes() {
        return SINGLE_BYTES;
    }

    /**
     * How long a run {@link #send} takes in one buffer.
     *
     * @return bytes; {@link #SINGLE_BYTES} for a socket that takes no runs
     */
    default int sendBytes() {
        return SINGLE_BYTES;
    }

    /**
     * Which memory it receives into and sends from without a copy.
     *
     * @return {@link BufferPool.Memory#DIRECT} where buffers are handed to the kernel
     */
    default BufferPool.Memory memory() {
        return BufferPool.Memory.HEAP;
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
     * Blocks until there is at least one datagram, then takes as many as are there and fit. Each lies at an offset of at least
     * {@link PacketDevice#HEADROOM_BYTES} with its sender as {@link PacketBuffer#remote()}; a run of datagrams of one sender may be one buffer of
     * {@link PacketBuffer.Segmentation#UDP} with {@link PacketBuffer#segmentBytes()}, of which the last may be shorter. Equal senders are mostly
     * the same object.
     *
     * @param batch borrowed; its first buffers are overwritten, its size is set
     * @return how many buffers were filled, at least 1
     * @throws IOException if the socket failed, or {@link org.tinc4j.NodeClosedException} once it is closed
     */
    int receive(PacketBatch batch) throws IOException;

    /**
     * Sends every buffer of the batch to its {@link PacketBuffer#remote()}: one datagram, or a run of up to {@link #MAX_RUN} datagrams and
     * {@link #sendBytes()} bytes marked as {@link PacketBuffer.Segmentation#UDP}, of {@link PacketBuffer#segmentBytes()} each but the last, which
     * may be shorter. Datagrams leave in order. What the kernel has no room for is dropped, not waited for.
     *
     * @param batch borrowed
     * @param results receives for each buffer what became of it, for a run the worst; at least as long as the batch
     * @throws IOException {@link org.tinc4j.NodeClosedException} once it is closed
     */
    void send(PacketBatch batch, SendResult[] results) throws IOException;

    /**
     * How to look at it without waiting.
     *
     * @return empty for a socket that can only be read by {@link #receive}
     */
    default Optional<Pollable> pollable() {
        return Optional.empty();
    }

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
