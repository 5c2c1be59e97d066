package org.tinc4j.linux.udp;

import static org.tinc4j.linux.sys.Sockets.CMSGHDR_DATA;
import static org.tinc4j.linux.sys.Sockets.CMSGHDR_LEN;
import static org.tinc4j.linux.sys.Sockets.CMSGHDR_LEVEL;
import static org.tinc4j.linux.sys.Sockets.CMSGHDR_TYPE;
import static org.tinc4j.linux.sys.Sockets.CMSG_SPACE;
import static org.tinc4j.linux.sys.Sockets.IOVEC_BASE;
import static org.tinc4j.linux.sys.Sockets.IOVEC_LEN;
import static org.tinc4j.linux.sys.Sockets.IOVEC_SIZE;
import static org.tinc4j.linux.sys.Sockets.IPPROTO_IP;
import static org.tinc4j.linux.sys.Sockets.IPPROTO_IPV6;
import static org.tinc4j.linux.sys.Sockets.IPV6_TCLASS;
import static org.tinc4j.linux.sys.Sockets.IP_TOS;
import static org.tinc4j.linux.sys.Sockets.MMSGHDR_SIZE;
import static org.tinc4j.linux.sys.Sockets.MSGHDR_CONTROL;
import static org.tinc4j.linux.sys.Sockets.MSGHDR_CONTROLLEN;
import static org.tinc4j.linux.sys.Sockets.MSGHDR_IOV;
import static org.tinc4j.linux.sys.Sockets.MSGHDR_IOVLEN;
import static org.tinc4j.linux.sys.Sockets.MSGHDR_NAME;
import static org.tinc4j.linux.sys.Sockets.MSGHDR_NAMELEN;
import static org.tinc4j.linux.sys.Sockets.SOL_UDP;
import static org.tinc4j.linux.sys.Sockets.UDP_SEGMENT;

import java.net.Inet4Address;
import java.nio.ByteBuffer;
import org.tinc4j.linux.offload.SendPlan;
import org.tinc4j.linux.sys.NativeMemory;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.DatagramTransport.SendResult;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;

/**
 * Memory for the messages of one sendmmsg(2), filled from a {@link SendPlan}. Off-heap buffers are pointed at; what lies in Java arrays is
 * copied, as the kernel cannot be pointed at those.
 *
 * <p><b>Threads.</b> One at a time.
 *
 * <p><b>Ownership.</b> The batch is borrowed from {@link #begin} until the last message was sent.
 */
final class SendMessages {

    /** Messages in one call. Chosen: as many as buffers in a usual batch. */
    private static final int MESSAGES = 64;

    /** Pieces of memory in one call: one message may have {@link DatagramTransport#MAX_RUN}. */
    private static final int PARTS = 4 * DatagramTransport.MAX_RUN;

    private static final int NAME_BYTES = 32;

    /** Of each message: its traffic class, then its segment size; handed over are both, either or neither. */
    private static final int CONTROL_BYTES = 2 * CMSG_SPACE;

    private static final int CONTROLS = MESSAGES * MMSGHDR_SIZE;
    private static final int NAMES = CONTROLS + MESSAGES * CONTROL_BYTES;
    private static final int PART_TABLE = NAMES + MESSAGES * NAME_BYTES;
    private static final int TOTAL_BYTES = PART_TABLE + PARTS * IOVEC_SIZE;

    /** Room for copies. No datagram is longer than 64 KiB, so there is room for at least two messages. */
    private static final int COPY_BYTES = 128 * 1024;

    private static final int MAX_DATAGRAM_BYTES = 65_535;

    private final ByteBuffer memory = NativeMemory.allocate(TOTAL_BYTES);
    private final long address = NativeMemory.address(memory);
    private final RemoteNames names;
    private final SendPlan plan = new SendPlan();
    private final int[] firstBuffers = new int[MESSAGES];
    private final int[] endBuffers = new int[MESSAGES];
    private final boolean[] runs = new boolean[MESSAGES];

    /** Made by the first buffer on the heap. */
    private ByteBuffer copies;

    private PacketBatch batch;
    private SendResult[] results;

    /** The plan's message is not in a slot yet: there was no room. */
    private boolean pending;

    private int count;
    private int parts;
    private int copiedBytes;

    /** @param family of the socket */
    SendMessages(int family) {
        names = new RemoteNames(family);
        for (int i = 0; i < MESSAGES; i++) {
            memory.putLong(i * MMSGHDR_SIZE + MSGHDR_NAME, address + NAMES + i * NAME_BYTES);
            int control = CONTROLS + i * CONTROL_BYTES;
            memory.putLong(control + CMSGHDR_LEN, CMSGHDR_DATA + Integer.BYTES);
            int segment = control + CMSG_SPACE;
            memory.putLong(segment + CMSGHDR_LEN, CMSGHDR_DATA + Short.BYTES);
            memory.putInt(segment + CMSGHDR_LEVEL, SOL_UDP).putInt(segment + CMSGHDR_TYPE, UDP_SEGMENT);
        }
    }

