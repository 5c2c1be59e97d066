package org.tinc4j.impl.datapath;

import java.io.IOException;
import java.util.function.Consumer;
import org.tinc4j.NodeClosedException;
import org.tinc4j.spi.PacketBatch;

/** Outbound: reads the device until it is closed. Runs on a thread of its own. */
public final class DeviceReader implements Runnable {

    private static final int BATCH = 64;

    /** Virtual threads are not time-sliced: a reader that is never out of work lets others on after this many batches. */
    private static final int BATCHES_BEFORE_YIELD = 8;

    private final DataPlane plane;
    private final Consumer<IOException> failed;

    /**
     * A reader.
     *
     * @param failed told if the device fails other than by being closed; a fault of the program is the thread's to report
     */
    public DeviceReader(DataPlane plane, Consumer<IOException> failed) {
        this.plane = plane;
        this.failed = failed;
    }

    @Override
    public void run() {
        try (StageMemory memory = plane.newMemory("device reader")) {
            PacketPath path = new PacketPath(plane, memory);
            int blockBytes = Math.max(DataPlane.BLOCK_BYTES, plane.device().info().mtuBytes() + 128);
            PacketBatch batch = memory.batch(blockBytes, BATCH);
            for (int round = 1; ; round++) {
                int count = plane.device().read(batch);
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
