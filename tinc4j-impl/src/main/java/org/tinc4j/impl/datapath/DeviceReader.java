package org.tinc4j.impl.datapath;

import java.io.IOException;
import java.util.function.Consumer;
import org.tinc4j.NodeClosedException;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketDevice;

/** Outbound: reads one queue of the device until it is closed. Runs on a thread of its own. */
public final class DeviceReader implements Runnable {

    /** Packets of at most an MTU. */
    private static final int BATCH = 64;

    /** Super-packets: a device hands over a few at a time, or many small packets. */
    private static final int SUPER_BATCH = 32;

    /** Virtual threads are not time-sliced: a reader that is never out of work lets others on after this many batches. */
    private static final int BATCHES_BEFORE_YIELD = 8;

    private final DataPlane plane;
    private final int queue;
    private final Consumer<IOException> failed;

    /**
     * A reader.
     *
     * @param queue number of the device queue
     * @param failed told if the device fails other than by being closed; a fault of the program is the thread's to report
     */
    public DeviceReader(DataPlane plane, int queue, Consumer<IOException> failed) {
        this.plane = plane;
        this.queue = queue;
        this.failed = failed;
    }

    @Override
    public void run() {
        PacketDevice device = plane.device(queue);
        try (StageMemory memory = plane.newMemory("device reader")) {
            PacketPath path = new PacketPath(new Stage(plane, memory, new Outlet(plane, queue)));
            int blockBytes = DataPlane.blockBytes(device.readBytes());
            boolean supers = blockBytes > plane.packetBlockBytes();
            PacketBatch batch = supers && device.superPackets() < SUPER_BATCH
                    ? memory.batch(blockBytes, device.superPackets(), plane.packetBlockBytes(), BATCH - device.superPackets())
                    : memory.batch(blockBytes, supers ? SUPER_BATCH : BATCH);
            for (int round = 1; ; round++) {
                int count = device.read(batch);
                path.begin();
                for (int i = 0; path.ready() && i < count; i++) {
                    path.outbound(batch.get(i));
                }
                path.flush();
                if (round % BATCHES_BEFORE_YIELD == 0) {
                    Thread.yield();
                }
            }
        } catch (NodeClosedException e) {
            // The way a reader ends: the node closed its device.
        } catch (IOException e) {
            failed.accept(e);
        }
    }
}
