package org.tinc4j.impl.datapath;

import java.io.IOException;
import java.util.Set;
import java.util.function.Consumer;
import org.tinc4j.NodeClosedException;
import org.tinc4j.impl.offload.Coalescer;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketDevice;

/** Inbound: reads one UDP socket until it is closed. Runs on a thread of its own. */
public final class SocketReader implements Runnable {

    /** Single datagrams. */
    private static final int BATCH = 64;

    /** Runs of up to 64 KiB. */
    private static final int RUN_BATCH = 16;

    /** Super-packets that may be under way to the device at once. */
    private static final int SUPER_PACKETS = 16;

    /** Packets and super-packets for the device in one batch. */
    private static final int MAX_DELIVERED = 256;

    /** See {@link DeviceReader}; a datagram at a time, so more rounds. */
    private static final int BATCHES_BEFORE_YIELD = 64;

    private final DataPlane plane;
    private final int socket;
    private final Consumer<IOException> failed;

    /**
     * A reader.
     *
     * @param socket index of the socket
     * @param failed told if the socket fails other than by being closed; a fault of the program is the thread's to report
     */
    public SocketReader(DataPlane plane, int socket, Consumer<IOException> failed) {
        this.plane = plane;
        this.socket = socket;
        this.failed = failed;
    }

    @Override
    public void run() {
        try (StageMemory memory = plane.newMemory("UDP reader")) {
            DatagramTransport transport = plane.sockets().get(socket);
            PacketPath path = new PacketPath(new Stage(plane, memory, outlet(plane, socket, memory)));
            int blockBytes = DataPlane.blockBytes(transport.receiveBytes());
            PacketBatch batch = memory.batch(blockBytes, blockBytes > DataPlane.BLOCK_BYTES ? RUN_BATCH : BATCH);
            for (int round = 1; ; round++) {
                int count = transport.receive(batch);
                path.begin();
                for (int i = 0; path.ready() && i < count; i++) {
                    path.datagrams(batch.get(i), socket);
                }
                path.flush();
                if (round % BATCHES_BEFORE_YIELD == 0) {
                    Thread.yield();
                }
            }
        } catch (NodeClosedException e) {
            // The way a reader ends: the node closed its socket.
        } catch (IOException e) {
            failed.accept(e);
        }
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
}
