package org.tinc4j.impl.datapath;

import java.nio.ByteBuffer;
import org.tinc4j.DropReason;
import org.tinc4j.impl.crypto.Aead;
import org.tinc4j.impl.offload.Splitter;
import org.tinc4j.impl.route.Fragmenter;
import org.tinc4j.impl.route.RoutingTable;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketDevice;

/**
 * What one data thread works with: its cipher, its outlet, memory to spare; and, while it has a batch, the routing table and the time, both
 * taken once.
 *
 * <p><b>Threads.</b> One at a time.
 */
final class Stage {

    private static final int SPARES = 64;

    /** Runs under way at once: what a device hands over at a time, and one more. */
    private static final int RUNS = 4;

    /** A packet of 64 KiB in the smallest fragments. */
    private static final int MAX_FRAGMENTS = 128;

    final DataPlane plane;
    final Aead engine;
    final Outlet outlet;

    /** Of the super-packet that is being split; what is made of its packets is never split again. */
    final Splitter splitter = new Splitter();

    RoutingTable table;
    long nowNanos;

    private final StageMemory memory;

    /** Memory for what is seldom needed is taken when it first is: it would be most of what an idle node costs. Null until then. */
    private PacketBatch spares;

    private PacketBatch fragments;
    private PacketBatch runs;

    Stage(DataPlane plane, StageMemory memory, Outlet outlet) {
        this.plane = plane;
        this.memory = memory;
        this.engine = memory.engine(plane::newEngine);
        this.outlet = outlet;
    }

    /** A batch begins: everything in it is routed by the same table. */
    void begin() {
        // Should a fault have ended the last batch half-way, its buffers are not ours any more.
        outlet.discard();
        release();
        table = plane.table();
        nowNanos = plane.nanoTime();
    }

    /** Sends and delivers everything collected; buffers are their owners' again. */
    void flush() {
        outlet.flush();
        release();
    }

    private void release() {
        if (spares != null) {
            spares.clear();
        }
        if (runs != null) {
            runs.clear();
        }
    }

    /** Room for one packet, until {@link #flush}. Flushes when there is no more. */
    PacketBuffer spare() {
        if (spares == null) {
            spares = memory.batch(plane.packetBlockBytes(), SPARES);
        }
        PacketBuffer spare = spares.next();
        if (spare == null) {
            flush();
            spare = spares.next();
        }
        return spare;
    }

    /** Looks at a super-packet: how many packets it stands for; 0, and counted, if its headers and marks do not fit each other. */
    int split(PacketBuffer superPacket) {
        int count = splitter.begin(superPacket);
        if (count == 0) {
            drop(DropReason.MALFORMED_PACKET);
        }
        return count;
    }

    /** One packet of the super-packet that was split last, in spare memory. */
    PacketBuffer piece(int index) {
        PacketBuffer piece = spare();
        piece.reset(PacketDevice.HEADROOM_BYTES, splitter.packetBytes(index));
        splitter.write(index, piece.memory(), PacketDevice.HEADROOM_BYTES);
        return piece;
    }

    /** Room for one run of datagrams, until {@link #flush}. Flushes when there is no more. */
    PacketBuffer run() {
        if (runs == null) {
            runs = memory.batch(DataPlane.blockBytes(plane.runBytes()), RUNS);
        }
        PacketBuffer run = runs.next();
        if (run == null) {
            flush();
            run = runs.next();
        }
        return run;
    }

    /** A copy of a packet in spare memory; null, and counted, if it is too long for that. */
    PacketBuffer copy(PacketBuffer packet) {
        PacketBuffer spare = spare();
        if (packet.length() > spare.capacity() - PacketDevice.HEADROOM_BYTES - PacketDevice.TAILROOM_BYTES) {
            drop(DropReason.TOO_BIG);
            return null;
        }
        spare.reset(PacketDevice.HEADROOM_BYTES, packet.length());
        spare.memory().put(PacketDevice.HEADROOM_BYTES, packet.memory(), packet.offset(), packet.length());
        return spare;
    }

    /** An IPv4 packet in fragments, until the next call; their memory is to be flushed before that. */
    PacketBatch fragment(PacketBuffer packet, int limitBytes) {
        if (fragments == null) {
            fragments = memory.batch(DataPlane.BLOCK_BYTES, MAX_FRAGMENTS);
        }
        fragments.clear();
        ByteBuffer bytes = packet.memory();
        if (Fragmenter.fragment(bytes, packet.offset(), packet.length(), limitBytes, fragments) == 0) {
            drop(DropReason.TOO_BIG);
        }
        return fragments;
    }

    void drop(DropReason reason) {
        plane.drops().count(reason);
    }

    void drop(DropReason reason, int packets) {
        plane.drops().count(reason, packets);
    }
}
