package org.tinc4j.impl.datapath;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.tinc4j.impl.offload.Coalescer;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketDevice;
import org.tinc4j.spi.Pollable;

/** Inbound: one UDP socket. */
final class SocketSource extends PacketSource {

    /** Single datagrams. */
    private static final int BATCH = 64;

    /** Runs of up to 64 KiB. */
    private static final int RUN_BATCH = 16;

    /** Super-packets that may be under way to the device at once. */
    private static final int SUPER_PACKETS = 16;

    /** Packets and super-packets for the device in one batch. */
    private static final int MAX_DELIVERED = 256;

    private final DatagramTransport transport;
    private final int socket;

    private SocketSource(DatagramTransport transport, int socket, StageMemory memory, PacketPath path, PacketBatch batch) {
        super(memory, path, batch);
        this.transport = transport;
        this.socket = socket;
    }

    /** With memory of its own. */
    static SocketSource of(DataPlane plane, int socket) {
        DatagramTransport transport = plane.sockets().get(socket);
        StageMemory memory = plane.newMemory("UDP reader");
        PacketPath path = new PacketPath(new Stage(plane, memory, outlet(plane, socket, memory)));
        int blockBytes = DataPlane.blockBytes(transport.receiveBytes());
        PacketBatch batch = memory.batch(blockBytes, blockBytes > DataPlane.BLOCK_BYTES ? RUN_BATCH : BATCH);
        return new SocketSource(transport, socket, memory, path, batch);
    }

    /** An outlet that makes super-packets where the device takes some. */
    static Outlet outlet(DataPlane plane, int socket, StageMemory memory) {
        int queue = plane.sockets().queueOf(socket);
        PacketDevice device = plane.device(queue);
        Set<PacketBuffer.Segmentation> kinds = device.writes();
        if (!kinds.contains(PacketBuffer.Segmentation.TCP_V4)) {
            return new Outlet(plane, queue);
        }
        int blocks = Math.min(SUPER_PACKETS, device.superPackets());
        Coalescer coalescer = new Coalescer(memory.batch(DataPlane.blockBytes(DataPlane.MAX_PACKET_BYTES), blocks), MAX_DELIVERED);
        coalescer.kinds(kinds);
        return new Outlet(plane, queue, coalescer);
    }

    @Override
    Optional<Pollable> pollable() {
        return transport.pollable();
    }

    @Override
    int read(PacketBatch batch) throws IOException {
        return transport.receive(batch);
    }

    @Override
    void handle(PacketBuffer datagrams, PacketPath path) {
        path.datagrams(datagrams, socket);
    }
}
