package org.tinc4j.impl.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.spi.PacketBuffer;

/** Fragments make the packet they were cut from, in whatever order they come, or none. */
class ReassemblerTest {

    private static final byte[] FROM = {10, 8, 0, 1};
    private static final byte[] TO = {10, 8, 0, 2};

    private final Reassembler reassembler = new Reassembler();

    private static ByteBuffer fragment(int id, byte[] data, int start, int bytes, boolean more) {
        ByteBuffer m = ByteBuffer.allocate(20 + bytes);
        Packets.ip(m, 0, FROM, TO, IpPacket.UDP, 20 + bytes, id, false);
        m.putShort(6, (short) ((more ? 0x2000 : 0) | start / 8));
        m.put(20, data, start, bytes);
        return m;
    }

    private static List<ByteBuffer> fragments(int id, byte[] data, int size) {
        List<ByteBuffer> fragments = new ArrayList<>();
        for (int start = 0; start < data.length; start += size) {
            int bytes = Math.min(size, data.length - start);
            fragments.add(fragment(id, data, start, bytes, start + bytes < data.length));
        }
        return fragments;
    }

    private static byte[] data(int length) {
        byte[] data = new byte[length];
        new Random(length).nextBytes(data);
        return data;
    }

    private static byte[] payload(PacketBuffer packet) {
        byte[] payload = new byte[packet.length() - 20];
        packet.memory().get(20, payload);
        return payload;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void makesTheWholeInAnyOrder(long seed) {
        byte[] data = data(5003);
        List<ByteBuffer> fragments = fragments(7, data, 800);
        fragments.addAll(fragments.subList(1, 3)); // Some come twice.
        Collections.shuffle(fragments, new Random(seed));

        List<PacketBuffer> whole = new ArrayList<>();
        for (ByteBuffer fragment : fragments) {
            PacketBuffer made = reassembler.add(fragment, 0, 0);
            if (made != null) {
                whole.add(made);
            }
        }

        assertThat(whole).as("seed " + seed).hasSize(1);
        assertThat(payload(whole.getFirst())).isEqualTo(data);
        assertThat(IpPacket.isFragment(whole.getFirst().memory(), 0)).isFalse();
        assertThat(Packets.v4HeaderRight(whole.getFirst().memory(), 0)).isTrue();
    }

    @Test
    void keepsPacketsApart() {
        byte[] one = data(1600);
        byte[] other = data(1601);
        List<ByteBuffer> first = fragments(1, one, 800);
        List<ByteBuffer> second = fragments(2, other, 800);
        assertThat(reassembler.add(first.get(0), 0, 0)).isNull();
        assertThat(reassembler.add(second.get(0), 0, 0)).isNull();
        assertThat(payload(reassembler.add(first.get(1), 0, 0))).isEqualTo(one);
        assertThat(reassembler.add(second.get(1), 0, 0)).isNull();
        assertThat(payload(reassembler.add(second.get(2), 0, 0))).isEqualTo(other);
    }

    @Test
    void throwsAwayWhatOverlaps() {
        byte[] data = data(1600);
        reassembler.add(fragment(1, data, 0, 800, true), 0, 0);
        reassembler.add(fragment(1, data, 792, 400, true), 0, 0);
        assertThat(reassembler.add(fragment(1, data, 800, 800, false), 0, 0)).isNull();
    }

    @Test
    void losesPatienceAfterAMinute() {
        byte[] data = data(1600);
        reassembler.add(fragment(1, data, 0, 800, true), 0, 0);
        assertThat(reassembler.add(fragment(1, data, 800, 800, false), 0, 61_000_000_000L)).isNull();
    }

    /** A fragment of 8 bytes at the far end of its packet takes memory for all of it, so few such are kept: the last ones. */
    @Test
    void holdsFourMebibytesOfMemoryHoweverLittleComes() {
        byte[] data = data(65_000);
        int flood = 250;
        for (int id = 0; id < flood; id++) {
            reassembler.add(fragment(id, data, 64_992, 8, false), 0, 0);
        }
        int whole = 0;
        for (int id = flood - 1; id >= 0; id--) {
            whole += reassembler.add(fragment(id, data, 0, 64_992, true), 0, 0) == null ? 0 : 1;
        }
        assertThat(whole).isBetween(32, (4 << 20) / 65_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void takesAnyFragmentsWithoutGrowing(long seed) {
        Random random = new Random(seed);
        byte[] data = data(65_000);
        for (int i = 0; i < 20_000; i++) {
            int start = random.nextInt(8000) * 8;
            int bytes = Math.min(1 + random.nextInt(1000), data.length - start);
            reassembler.add(fragment(random.nextInt(1 << 16), data, start, bytes, random.nextBoolean()), 0, i);
        }
    }
}
