package org.tinc4j.impl.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tinc4j.spi.BufferPool;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;

/** Packets come out as they went in, in order, however the ring is wrapped and grown. */
class PacketRingTest {

    private static final int LARGE = 70_000;

    private final PacketRing ring = new PacketRing();

    private static byte[] bytes(int count, Random random) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private boolean put(byte[] packet) {
        return ring.put(null, packet.length, Segmentation.NONE, 0, 0, -1, 0, (memory, at) -> memory.put(at, packet));
    }

    private static byte[] content(PacketBuffer buffer) {
        byte[] content = new byte[buffer.length()];
        buffer.memory().get(buffer.offset(), content);
        return content;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void givesWhatItWasGivenInOrder(long seed) throws Exception {
        Random random = new Random(seed);
        PacketBatch batch = new BufferPool(BufferPool.Memory.HEAP, LARGE).batch(5);
        Deque<byte[]> expected = new ArrayDeque<>();
        for (int round = 0; round < 3000; round++) {
            if (random.nextInt(5) < 3 || expected.isEmpty()) {
                byte[] packet = bytes(random.nextInt(10) == 0 ? random.nextInt(65_536) : 20 + random.nextInt(1500), random);
                if (put(packet)) {
                    expected.add(packet);
                }
            } else {
                assertThat(ring.take(batch)).isZero();
                for (int i = 0; i < batch.size(); i++) {
                    assertThat(content(batch.get(i))).as("seed " + seed).isEqualTo(expected.poll());
                }
            }
        }
    }

    @Test
    void keepsTheMarksOfASuperPacket() throws Exception {
        PacketBatch batch = new BufferPool(BufferPool.Memory.HEAP, LARGE).batch(1);
        ring.put(null, 5000, Segmentation.TCP_V6, 72, 1200, 40, 16, (memory, at) -> {});
        ring.take(batch);

        PacketBuffer packet = batch.get(0);
        assertThat(packet.segmentation()).isEqualTo(Segmentation.TCP_V6);
        assertThat(packet.headerBytes()).isEqualTo(72);
        assertThat(packet.segmentBytes()).isEqualTo(1200);
        assertThat(packet.checksumStart()).isEqualTo(40);
        assertThat(packet.checksumOffset()).isEqualTo(16);
    }

    /** Claims and puts a packet of data. */
    private boolean putData(SendTurns.Sender sender, byte[] packet) {
        return ring.claim(sender, packet.length + PacketRing.MARKS_BYTES)
                && ring.put(sender, packet.length, Segmentation.NONE, 0, 0, -1, 0, (memory, at) -> memory.put(at, packet));
    }

    @Test
    void dataWaitTheirTurnAndAreCalledInOrder() throws Exception {
        PacketBatch batch = new BufferPool(BufferPool.Memory.HEAP, LARGE).batch(4);
        byte[] packet = new byte[60_000];
        List<String> called = new ArrayList<>();
        SendTurns.Sender first = new SendTurns.Sender(() -> called.add("first"));
        SendTurns.Sender second = new SendTurns.Sender(() -> called.add("second"));
        int count = 0;
        while (putData(first, packet)) {
            count++;
        }
        assertThat(count).isEqualTo(SendTurns.ROOM_BYTES / (packet.length + PacketRing.MARKS_BYTES));
        assertThat(putData(second, packet)).isFalse();
        assertThat(ring.turnsDue()).as("the ring is full").isFalse();
        assertThat(ring.nextTurn()).isNull();

        while (!ring.turnsDue()) {
            ring.take(batch);
        }
        assertThat(putData(second, packet)).as("before its turn").isFalse();
        int inATurn = 0;
        for (SendTurns.Sender sender = ring.nextTurn(); sender != null && called.size() < 2; sender = ring.nextTurn()) {
            sender.resume();
            inATurn = 0;
            while (putData(sender, packet)) {
                inATurn++;
            }
        }

        assertThat(called).containsExactly("first", "second");
        assertThat(inATurn).as("with somebody else waiting").isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void dataForWhichRoomWasClaimedAlwaysFit(long seed) throws Exception {
        Random random = new Random(seed);
        PacketBatch batch = new BufferPool(BufferPool.Memory.HEAP, LARGE).batch(7);
        SendTurns.Sender sender = new SendTurns.Sender(() -> {});
        for (int round = 0; round < 300; round++) {
            while (put(new byte[20 + random.nextInt(1500)])) {
                // As full as what claims nothing makes it.
            }
            byte[] packet = new byte[random.nextInt(65_536)];
            while (ring.claim(sender, packet.length + PacketRing.MARKS_BYTES)) {
                assertThat(ring.put(sender, packet.length, Segmentation.NONE, 0, 0, -1, 0, (memory, at) -> {})).as("seed " + seed).isTrue();
            }
            for (int i = random.nextInt(200); i > 0; i--) {
                ring.take(batch);
            }
            while (ring.nextTurn() != null) {
                // It tries again.
            }
        }
    }

    @Test
    void givesItsMemoryBackWhenItIsIdle() {
        PacketRing idle = new PacketRing(1_000_000);
        PacketBatch batch = new BufferPool(BufferPool.Memory.HEAP, LARGE).batch(4);
        idle.put(null, 60_000, Segmentation.NONE, 0, 0, -1, 0, (memory, at) -> {});
        assertThat(idle.heldBytes()).isGreaterThan(60_000);
        Thread taker = Thread.ofVirtual().start(() -> {
            try {
                while (idle.take(batch) >= 0) {
                    // Until it is closed.
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        await().untilAsserted(() -> assertThat(idle.heldBytes()).isZero());
        assertThat(idle.put(null, 100, Segmentation.NONE, 0, 0, -1, 0, (memory, at) -> {})).isTrue();
        await().untilAsserted(() -> assertThat(idle.isEmpty()).isTrue());
        idle.close();
        await().untilAsserted(() -> assertThat(taker.isAlive()).isFalse());
    }

    @Test
    void refusesWhatExceedsItsBoundAndTakesAgainOnceThereIsRoom() throws Exception {
        PacketBatch batch = new BufferPool(BufferPool.Memory.HEAP, LARGE).batch(64);
        byte[] packet = new byte[65_000];
        int count = 0;
        while (put(packet)) {
            count++;
        }
        assertThat(count).isBetween(100, 140);
        ring.take(batch);
        assertThat(put(packet)).isTrue();
    }

    @Test
    void leavesALargePacketForTheFirstBufferOfTheNextBatch() throws Exception {
        PacketBuffer large = new BufferPool(BufferPool.Memory.HEAP, LARGE).batch(1).get(0);
        PacketBuffer small = new BufferPool(BufferPool.Memory.HEAP, 2000).batch(1).get(0);
        PacketBatch batch = new PacketBatch(large, small);
        put(new byte[100]);
        put(new byte[60_000]);

        assertThat(ring.take(batch)).isZero();
        assertThat(batch.size()).isEqualTo(1);
        assertThat(ring.take(batch)).isZero();
        assertThat(batch.get(0).length()).isEqualTo(60_000);
    }

    @Test
    void losesWhatFitsNoBufferAndSaysSo() throws Exception {
        PacketBatch batch = new BufferPool(BufferPool.Memory.HEAP, 2000).batch(2);
        put(new byte[60_000]);
        put(new byte[100]);

        assertThat(ring.take(batch)).isEqualTo(1);
        assertThat(batch.size()).isEqualTo(1);
    }

    @Test
    void closeEndsItForBothSides() throws Exception {
        put(new byte[100]);
        ring.close();

        assertThat(ring.take(new BufferPool(BufferPool.Memory.HEAP, 2000).batch(2))).isEqualTo(-1);
        assertThat(put(new byte[100])).isFalse();
    }

    /** Else whoever sends faster than the mesh takes would have 8 MiB copied for every few packets. */
    @Test
    void aFullRingStaysWhereItIs() throws Exception {
        Set<ByteBuffer> blocks = Collections.newSetFromMap(new IdentityHashMap<>());
        PacketBatch batch = new BufferPool(BufferPool.Memory.HEAP, LARGE).batch(5);
        PacketRing.Content content = (memory, at) -> blocks.add(memory);
        while (ring.put(null, 1500, Segmentation.NONE, 0, 0, -1, 0, content)) {
            // Until it is full.
        }
        blocks.clear();
        for (int i = 0; i < 20; i++) {
            ring.take(batch);
            while (ring.put(null, 1500, Segmentation.NONE, 0, 0, -1, 0, content)) {
                // Until it is full again.
            }
        }

        assertThat(blocks).hasSize(1);
    }

    @Test
    void aPacketThatCannotBeWrittenLeavesTheRingAsItWas() throws Exception {
        PacketBatch batch = new BufferPool(BufferPool.Memory.HEAP, LARGE).batch(5);
        Deque<byte[]> expected = new ArrayDeque<>();
        Random random = new Random(1);
        for (byte[] packet = bytes(1500, random); put(packet); packet = bytes(1500, random)) {
            expected.add(packet);
        }
        ring.take(batch);
        for (int i = 0; i < batch.size(); i++) {
            expected.poll();
        }
        assertThatThrownBy(() -> ring.put(null, 1500, Segmentation.NONE, 0, 0, -1, 0, (memory, at) -> {
                    throw new IndexOutOfBoundsException("the data were changed meanwhile");
                }))
                .isInstanceOf(IndexOutOfBoundsException.class);

        byte[] next = bytes(1500, random);
        assertThat(put(next)).isTrue();
        expected.add(next);

        while (!expected.isEmpty()) {
            ring.take(batch);
            for (int i = 0; i < batch.size(); i++) {
                assertThat(content(batch.get(i))).isEqualTo(expected.poll());
            }
        }
    }
}
