package org.tinc4j.impl.offload;

import java.nio.ByteBuffer;
import java.util.Set;
import org.tinc4j.impl.wire.InternetChecksum;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;
import org.tinc4j.spi.PacketDevice;

/**
 * Joins packets of one flow that follow each other to super-packets, so that the kernel walks through its stack once for them all.
 *
 * <ol>
 *   <li>find the packet's flow among those with a run that may still grow
 *   <li>it follows the run, and cutting the super-packet again would give exactly this packet, but for an id without a meaning: copy its
 *       payload behind the run
 *   <li>else the run is closed, and the packet comes after it, as the first of a new run or alone
 * </ol>
 *
 * <p>A super-packet tells the kernel to trust its checksum, so each packet's checksums are verified before it is joined; a packet with a wrong
 * one is handed on as it is, for the kernel to refuse. Order is kept within each flow.
 *
 * <p><b>Threads.</b> One at a time.
 *
 * <p><b>Ownership.</b> Borrows packets until {@link #clear}. Nothing is allocated.
 */
public final class Coalescer {

    /** Flows with a run that may still grow, at once. */
    private static final int MAX_RUNS = 8;

    private static final int MAX_BYTES = 65535;

    private final PacketBatch blocks;
    private final PacketBatch delivery;
    private final Flow packet = new Flow();
    private final Run[] runs = new Run[MAX_RUNS];
    private final int maxBytes;
    private int runCount;
    private Set<Segmentation> kinds = Set.of();

    /** The packets of one flow that are joined, or may yet be. */
    private static final class Run {
        /** Where it stands in the delivery. */
        int index;

        PacketBuffer content;
        boolean joined;
        boolean four;
        int protocol;
        int headerBytes;
        int segmentBytes;
        int nextSeq;
        int nextId;
    }

    /**
     * None yet.
     *
     * @param blocks memory for super-packets of up to 64 KiB, with headroom, all of one size; lent for life
     * @param maxPackets packets and super-packets it collects at most
     */
    public Coalescer(PacketBatch blocks, int maxPackets) {
        this.blocks = blocks;
        this.delivery = PacketBatch.lending(maxPackets);
        this.maxBytes = Math.min(MAX_BYTES, blocks.get(0).capacity() - PacketDevice.HEADROOM_BYTES);
        for (int i = 0; i < MAX_RUNS; i++) {
            runs[i] = new Run();
        }
    }

    /**
     * Which super-packets the device takes.
     *
     * @param accepted those kinds are made from now on
     */
    public void kinds(Set<Segmentation> accepted) {
        kinds = accepted;
    }

    /**
     * Takes a packet into the delivery.
     *
     * @param added complete
     * @return false if there is no more room: {@link #finish}, write, {@link #clear}, and add it again
     */
    public boolean add(PacketBuffer added) {
        packet.read(added);
        if (!packet.identified && packet.mayBeOfAnyFlow(added.length())) {
            closeAll();
        }
        int at = packet.identified ? find() : -1;
        boolean mayJoin = packet.joinable && kinds.contains(packet.kind());
        // What ends a run is not worth looking at where there is none.
        boolean right = mayJoin && (at >= 0 || !packet.push) && packet.checksumsRight();
        if (at >= 0) {
            if (right && join(runs[at])) {
                return true;
            }
            close(at);
        }
        int index = delivery.size();
        if (!delivery.lend(added)) {
            return false;
        }
        if (right && !packet.push) {
            open(added, index);
        }
        return true;
    }

    private int find() {
        for (int i = 0; i < runCount; i++) {
            Run run = runs[i];
            if (packet.sameFlow(run.content.memory(), run.content.offset(), run.four, run.protocol)) {
                return i;
            }
        }
        return -1;
    }

    private void open(PacketBuffer first, int index) {
        if (runCount == MAX_RUNS) {
            close(oldest());
        }
        Run run = runs[runCount++];
        run.index = index;
        run.content = first;
        run.joined = false;
        run.four = packet.four;
        run.protocol = packet.protocol;
        run.headerBytes = packet.headerBytes;
        run.segmentBytes = packet.payloadBytes;
        run.nextSeq = packet.seq + packet.payloadBytes;
        run.nextId = packet.id + 1 & 0xffff;
    }

