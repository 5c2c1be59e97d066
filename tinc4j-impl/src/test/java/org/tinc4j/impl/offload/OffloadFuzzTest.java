package org.tinc4j.impl.offload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tinc4j.impl.wire.TestPackets;
import org.tinc4j.spi.BufferPool;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;
import org.tinc4j.spi.PacketDevice;

/** Damaged packets and marks at the very end of their memory: nothing throws, or touches a byte outside of the packet. */
class OffloadFuzzTest {

    private static final long SEED = Long.getLong("fuzz.seed", 5517L);
    private static final int OFF = TestPackets.GUARD_BYTES;
    private static final int BLOCK_BYTES = PacketDevice.HEADROOM_BYTES + 65535 + PacketDevice.TAILROOM_BYTES;

    private final Random random = new Random(SEED);

    @Test
    void splitterStaysInsideAndWritesAsMuchAsItSays() {
        Splitter splitter = new Splitter();
        int cut = 0;
        for (int i = 0; i < 30_000; i++) {
            TestPacket from = anyPacket();
            byte[] packet = random.nextInt(4) == 0 ? TestPackets.damaged(random) : damaged(from.encode());
            PacketBuffer marks = from.superPacket(1 + random.nextInt(200));
            int[] counts = new int[1];
            boolean inside = TestPackets.staysInside(packet, m -> counts[0] = cutAll(splitter, marked(m, packet.length, marks)));
            assertThat(inside).as("seed %d, case %d", SEED, i).isTrue();
            cut += counts[0];
        }
        assertThat(cut).isPositive();
    }

    /** The marks of the packet, mostly, or any numbers that fit a virtio-net header. */
    private PacketBuffer marked(ByteBuffer m, int length, PacketBuffer marks) {
        PacketBuffer buffer = new PacketBuffer(m);
        buffer.reset(OFF, length);
        Segmentation kind = random.nextInt(8) == 0 ? Segmentation.values()[random.nextInt(4)] : marks.segmentation();
        buffer.segmented(kind, orAny(marks.headerBytes()), orAny(marks.segmentBytes()));
        buffer.checksumNeeded(orAny(marks.checksumStart()), orAny(marks.checksumOffset()));
        return buffer;
    }

    private int orAny(int value) {
        return switch (random.nextInt(16)) {
            case 0 -> random.nextInt(1 << 16);
            case 1 -> value + random.nextInt(9) - 4;
            default -> value;
        };
    }

    private static int cutAll(Splitter splitter, PacketBuffer buffer) {
        int count = splitter.begin(buffer);
        for (int i = 0; i < count; i++) {
            int bytes = splitter.packetBytes(i);
            ByteBuffer target = ByteBuffer.allocate(OFF + bytes);
            assertThat(splitter.write(i, target, OFF)).isEqualTo(bytes);
            assertThat(target.slice(0, OFF)).isEqualTo(ByteBuffer.allocate(OFF));
        }
        return count;
    }

    @Test
    void completingAChecksumStaysInside() {
        for (int i = 0; i < 30_000; i++) {
            TestPacket from = anyPacket();
            byte[] packet = damaged(from.encode());
            PacketBuffer marks = from.superPacket(0);
            boolean inside = TestPackets.staysInside(packet, m -> Splitter.completeChecksum(marked(m, packet.length, marks)));
            assertThat(inside).as("seed %d, case %d", SEED, i).isTrue();
        }
    }

    @Test
    void coalescerStaysInsideAndDeliversEveryByteOfWhatItLeavesAlone() {
        Coalescer coalescer = new Coalescer(new BufferPool(BufferPool.Memory.HEAP, BLOCK_BYTES).batch(2), 16);
        coalescer.kinds(EnumSet.allOf(Segmentation.class));
        for (int i = 0; i < 5000; i++) {
            coalescer.clear();
            TestPacket next = anyPacket();
            for (int n = random.nextInt(12); n >= 0; n--) {
                byte[] packet = random.nextInt(4) == 0 ? TestPackets.damaged(random) : damaged(next.encode());
                ByteBuffer memory = ByteBuffer.allocate(OFF + packet.length).put(OFF, packet);
                PacketBuffer buffer = new PacketBuffer(memory);
                buffer.reset(OFF, packet.length);
                assertThat(coalescer.add(buffer)).as("seed %d, case %d", SEED, i).isTrue();
                assertThat(TestPackets.contents(buffer)).isEqualTo(packet);
                next = next.next(next.payload.length);
            }
            PacketBatch batch = coalescer.finish();
            assertThat(batch.size()).isPositive();
        }
    }

    private TestPacket anyPacket() {
        int version = random.nextBoolean() ? 4 : 6;
        TestPacket packet = random.nextBoolean() ? TestPacket.tcp(version, random.nextInt(600)) : TestPacket.udp(version, random.nextInt(600));
        packet.options = new byte[4 * random.nextInt(11)];
        Arrays.fill(packet.options, (byte) 1);
        return packet;
    }

    /** Mostly whole; some with bytes changed, most of them in the headers, or the end moved. */
    private byte[] damaged(byte[] packet) {
        byte[] damaged = random.nextInt(8) == 0 ? Arrays.copyOf(packet, random.nextInt(packet.length + 9)) : packet;
        int reach = Math.min(damaged.length, random.nextInt(4) == 0 ? damaged.length : 80);
        for (int i = random.nextInt(3); i > 0 && reach > 0; i--) {
            damaged[random.nextInt(reach)] = (byte) random.nextInt(256);
        }
        return damaged;
    }
}
