package org.tinc4j.impl.datapath;

import java.io.IOException;
import java.util.function.Consumer;
import org.tinc4j.NodeClosedException;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.PacketBatch;

/** Inbound: reads one UDP socket until it is closed. Runs on a thread of its own. */
public final class SocketReader implements Runnable {

    private static final int BATCH = 64;

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
            PacketPath path = new PacketPath(plane, memory);
            DatagramTransport transport = plane.sockets().get(socket);
            PacketBatch batch = memory.batch(DataPlane.BLOCK_BYTES, BATCH);
            for (int round = 1; ; round++) {
                int count = transport.receive(batch);
                path.begin();
                for (int i = 0; path.ready() && i < count; i++) {
                    path.datagram(batch.get(i), socket);
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
}