    private int oldest() {
        int oldest = 0;
        for (int i = 1; i < runCount; i++) {
            if (runs[i].index < runs[oldest].index) {
                oldest = i;
            }
        }
        return oldest;
    }

    /** Joins the packet to a run of its flow; false if it does not continue that. */
    private boolean join(Run run) {
        PacketBuffer content = run.content;
        boolean follows = packet.payloadBytes <= run.segmentBytes
                && content.length() + packet.payloadBytes <= maxBytes
                && (packet.protocol == IpPacket.UDP || packet.seq == run.nextSeq)
                // The kernel counts ids up when it cuts a super-packet; where they mean anything, they have to be those.
                && (!packet.numbered || packet.id == run.nextId)
                && packet.sameHeader(content.memory(), content.offset(), run.headerBytes);
        if (!follows || !run.joined && !moveToBlock(run)) {
            return false;
        }
        content = run.content;
        int bytes = packet.payloadBytes;
        ByteBuffer target = content.memory();
        target.put(content.offset() + content.length(), packet.memory, packet.offset + packet.headerBytes, bytes);
        content.move(content.offset(), content.length() + bytes);
        run.nextSeq += bytes;
        run.nextId = run.nextId + 1 & 0xffff;
        if (packet.push) {
            int flags = content.offset() + packet.transportAt + 13;
            target.put(flags, (byte) (target.get(flags) | packet.memory.get(packet.offset + packet.transportAt + 13)));
        }
        if (packet.push || bytes < run.segmentBytes) {
            close(indexOf(run));
        }
        return true;
    }

    private int indexOf(Run run) {
        int at = 0;
        while (runs[at] != run) {
            at++;
        }
        return at;
    }

    /** The second packet of a run makes a copy worth while. */
    private boolean moveToBlock(Run run) {
        PacketBuffer block = blocks.next();
        if (block == null) {
            return false;
        }
        PacketBuffer first = run.content;
        block.reset(PacketDevice.HEADROOM_BYTES, first.length());
        block.memory().put(block.offset(), first.memory(), first.offset(), first.length());
        run.content = block;
        run.joined = true;
        delivery.replace(run.index, block);
        return true;
    }

    /** The run grows no more. */
    private void close(int at) {
        Run run = runs[at];
        seal(run);
        runCount--;
        runs[at] = runs[runCount];
        runs[runCount] = run;
    }

    /** Makes the headers of a super-packet those of what it holds. */
    private static void seal(Run run) {
        if (!run.joined) {
            return;
        }
        PacketBuffer content = run.content;
        ByteBuffer m = content.memory();
        int offset = content.offset();
        int length = content.length();
        int transportAt;
        if (run.four) {
            transportAt = IpPacket.V4_HEADER_BYTES;
            m.putShort(offset + 2, (short) length);
            InternetChecksum.storeV4Header(m, offset);
        } else {
            transportAt = IpPacket.V6_HEADER_BYTES;
            m.putShort(offset + 4, (short) (length - IpPacket.V6_HEADER_BYTES));
        }
        boolean tcp = run.protocol == IpPacket.TCP;
        int checksumOffset = tcp ? 16 : 6;
        if (!tcp) {
            m.putShort(offset + transportAt + 4, (short) (length - transportAt));
        }
        int pseudo = InternetChecksum.fold(InternetChecksum.pseudoHeader(m, offset, run.protocol, length - transportAt));
        m.putShort(offset + transportAt + checksumOffset, (short) pseudo);
        Segmentation tcpKind = run.four ? Segmentation.TCP_V4 : Segmentation.TCP_V6;
        content.segmented(tcp ? tcpKind : Segmentation.UDP, run.headerBytes, run.segmentBytes);
        content.checksumNeeded(transportAt, checksumOffset);
    }

    /**
     * Closes all runs.
     *
     * @return what is to be written, in order; lent until {@link #clear}
     */
    public PacketBatch finish() {
        closeAll();
        return delivery;
    }

    private void closeAll() {
        for (int i = 0; i < runCount; i++) {
            seal(runs[i]);
        }
        runCount = 0;
    }

    /** Forgets the delivery. */
    public void clear() {
        runCount = 0;
        delivery.clear();
        blocks.clear();
    }
}
