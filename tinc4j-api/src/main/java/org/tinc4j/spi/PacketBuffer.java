package org.tinc4j.spi;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * A fixed block of memory with a packet or datagram somewhere inside, and room before and after it so that every layer
 * writes in place. Integers in it are big-endian.
 *
 * <pre>
 * | headroom | offset -> content of length bytes | tailroom |
 * </pre>
 *
 * <p><b>Threads.</b> One owner at a time; not for concurrent use.
 *
 * <p><b>Units and shapes.</b> Offsets and lengths in bytes. Segmentation metadata follow virtio 1.2 section 5.1.6: they describe
 * content that stands for several packets of one flow ({@link #segmentBytes()} each), or a packet whose checksum is still to be
 * completed.
 */
public final class PacketBuffer {

    /** How the content is to be cut into packets. */
    public enum Segmentation {
        /** It is one packet. */
        NONE,
        /** TCP over IPv4, cut into segments. */
        TCP_V4,
        /** TCP over IPv6, cut into segments. */
        TCP_V6,
        /** UDP, cut into datagrams of their own; or an outer datagram run of equal sizes. */
        UDP
    }

    private static final ByteBuffer NO_MEMORY = ByteBuffer.allocate(0);

    private ByteBuffer memory;
    private int offset;
    private int length;
    private InetSocketAddress remote;
    private int trafficClass;
    private Segmentation segmentation = Segmentation.NONE;
    private int segmentBytes;
    private int headerBytes;
    private int checksumStart = -1;
    private int checksumOffset;

    /**
     * A buffer over a block.
     *
     * @param memory the whole block; its position and limit are not used or changed
     */
    public PacketBuffer(ByteBuffer memory) {
        this.memory = memory.duplicate().clear();
    }

    /**
     * A buffer without memory of its own, to be laid over others with {@link #over}.
     *
     * @return an empty buffer
     */
    public static PacketBuffer floating() {
        return new PacketBuffer(NO_MEMORY);
    }

    /**
     * Lays this buffer over part of another's block, for one of several packets in it. Forgets all metadata.
     *
     * @param block whose memory it shares from now on
     * @param newOffset first byte of the content
     * @param newLength its length
     * @return this
     * @throws IndexOutOfBoundsException if it does not fit the block
     */
    public PacketBuffer over(PacketBuffer block, int newOffset, int newLength) {
        memory = block.memory;
        reset(newOffset, newLength);
        return this;
    }

    /**
     * The whole block, position 0, limit at its capacity. Use absolute accessors, or a duplicate.
     *
     * @return the block itself, not a copy
     */
    public ByteBuffer memory() {
        return memory;
    }

    /**
     * Where the content starts.
     *
     * @return bytes from the start of the block
     */
    public int offset() {
        return offset;
    }

    /**
     * Length of the content.
     *
     * @return bytes
     */
    public int length() {
        return length;
    }

    /**
     * Size of the block.
     *
     * @return bytes
     */
    public int capacity() {
        return memory.capacity();
    }

    /**
     * States where the content lies and forgets all metadata.
     *
     * @param newOffset first byte of the content
     * @param newLength its length
     * @throws IndexOutOfBoundsException if it does not fit the block
     */
    public void reset(int newOffset, int newLength) {
        move(newOffset, newLength);
        remote = null;
        trafficClass = 0;
        segmentation = Segmentation.NONE;
        segmentBytes = 0;
        headerBytes = 0;
        checksumStart = -1;
        checksumOffset = 0;
    }

    /**
     * Moves the ends of the content, keeping the metadata: a header was written before it, or a trailer cut off.
     *
     * @param newOffset first byte of the content
     * @param newLength its length
     * @throws IndexOutOfBoundsException if it does not fit the block
     */
    public void move(int newOffset, int newLength) {
        java.util.Objects.checkFromIndexSize(newOffset, newLength, memory.capacity());
        offset = newOffset;
        length = newLength;
    }

    /**
     * The content as a buffer of its own.
     *
     * @return a new view, position at the content's start, limit at its end
     */
    public ByteBuffer view() {
        return memory.duplicate().position(offset).limit(offset + length);
    }

    /**
     * Whom an outer datagram came from, or goes to.
     *
     * @return the address; null when none was set
     */
    public InetSocketAddress remote() {
        return remote;
    }

    /**
     * Sets the outer address.
     *
     * @param address whom it came from, or goes to
     */
    public void remote(InetSocketAddress address) {
        remote = address;
    }

    /**
     * How routers are to treat the outer datagrams.
     *
     * @return type of service or traffic class, 0 to 255; 0 for no wish
     */
    public int trafficClass() {
        return trafficClass;
    }

    /**
     * Sets how routers are to treat the outer datagrams; a transport that cannot pass it on ignores it.
     *
     * @param newTrafficClass type of service or traffic class, 0 to 255
     */
    public void trafficClass(int newTrafficClass) {
        trafficClass = newTrafficClass;
    }

    /**
     * How the content is to be cut.
     *
     * @return {@link Segmentation#NONE} for a single packet
     */
    public Segmentation segmentation() {
        return segmentation;
    }

    /**
     * Payload bytes of each segment but the last.
     *
     * @return 0 for a single packet
     */
    public int segmentBytes() {
        return segmentBytes;
    }

    /**
     * Bytes of headers that each segment repeats.
     *
     * @return 0 for a single packet
     */
    public int headerBytes() {
        return headerBytes;
    }

    /**
     * Marks the content as several packets.
     *
     * @param kind what is cut
     * @param newHeaderBytes headers to repeat, in bytes
     * @param newSegmentBytes payload of each segment, in bytes
     */
    public void segmented(Segmentation kind, int newHeaderBytes, int newSegmentBytes) {
        segmentation = kind;
        headerBytes = newHeaderBytes;
        segmentBytes = newSegmentBytes;
    }

    /**
     * Where the checksum that is still to be completed starts summing.
     *
     * @return bytes from the start of the content, or -1 when the checksum is complete
     */
    public int checksumStart() {
        return checksumStart;
    }

    /**
     * Where the unfinished checksum is stored.
     *
     * @return bytes after {@link #checksumStart()}
     */
    public int checksumOffset() {
        return checksumOffset;
    }

    /**
     * Marks the checksum as still to be completed.
     *
     * @param start first byte to sum, from the start of the content
     * @param storeAt where to store the sum, in bytes after {@code start}
     */
    public void checksumNeeded(int start, int storeAt) {
        checksumStart = start;
        checksumOffset = storeAt;
    }
}
