package org.tinc4j.impl.datapath;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketDevice;

/** The stages of a data path without threads: a call takes one packet from end to end. One thread. */
public final class SteppedPath implements AutoCloseable {

    private final PacketPath path;
    private final StageMemory memory;
    private final PacketBatch batch;

    public SteppedPath(DataPlane plane) {
        this.memory = plane.newMemory("data path");
        this.path = new PacketPath(new Stage(plane, memory, new Outlet(plane, 0)));
        this.batch = memory.batch(DataPlane.BLOCK_BYTES, 1);
    }

    /** A datagram from a socket, as the socket reader hands it on. */
    public void datagram(byte[] datagram, InetSocketAddress from, int socket) {
        path.begin();
        if (path.ready()) {
            PacketBuffer buffer = fill(datagram);
            buffer.remote(from);
            path.datagrams(buffer, socket);
            path.flush();
        }
    }

    /** An inner packet from the device, as the device reader hands it on. */
    public void outbound(byte[] packet) {
        path.begin();
        if (path.ready()) {
            path.outbound(fill(packet));
            path.flush();
        }
    }

    /** Whatever a device has: read once, without waiting if it says that it is not idle. */
    public void outbound(PacketDevice device) {
        try {
            int count = device.read(batch);
            path.begin();
            for (int i = 0; path.ready() && i < count; i++) {
                path.outbound(batch.get(i));
            }
            path.flush();
        } catch (IOException e) {
            // Closed meanwhile: what it had is gone with it.
        }
    }

    @Override
    public void close() {
        memory.close();
    }

    private PacketBuffer fill(byte[] bytes) {
        PacketBuffer buffer = batch.get(0);
        int length = Math.min(bytes.length, buffer.capacity() - PacketDevice.HEADROOM_BYTES - PacketDevice.TAILROOM_BYTES);
        buffer.reset(PacketDevice.HEADROOM_BYTES, length);
        buffer.memory().put(PacketDevice.HEADROOM_BYTES, bytes, 0, length);
        return buffer;
    }
}
