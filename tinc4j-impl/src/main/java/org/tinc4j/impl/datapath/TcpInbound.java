package org.tinc4j.impl.datapath;

import org.tinc4j.DropReason;
import org.tinc4j.impl.route.NodeRoute;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketDevice;

/** Packets that came over meta connections, and packets this node makes itself. Confined to the control thread. */
public final class TcpInbound implements AutoCloseable {

    /** Packets that fit a PACKET request: 1518 bytes and what compression may add; here none is longer than a block. */
    private static final int MAX_BYTES = DataPlane.BLOCK_BYTES - PacketDevice.HEADROOM_BYTES - PacketDevice.TAILROOM_BYTES;

    private final PacketPath path;
    private final Drops drops;
    private final StageMemory memory;
    private final PacketBatch batch;

    public TcpInbound(DataPlane plane) {
        this.memory = plane.newMemory("control thread");
        this.path = new PacketPath(new Stage(plane, memory, new Outlet(plane, 0)));
        this.batch = memory.batch(DataPlane.BLOCK_BYTES, 1);
        this.drops = plane.drops();
    }

    /** An inner packet of a neighbour. */
    public void packet(NodeRoute source, byte[] bytes, int offset, int length) {
        PacketBuffer buffer = fill(bytes, offset, length);
        if (buffer != null) {
            source.tunnel().countIn(length);
            path.route(buffer, source);
            path.flush();
        }
    }

    /** An inner packet of our own. */
    public void own(byte[] bytes) {
        PacketBuffer buffer = fill(bytes, 0, bytes.length);
        if (buffer != null) {
            path.outbound(buffer);
            path.flush();
        }
    }

    /**
     * Destination id, source id and a sealed datagram.
     *
     * @param neighbour whose connection it came by; null when it is not in the table
     */
    public void sealed(NodeRoute neighbour, byte[] bytes) {
        PacketBuffer buffer = fill(bytes, 0, bytes.length);
        if (buffer != null) {
            path.sealedByTcp(buffer, neighbour);
            path.flush();
        }
    }

    @Override
    public void close() {
        memory.close();
    }

    private PacketBuffer fill(byte[] bytes, int offset, int length) {
        path.begin();
        if (!path.ready() || length > MAX_BYTES) {
            drops.count(DropReason.MALFORMED_PACKET);
            return null;
        }
        PacketBuffer buffer = batch.get(0);
        buffer.reset(PacketDevice.HEADROOM_BYTES, length);
        buffer.memory().put(PacketDevice.HEADROOM_BYTES, bytes, offset, length);
        return buffer;
    }
}
