package org.tinc4j.impl.stack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjIntConsumer;
import org.tinc4j.DropReason;
import org.tinc4j.NodeClosedException;
import org.tinc4j.PacketPort;
import org.tinc4j.impl.offload.Splitter;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.spi.DeviceInfo;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;
import org.tinc4j.spi.PacketDevice;

/**
 * The device of a node without an interface. Packets for the node go, in this order: echo requests are answered; what concerns a socket
 * goes to the {@link HostStack}, where there is one; the rest to the embedder's {@link PacketPort}, once there is one; what nobody takes is
 * refused as a host refuses it. Any thread.
 */
public final class StackDevice implements PacketDevice, PacketPort {

    /** Packets that wait for the embedder, at most. */
    private static final int MAX_WAITING = 1024;

    /** Largest inner packet: what fits the largest record there is. */
    static final int MTU_BYTES = 1500;

    /** There may be hundreds of such nodes in one process, and each of these is 64 KiB in every reader. */
    private static final int SUPER_PACKETS = 4;

    /** So that timers are not kept waiting while a fast reader makes room again and again. */
    private static final int TURNS_AT_ONCE = 32;

    private static final byte[] CLOSED = new byte[0];

    private static final Set<Segmentation> WRITES = Collections.unmodifiableSet(EnumSet.allOf(Segmentation.class));

    private final DeviceInfo info;
    private final ObjIntConsumer<DropReason> drops;
    private final PacketRing toMesh = new PacketRing();
    private final BlockingQueue<byte[]> fromMesh = new ArrayBlockingQueue<>(MAX_WAITING);
    private volatile HostStack host;
    private volatile boolean portOpen;
    private volatile boolean closed;

    /**
     * A device without sockets.
     *
     * @param note why it is this device
     * @param drops counts packets that are dropped here
     */
    public StackDevice(String note, ObjIntConsumer<DropReason> drops) {
        this.info = new DeviceInfo("in-process", "in-process", MTU_BYTES, note);
        this.drops = drops;
    }

    @Override
    public DeviceInfo info() {
        return info;
    }

    /** Packets for sockets go to this host from now on. */
    void attach(HostStack stack) {
        host = stack;
    }

    /** Counts what is dropped. */
    ObjIntConsumer<DropReason> drops() {
        return drops;
    }

    @Override
    public int readBytes() {
        return host == null ? MTU_BYTES : Packets.MAX_BYTES;
    }

    @Override
    public int superPackets() {
        return SUPER_PACKETS;
    }

    @Override
    public Set<Segmentation> writes() {
        return host == null ? Set.of(Segmentation.NONE) : WRITES;
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

    /** Whether a sender may put so many bytes of data now; else it is called once it may try again. */
    boolean claim(SendTurns.Sender sender, int bytes) {
        return toMesh.claim(sender, bytes);
    }

    /** Calls senders that wait, as far as there is room. Returns whether some are left that should be called soon. */
    boolean resumeSenders() {
        for (int i = 0; i < TURNS_AT_ONCE; i++) {
            SendTurns.Sender sender = toMesh.nextTurn();
            if (sender == null) {
                return false; // With room again, the reader calls.
            }
            sender.resume();
        }
        return toMesh.turnsDue();
    }

    /** Sends a packet of this host; counts it where there is no room. See {@link PacketRing#put}. */
    void send(
            int length, Segmentation kind, int headerBytes, int segmentBytes, int checksumStart, int checksumOffset,
            PacketRing.Content content) {
        send(null, length, kind, headerBytes, segmentBytes, checksumStart, checksumOffset, content);
    }

    /** The same of a sender that may have claimed room for it. */
    void send(
            SendTurns.Sender sender,
            int length,
            Segmentation kind,
            int headerBytes,
            int segmentBytes,
            int checksumStart,
            int checksumOffset,
            PacketRing.Content content) {
        if (!toMesh.put(sender, length, kind, headerBytes, segmentBytes, checksumStart, checksumOffset, content)) {
            drops.accept(DropReason.QUEUE_FULL, segmentBytes == 0 ? 1 : (length - headerBytes + segmentBytes - 1) / segmentBytes);
        }
    }

    @Override
    public int read(PacketBatch batch) throws IOException {
        try {
            while (true) {
                int lost = toMesh.take(batch);
                if (lost < 0) {
                    throw new NodeClosedException("the in-process device is closed");
                }
                if (lost > 0) {
                    drops.accept(DropReason.TOO_BIG, lost);
                }
                HostStack stack = host;
                if (stack != null && toMesh.turnsDue()) {
                    stack.resumeSenders();
                }
                if (batch.size() > 0) {
                    return batch.size();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NodeClosedException("the in-process device was interrupted", e);
        }
    }

    @Override
    public int write(PacketBatch batch) throws IOException {
        if (closed) {
            throw new NodeClosedException("the in-process device is closed");
        }
        HostStack stack = host;
        HostStack.Arrival arrival = stack == null ? null : stack.begin();
        for (int i = 0; i < batch.size(); i++) {
            take(batch.get(i), arrival);
        }
        return batch.size();
    }

    private void take(PacketBuffer packet, HostStack.Arrival arrival) {
        ByteBuffer m = packet.memory();
        if (isPing(packet, arrival) && EchoResponder.answer(m, packet.offset(), packet.length())) {
            send(packet.length(), Segmentation.NONE, 0, 0, -1, 0, (ring, at) -> ring.put(at, m, packet.offset(), packet.length()));
        } else if (arrival != null && arrival.take(packet)) {
            return;
        } else if (portOpen) {
            toPort(packet);
        } else {
            drops.accept(DropReason.NO_RECEIVER, 1);
            if (arrival != null) {
                arrival.refuse(packet);
            }
        }
    }

    /** Without a host it is not known which addresses are this node's alone. */
    private static boolean isPing(PacketBuffer packet, HostStack.Arrival arrival) {
        return packet.segmentation() == Segmentation.NONE
                && EchoResponder.isRequest(packet.memory(), packet.offset(), packet.length())
                && (arrival == null || arrival.isOurs(packet.memory(), packet.offset()));
    }

    private void toPort(PacketBuffer packet) {
        if (packet.segmentation() == Segmentation.NONE) {
            byte[] copy = new byte[packet.length()];
            packet.memory().get(packet.offset(), copy);
            queue(copy);
            return;
        }
        Splitter splitter = new Splitter();
        int count = splitter.begin(packet);
        for (int i = 0; i < count; i++) {
            byte[] piece = new byte[splitter.packetBytes(i)];
            splitter.write(i, ByteBuffer.wrap(piece), 0);
            queue(piece);
        }
    }

    private void queue(byte[] packet) {
        if (!fromMesh.offer(packet)) {
            drops.accept(DropReason.QUEUE_FULL, 1);
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
        send(length, Segmentation.NONE, 0, 0, -1, 0, (ring, at) -> ring.put(at, copy));
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
        HostStack stack = host;
        if (stack != null) {
            stack.close();
        }
        toMesh.close();
        fromMesh.clear();
        fromMesh.offer(CLOSED);
    }
}