    /**
     * Starts with a batch, or again in the middle of it.
     *
     * @param toSend borrowed
     * @param from the first buffer to send
     * @param inRuns whether a message may be a run
     * @param intoResults receives what cannot even be tried
     */
    void begin(PacketBatch toSend, int from, boolean inRuns, SendResult[] intoResults) {
        batch = toSend;
        results = intoResults;
        plan.begin(toSend, from, inRuns);
        pending = false;
    }

    /** Forgets the batch. */
    void end() {
        batch = null;
        results = null;
    }

    /**
     * Replaces the messages by the next of the batch, as many as there is room for.
     *
     * @return false if there are none
     */
    boolean fill() {
        count = 0;
        parts = 0;
        copiedBytes = 0;
        while (count < MESSAGES && (pending || plan.next())) {
            pending = !add();
            if (pending) {
                break;
            }
        }
        return count > 0;
    }

    /** @return false if there is no room */
    private boolean add() {
        if (plan.bytes() > MAX_DATAGRAM_BYTES) {
            results[plan.firstBuffer()] = SendResult.TOO_LONG;
            return true;
        }
        if (parts + plan.endBuffer() - plan.firstBuffer() > PARTS || copiedBytes + plan.bytes() > COPY_BYTES) {
            return false;
        }
        PacketBuffer first = batch.get(plan.firstBuffer());
        int nameBytes = names.write(first.remote(), memory, NAMES + count * NAME_BYTES);
        if (nameBytes == 0) {
            java.util.Arrays.fill(results, plan.firstBuffer(), plan.endBuffer(), SendResult.FAILED);
            return true;
        }
        int header = count * MMSGHDR_SIZE;
        memory.putInt(header + MSGHDR_NAMELEN, nameBytes);
        memory.putLong(header + MSGHDR_IOV, address + PART_TABLE + parts * IOVEC_SIZE);
        memory.putLong(header + MSGHDR_IOVLEN, plan.endBuffer() - plan.firstBuffer());
        control(header, first);
        addParts(first);
        firstBuffers[count] = plan.firstBuffer();
        endBuffers[count] = plan.endBuffer();
        count++;
        return true;
    }

    private void control(int header, PacketBuffer first) {
        boolean run = plan.datagrams() > 1;
        boolean marked = first.trafficClass() != 0;
        runs[count] = run;
        int start = CONTROLS + count * CONTROL_BYTES;
        if (marked) {
            // Also for an IPv4 address of an IPv6 socket it is the address that decides.
            boolean four = first.remote().getAddress() instanceof Inet4Address;
            memory.putInt(start + CMSGHDR_LEVEL, four ? IPPROTO_IP : IPPROTO_IPV6);
            memory.putInt(start + CMSGHDR_TYPE, four ? IP_TOS : IPV6_TCLASS);
            memory.putInt(start + CMSGHDR_DATA, first.trafficClass());
        }
        memory.putShort(start + CMSG_SPACE + CMSGHDR_DATA, (short) plan.segmentBytes());
        int bytes = (marked ? CMSG_SPACE : 0) + (run ? CMSG_SPACE : 0);
        memory.putLong(header + MSGHDR_CONTROL, bytes == 0 ? 0 : address + start + (marked ? 0 : CMSG_SPACE));
        memory.putLong(header + MSGHDR_CONTROLLEN, bytes);
    }

    private void addParts(PacketBuffer first) {
        if (plan.endBuffer() - plan.firstBuffer() == 1) {
            addPart(first, first.offset() + plan.skip(), plan.bytes());
            return;
        }
        for (int i = plan.firstBuffer(); i < plan.endBuffer(); i++) {
            PacketBuffer buffer = batch.get(i);
            addPart(buffer, buffer.offset(), buffer.length());
        }
    }

    private void addPart(PacketBuffer buffer, int offset, int length) {
        int part = PART_TABLE + parts++ * IOVEC_SIZE;
        memory.putLong(part + IOVEC_BASE, addressOf(buffer.memory(), offset, length));
        memory.putLong(part + IOVEC_LEN, length);
    }

    private long addressOf(ByteBuffer content, int offset, int length) {
        if (content.isDirect()) {
            return NativeMemory.address(content) + offset;
        }
        if (copies == null) {
            copies = NativeMemory.allocate(COPY_BYTES);
        }
        copies.put(copiedBytes, content, offset, length);
        long copy = NativeMemory.address(copies) + copiedBytes;
        copiedBytes += length;
        return copy;
    }

    int count() {
        return count;
    }

    /** Where {@code struct mmsghdr} of a message is, and those after it. */
    long address(int message) {
        return address + message * MMSGHDR_SIZE;
    }

    /** Whether a message is more than one datagram. */
    boolean isRun(int message) {
        return runs[message];
    }

    /** Index in the batch of the first buffer of a message. */
    int firstBuffer(int message) {
        return firstBuffers[message];
    }

    /** Index in the batch of the buffer after the last of a message. */
    int endBuffer(int message) {
        return endBuffers[message];
    }
}
