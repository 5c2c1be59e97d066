package org.tinc4j.impl.offload;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.tinc4j.impl.wire.TestPackets;
import org.tinc4j.spi.BufferPool;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;
import org.tinc4j.spi.PacketDevice;

/** Packets from others, and marks from a device: nothing throws or reads outside, and what was joined can be cut again. */
class OffloadJazzerTest {

    private static final int OFF = TestPackets.GUARD_BYTES;
    private static final int MARKS_BYTES = 8;

    private final Splitter splitter = new Splitter();
    private final Coalescer coalescer = new Coalescer(
            new BufferPool(BufferPool.Memory.HEAP, PacketDevice.HEADROOM_BYTES + 65535 + PacketDevice.TAILROOM_BYTES).batch(1), 4);

    static Stream<byte[]> pairs() {
        return Stream.of(4, 6).flatMap(version -> Stream.of(TestPacket.tcp(version, 40), TestPacket.udp(version, 40)))
                .map(first -> pair(first.encode(), first.next(30).encode()));
    }

    private static byte[] pair(byte[] first, byte[] second) {
        return ByteBuffer.allocate(1 + first.length + second.length).put((byte) first.length).put(first).put(second).array();
    }

    /** The first byte says how long the first packet is; the rest is the second. */
    @MethodSource("pairs")
    @FuzzTest
    void joined(byte[] data) {
        int first = data.length == 0 ? 0 : Math.min(data[0] & 0xff, data.length - 1);
        coalescer.kinds(EnumSet.allOf(Segmentation.class));
        coalescer.clear();
        coalescer.add(atTheEnd(Arrays.copyOfRange(data, Math.min(1, data.length), 1 + first)));
        coalescer.add(atTheEnd(Arrays.copyOfRange(data, Math.min(1 + first, data.length), data.length)));
        PacketBatch batch = coalescer.finish();
        if (batch.size() == 1) {
            assertThat(splitter.begin(batch.get(0))).isEqualTo(2);
            for (int i = 0, at = 1; i < 2; at += splitter.packetBytes(i), i++) {
                ByteBuffer packet = ByteBuffer.allocate(splitter.packetBytes(i));
                splitter.write(i, packet, 0);
                ByteBuffer whole = ByteBuffer.wrap(data, at, packet.capacity()).slice();
                assertThat(TestPacket.withoutAtomicId(packet)).isEqualTo(TestPacket.withoutAtomicId(whole));
            }
        }
    }

    private static PacketBuffer atTheEnd(byte[] packet) {
        PacketBuffer buffer = new PacketBuffer(ByteBuffer.allocate(OFF + packet.length).put(OFF, packet));
        buffer.reset(OFF, packet.length);
        return buffer;
    }

    static Stream<byte[]> superPackets() {
        return Stream.of(4, 6).flatMap(version -> Stream.of(TestPacket.tcp(version, 300), TestPacket.udp(version, 300)))
                .map(whole -> ByteBuffer.allocate(MARKS_BYTES + whole.headerBytes() + 300)
                        .put((byte) whole.kind().ordinal())
                        .put((byte) whole.headerBytes())
                        .putShort((short) 100)
                        .putShort((short) whole.transportAt())
                        .putShort((short) whole.checksumOffset())
                        .put(whole.encode())
                        .array());
    }

    /** Marks, then the packet. */
    @MethodSource("superPackets")
    @FuzzTest
    void cut(byte[] data) {
        if (data.length < MARKS_BYTES || data.length > MARKS_BYTES + 65535) {
            return;
        }
        ByteBuffer marks = ByteBuffer.wrap(data);
        byte[] packet = Arrays.copyOfRange(data, MARKS_BYTES, data.length);
        assertThat(TestPackets.staysInside(packet, m -> {
            PacketBuffer buffer = new PacketBuffer(m);
            buffer.reset(OFF, packet.length);
            buffer.segmented(Segmentation.values()[data[0] & 3], data[1] & 0xff, marks.getShort(2) & 0xffff);
            buffer.checksumNeeded(marks.getShort(4) & 0xffff, marks.getShort(6) & 0xffff);
            int count = splitter.begin(buffer);
            for (int i = 0; i < count; i++) {
                ByteBuffer target = ByteBuffer.allocate(splitter.packetBytes(i));
                assertThat(splitter.write(i, target, 0)).isEqualTo(target.capacity());
            }
            Splitter.completeChecksum(buffer);
        })).isTrue();
    }
}
