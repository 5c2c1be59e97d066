package org.tinc4j.impl.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tinc4j.impl.wire.InternetChecksum;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.impl.wire.TestPackets;
import org.tinc4j.spi.BufferPool;
import org.tinc4j.spi.PacketBatch;

class FragmenterTest {

    private static final long SEED = Long.getLong("fuzz.seed", 815L);

    private final PacketBatch out = new BufferPool(BufferPool.Memory.HEAP, 2048).batch(130);

    @Test
    void fragmentsReassembleToTheOriginal() {
        Random random = new Random(SEED);
        for (int i = 0; i < 300; i++) {
            byte[] payload = new byte[random.nextInt(i % 10 == 0 ? 65515 : 6000)];
            random.nextBytes(payload);
            byte[] packet = TestPackets.v4(IpPacket.UDP, 0, payload);
            int maxFrameBytes = 500 + random.nextInt(1100);
            out.clear();
            int count = Fragmenter.fragment(ByteBuffer.wrap(packet), 0, packet.length, maxFrameBytes, out);
            assertThat(count).as("seed %d, case %d", SEED, i).isPositive().isEqualTo(out.size());
            assertThat(reassembled(0, 0)).as("seed %d, case %d", SEED, i).isEqualTo(payload);
            for (int f = 0; f < count; f++) {
                assertThat(out.get(f).length() + 14).isLessThanOrEqualTo(Math.max(maxFrameBytes, 590));
            }
        }
    }

    @Test
    void existingOffsetAndMoreFragmentsFlagAreRespected() {
        byte[] payload = new byte[2400];
        new Random(SEED).nextBytes(payload);
        byte[] packet = TestPackets.v4(IpPacket.UDP, 0x2000 | 100, payload);
        assertThat(Fragmenter.fragment(ByteBuffer.wrap(packet), 0, packet.length, 1000, out)).isEqualTo(3);
        assertThat(reassembled(100, 0x2000)).isEqualTo(payload);
    }

    @Test
    void fragmentPayloadIsTheRoomRoundedDownToEight() {
        byte[] packet = TestPackets.v4(IpPacket.UDP, 0, new byte[2000]);
        Fragmenter.fragment(ByteBuffer.wrap(packet), 0, packet.length, 1518, out);
        assertThat(out.get(0).length()).isEqualTo(20 + 1480);
        out.clear();
        Fragmenter.fragment(ByteBuffer.wrap(packet), 0, packet.length, 100, out);
        assertThat(out.get(0).length()).isEqualTo(20 + 552);
    }

    @Test
    void refusesWhatMustNotOrCannotBeCut() {
        byte[] packet = TestPackets.v4(IpPacket.UDP, 0, new byte[2000]);
        byte[] withOptions = packet.clone();
        withOptions[0] = 0x46;
        refused(TestPackets.v4(IpPacket.UDP, 0x4000, new byte[2000]), "DF");
        refused(TestPackets.v6(IpPacket.UDP, new byte[2000]), "IPv6");
        refused(withOptions, "options");
        refused(Arrays.copyOf(packet, 2021), "a byte behind the packet");
        refused(TestPackets.v4(IpPacket.UDP, 8191, new byte[2000]), "an end beyond the largest packet");
    }

    private void refused(byte[] packet, String why) {
        assertThat(Fragmenter.fragment(ByteBuffer.wrap(packet), 0, packet.length, 1000, out)).as(why).isZero();
        assertThat(out.size()).as(why).isZero();
    }

    @Test
    void aBatchWithoutRoomForAllStaysAsItWas() {
        byte[] packet = TestPackets.v4(IpPacket.UDP, 0, new byte[2000]);
        out.size(out.capacity() - 1);
        assertThat(Fragmenter.fragment(ByteBuffer.wrap(packet), 0, packet.length, 1000, out)).isZero();
        assertThat(out.size()).isEqualTo(out.capacity() - 1);
    }

    private byte[] reassembled(int firstOffset, int lastFlags) {
        ByteBuffer payload = ByteBuffer.allocate(65535);
        for (int i = 0; i < out.size(); i++) {
            ByteBuffer m = out.get(i).memory();
            int at = out.get(i).offset();
            int len = out.get(i).length();
            assertThat(IpPacket.isValid(m, at, len)).isTrue();
            assertThat(IpPacket.totalLength(m, at)).isEqualTo(len);
            assertThat(InternetChecksum.finish(InternetChecksum.sum(m, at, 20))).isZero();
            assertThat(m.getShort(at + 4)).isEqualTo((short) 0x1234);
            int flags = m.getShort(at + 6) & 0xffff;
            assertThat(flags & 0xe000).isEqualTo(i == out.size() - 1 ? lastFlags : 0x2000);
            assertThat(((flags & 0x1fff) - firstOffset) * 8).isEqualTo(payload.position());
            payload.put(TestPackets.contents(out.get(i)), 20, len - 20);
        }
        return Arrays.copyOf(payload.array(), payload.position());
    }
}
