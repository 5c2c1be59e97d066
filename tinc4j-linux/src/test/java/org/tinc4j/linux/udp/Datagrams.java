package org.tinc4j.linux.udp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.tinc4j.spi.BufferPool;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.DatagramTransport.SendResult;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketDevice;

/** Batches of datagrams as tests write and read them. */
final class Datagrams {

    /** One that arrived. */
    record Arrived(InetSocketAddress from, ByteBuffer bytes) {}

    private static final int BLOCK_BYTES = PacketDevice.HEADROOM_BYTES + 65_535 + PacketDevice.TAILROOM_BYTES;

    private Datagrams() {}

    static PacketBatch batch(BufferPool.Memory memory, int capacity) {
        return new BufferPool(memory, BLOCK_BYTES).batch(capacity);
    }

    /** Random bytes, repeatable. */
    static byte[] bytes(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static void add(PacketBatch batch, InetSocketAddress to, byte[] datagram) {
        PacketBuffer buffer = batch.next();
        buffer.reset(PacketDevice.HEADROOM_BYTES, datagram.length);
        buffer.memory().put(PacketDevice.HEADROOM_BYTES, datagram);
        buffer.remote(to);
    }

    static void addRun(PacketBatch batch, InetSocketAddress to, byte[] datagrams, int segmentBytes) {
        add(batch, to, datagrams);
        batch.get(batch.size() - 1).segmented(PacketBuffer.Segmentation.UDP, 0, segmentBytes);
    }

    static SendResult[] send(DatagramTransport from, PacketBatch batch) throws IOException {
        SendResult[] results = new SendResult[batch.size()];
        from.send(batch, results);
        return results;
    }

    /** Receives until so many datagrams are there, runs taken apart. */
    static List<Arrived> receive(DatagramTransport at, PacketBatch batch, int count) throws IOException {
        List<Arrived> all = new ArrayList<>();
        while (all.size() < count) {
            at.receive(batch);
            for (int i = 0; i < batch.size(); i++) {
                addCut(all, batch.get(i));
            }
        }
        return all;
    }

    private static void addCut(List<Arrived> all, PacketBuffer buffer) {
        int size = buffer.segmentation() == PacketBuffer.Segmentation.UDP ? buffer.segmentBytes() : buffer.length();
        int done = 0;
        do {
            int length = Math.min(size, buffer.length() - done);
            byte[] copy = new byte[length];
            buffer.memory().get(buffer.offset() + done, copy);
            all.add(new Arrived(buffer.remote(), ByteBuffer.wrap(copy)));
            done += length;
        } while (done < buffer.length());
    }
}
