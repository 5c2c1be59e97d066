package org.tinc4j.linux.offload;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;

/**
 * Which messages a batch is sent in. A message is what one {@code msghdr} describes: one datagram, or a run of datagrams to one address, all
 * of one size but the last, which may be shorter. The plan keeps the order of the batch.
 *
 * <pre>
 * batch      A 1458   A 1458   A 44x1458   A 300   B 1458   A 60
 * runs       |----------- A 47 ------------------|  |- B -|  |- A -|
 * no runs    |  A  |  |  A  |  |A| 44 times |A|     |- B -|  |- A -|
 * </pre>
 *
 * <p>A cursor: {@link #next} moves to the next message, the accessors describe it. Reused, so that nothing is allocated.
 *
 * <p><b>Threads.</b> One at a time.
 *
 * <p><b>Ownership.</b> The batch is borrowed from {@link #begin} to the last {@link #next}.
 */
public final class SendPlan {

    private PacketBatch batch;
    private boolean runs;

    /** Where the message after this one begins: a buffer, and how many bytes of it are gone. */
    private int nextBuffer;

    private int nextSkip;

    private int firstBuffer;
    private int endBuffer;
    private int skip;
    private int bytes;
    private int datagrams;
    private int segmentBytes;

    /** A plan of nothing. */
    public SendPlan() {}

    /**
     * Starts before the first message.
     *
     * @param toSend borrowed; each buffer has a remote
     * @param from the first buffer to send
     * @param inRuns whether a message may be a run; if not, each is one datagram
     */
    public void begin(PacketBatch toSend, int from, boolean inRuns) {
        batch = toSend;
        runs = inRuns;
        nextBuffer = from;
        nextSkip = 0;
    }

    /**
     * Moves to the next message.
     *
     * @return false after the last
     */
    public boolean next() {
        if (nextBuffer >= batch.size()) {
            return false;
        }
        PacketBuffer first = batch.get(nextBuffer);
        firstBuffer = nextBuffer;
        skip = nextSkip;
        if (nextSkip == 0 && runs && fitsOneMessage(first)) {
            join(first);
        } else {
            cut(first);
        }
        return true;
    }

    /** One datagram of the buffer. */
    private void cut(PacketBuffer buffer) {
        bytes = Math.min(datagramBytes(buffer), buffer.length() - skip);
        datagrams = 1;
        segmentBytes = bytes;
        endBuffer = firstBuffer + 1;
        boolean more = skip + bytes < buffer.length();
        nextBuffer = more ? firstBuffer : endBuffer;
        nextSkip = more ? skip + bytes : 0;
    }

    /** The buffer as a whole and those after it that go with it. */
    private void join(PacketBuffer first) {
        segmentBytes = datagramBytes(first);
        bytes = first.length();
        datagrams = count(first);
        endBuffer = firstBuffer + 1;
        while (endBuffer < batch.size() && bytes == datagrams * segmentBytes && takes(first, batch.get(endBuffer))) {
            bytes += batch.get(endBuffer).length();
            datagrams += count(batch.get(endBuffer));
            endBuffer++;
        }
        nextBuffer = endBuffer;
        nextSkip = 0;
    }

    private boolean takes(PacketBuffer first, PacketBuffer more) {
        int size = datagramBytes(more);
        return size > 0
                && (size == segmentBytes || size < segmentBytes && size == more.length())
                && bytes + more.length() <= DatagramTransport.MAX_RUN_BYTES
                && datagrams + count(more) <= DatagramTransport.MAX_RUN
                && first.trafficClass() == more.trafficClass()
                && sameAddress(first.remote(), more.remote());
    }

    /** What is longer than a run may be goes datagram by datagram, and the kernel says which of them is too long. */
    private static boolean fitsOneMessage(PacketBuffer buffer) {
        return buffer.length() <= DatagramTransport.MAX_RUN_BYTES && count(buffer) <= DatagramTransport.MAX_RUN;
    }

    private static int datagramBytes(PacketBuffer buffer) {
        boolean run = buffer.segmentation() == Segmentation.UDP
                && buffer.segmentBytes() > 0
                && buffer.segmentBytes() < buffer.length();
        return run ? buffer.segmentBytes() : buffer.length();
    }

    private static int count(PacketBuffer buffer) {
        return buffer.length() == 0 ? 1 : Math.ceilDiv(buffer.length(), datagramBytes(buffer));
    }

    /** Link-local addresses are equal across interfaces. */
    private static boolean sameAddress(InetSocketAddress one, InetSocketAddress other) {
        return one == other || one != null && one.equals(other) && scope(one) == scope(other);
    }

    private static int scope(InetSocketAddress address) {
        return address.getAddress() instanceof Inet6Address six ? six.getScopeId() : 0;
    }

    /**
     * The first buffer of the message.
     *
     * @return its index in the batch
     */
    public int firstBuffer() {
        return firstBuffer;
    }

    /**
     * The end of the message's buffers. All of them are in it with all their content, unless there is one only.
     *
     * @return index of the buffer after the last
     */
    public int endBuffer() {
        return endBuffer;
    }

    /**
     * Content of the first buffer that lies before the message.
     *
     * @return bytes; 0 in a message of several buffers
     */
    public int skip() {
        return skip;
    }

    /**
     * Length of the message.
     *
     * @return bytes in all its buffers together
     */
    public int bytes() {
        return bytes;
    }

    /**
     * How many datagrams it is.
     *
     * @return 1 to {@link DatagramTransport#MAX_RUN}
     */
    public int datagrams() {
        return datagrams;
    }

    /**
     * Size of each datagram but the last.
     *
     * @return bytes
     */
    public int segmentBytes() {
        return segmentBytes;
    }
}
