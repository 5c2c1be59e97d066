package org.tinc4j.impl.datapath;

import java.io.IOException;
import java.util.Optional;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketDevice;
import org.tinc4j.spi.Pollable;

/** Outbound: one queue of the device. */
final class DeviceSource extends PacketSource {

    /** Packets of at most an MTU. */
    private static final int BATCH = 64;

    /** Super-packets: a device hands over a few at a time, or many small packets. */
    private static final int SUPER_BATCH = 32;

    private final PacketDevice device;

    private DeviceSource(PacketDevice device, StageMemory memory, PacketPath path, PacketBatch batch) {
        super(memory, path, batch);
        this.device = device;
    }

    /** With memory of its own. */
    static DeviceSource of(DataPlane plane, int queue) {
        PacketDevice device = plane.device(queue);
        StageMemory memory = plane.newMemory("device reader");
        PacketPath path = new PacketPath(new Stage(plane, memory, new Outlet(plane, queue)));
        int blockBytes = DataPlane.blockBytes(device.readBytes());
        boolean supers = blockBytes > plane.packetBlockBytes();
        PacketBatch batch = supers && device.superPackets() < SUPER_BATCH
                ? memory.batch(blockBytes, device.superPackets(), plane.packetBlockBytes(), BATCH - device.superPackets())
                : memory.batch(blockBytes, supers ? SUPER_BATCH : BATCH);
        return new DeviceSource(device, memory, path, batch);
    }

    @Override
    Optional<Pollable> pollable() {
        return device.pollable();
    }

    @Override
    int read(PacketBatch batch) throws IOException {
        return device.read(batch);
    }

    @Override
    void handle(PacketBuffer packet, PacketPath path) {
        path.outbound(packet);
    }
}
