package org.tinc4j.impl.datapath;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.tinc4j.DropReason;
import org.tinc4j.NodeClosedException;
import org.tinc4j.PacketPort;
import org.tinc4j.impl.stack.EchoResponder;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.spi.DeviceInfo;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketDevice;

/**
 * The device of a node without an interface: it answers echo requests to the node's addresses and hands the rest to the embedder's
 * {@link PacketPort}, once there is one. Any thread.
 */
public final class InProcessDevice implements PacketDevice, PacketPort {

    /** Packets waiting in either direction, at most. */
    private static final int MAX_WAITING = 1024;

    /** Largest inner packet: what fits the largest record there is. */
    private static final int MTU_BYTES = 1500;

    private static final byte[] CLOSED = new byte[0];

    private final DeviceInfo info;
    private final Drops drops;
    private final BlockingQueue<byte[]> toMesh = new ArrayBlockingQueue<>(MAX_WAITING);
    private final BlockingQueue<byte[]> fromMesh = new ArrayBlockingQueue<>(MAX_WAITING);
    private volatile boolean portOpen;
    private volatile boolean closed;

    public InProcessDevice(String note, Drops drops) {
        this.info = new DeviceInfo("in-process", "in-process", MTU_BYTES, note);
        this.drops = drops;
    }

    @Override
    public DeviceInfo info() {
        return info;
    }

    /** The embedder's side, from now on filled. */
    public PacketPort port() {
        portOpen = true;
        return this;
    }

    /** Whether a reader would have to wait. */
    public boolean idle() {
        return toMesh.isEmpty();
    }

    /** Whether a receiver would not have to wait. */
    public boolean hasReceived() {
        return !fromMesh.isEmpty();
    }

    @Override
    public int read(PacketBatch batch) throws IOException {
        byte[] packet;
        try {
            packet = toMesh.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NodeClosedException("the in-process device was interrupted", e);
        }
        int count = 0;
        while (packet != null && !closed) {
            PacketBuffer buffer = batch.get(count++);
            buffer.reset(HEADROOM_BYTES, packet.length);
            buffer.memory().put(HEADROOM_BYTES, packet);
            packet = count < batch.capacity() ? toMesh.poll() : null;
        }
        if (closed) {
            throw new NodeClosedException("the in-process device is closed");
        }
        batch.size(count);
        return count;
    }

    @Override
    public int write(PacketBatch batch) throws IOException {
        if (closed) {
            throw new NodeClosedException("the in-process device is closed");
        }
        for (int i = 0; i < batch.size(); i++) {
            take(batch.get(i));
        }
        return batch.size();
    }

    private void take(PacketBuffer packet) {
        if (EchoResponder.answer(packet.memory(), packet.offset(), packet.length())) {
            queue(toMesh, packet);
        } else if (portOpen) {
            queue(fromMesh, packet);
        } else {
            drops.count(DropReason.NO_RECEIVER);
        }
    }

    private void queue(BlockingQueue<byte[]> queue, PacketBuffer packet) {
        byte[] copy = new byte[packet.length()];
        packet.memory().get(packet.offset(), copy);
        if (!queue.offer(copy)) {
            drops.count(DropReason.QUEUE_FULL);
        }
    }

    @Override
    public void send(ByteBuffer packet) throws IOException {
        int length = packet.remaining();
        if (length > MTU_BYTES) {
            throw new IllegalArgumentException("packet of " + length + " bytes exceeds the device's MTU of " + MTU_BYTES
                    + " bytes; send smaller packets");
        }
        byte[] copy = new byte[length];
        packet.duplicate().get(copy);
        if (!IpPacket.isValid(ByteBuffer.wrap(copy), 0, length)) {
            throw new IllegalArgumentException("the " + length + " bytes are no IPv4 or IPv6 packet");
        }
        if (closed) {
            throw new NodeClosedException("the node is closed");
        }
        if (!toMesh.offer(copy)) {
            drops.count(DropReason.QUEUE_FULL);
        }
    }

    @Override
    public Optional<ByteBuffer> receive(Duration timeout) throws IOException, InterruptedException {
        byte[] packet = closed ? CLOSED : fromMesh.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        if (packet == CLOSED) {
            fromMesh.offer(CLOSED); // For the next one who waits.
            throw new NodeClosedException("the node is closed");
        }
        return Optional.ofNullable(packet).map(ByteBuffer::wrap);
    }

    @Override
    public void close() {
        closed = true;
        toMesh.clear();
        fromMesh.clear();
        toMesh.offer(CLOSED);
        fromMesh.offer(CLOSED);
    }
}
