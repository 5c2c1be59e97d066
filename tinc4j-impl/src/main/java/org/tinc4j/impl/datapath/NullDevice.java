package org.tinc4j.impl.datapath;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.tinc4j.NodeClosedException;
import org.tinc4j.spi.DeviceInfo;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketDevice;

/** No device: nothing is read, writes vanish. */
public final class NullDevice implements PacketDevice {

    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public DeviceInfo info() {
        return new DeviceInfo("none", "none", 1500, "");
    }

    @Override
    public int read(PacketBatch batch) throws IOException {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new NodeClosedException("the device is closed");
    }

    @Override
    public int write(PacketBatch batch) {
        return batch.size();
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
