package org.tinc4j.impl.ephemeral;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.tinc4j.PacketPort;
import org.tinc4j.impl.datapath.SteppedPath;
import org.tinc4j.impl.stack.StackDevice;

/** The in-process device where nobody waits for it: it is emptied after everything that may have filled it. One thread at a time. */
final class SteppedDevice implements PacketPort {

    private final StackDevice device;
    private final VirtualDrive drive;
    private SteppedPath path;

    SteppedDevice(StackDevice device, VirtualDrive drive) {
        this.device = device;
        this.drive = drive;
    }

    void start(SteppedPath dataPath) {
        path = dataPath;
    }

    /** From now on packets for the embedder are kept for it. */
    void open() {
        device.port();
    }

    /** Hands on what waits for the mesh, answers to pings for instance. */
    void drain() {
        while (!device.idle()) {
            path.outbound(device);
        }
    }

    @Override
    public void send(ByteBuffer packet) throws IOException {
        drive.enter();
        try {
            device.send(packet);
            drain();
        } finally {
            drive.leave();
        }
    }

    @Override
    public Optional<ByteBuffer> receive(Duration timeout) throws IOException, InterruptedException {
        drive.enter();
        try {
            // Whoever only looks does not let time pass, and so may look inside a condition too.
            if (!device.hasReceived() && timeout.isPositive()) {
                drive.runUntil(device::hasReceived, timeout);
            }
            return device.receive(Duration.ZERO);
        } finally {
            drive.leave();
        }
    }
}
