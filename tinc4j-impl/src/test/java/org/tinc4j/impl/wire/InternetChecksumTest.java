package org.tinc4j.impl.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InternetChecksumTest {

    private static final long SEED = Long.getLong("fuzz.seed", 1071L);

    @Test
    void sumsTheExampleOfRfc1071() {
        ByteBuffer m = ByteBuffer.wrap(TestPackets.hex("0001f203f4f5f6f7"));
        assertThat(InternetChecksum.fold(InternetChecksum.sum(m, 0, 8))).isEqualTo(0xddf2);
    }

    @Test
    void updatesTheExampleOfRfc1624() {
        assertThat(InternetChecksum.update(0xdd2f, 0x5555, 0x3285)).isZero();
    }

    @Test
    void headersThatAKernelSentSumUpToZero() {
        for (byte[] packet : new byte[][] {TestPackets.PING_V4, TestPackets.PONG_V4, TestPackets.UDP_V4}) {
            assertThat(InternetChecksum.finish(InternetChecksum.sum(ByteBuffer.wrap(packet), 0, 20))).isZero();
        }
    }

    @Test
    void foldedPseudoHeaderIsWhatAKernelLeavesInAPacketWhoseChecksumADeviceCompletes() {
        for (byte[] packet : new byte[][] {TestPackets.UDP_V4, TestPackets.UDP_V6}) {
            ByteBuffer m = ByteBuffer.wrap(packet);
            int at = IpPacket.headerBytes(m, 0);
            long sum = InternetChecksum.pseudoHeader(m, 0, IpPacket.UDP, packet.length - at);
            assertThat(InternetChecksum.fold(sum)).isEqualTo(m.getShort(at + 6) & 0xffff);
        }
    }

    @Test
    void storesTheChecksumsThatAKernelStored() {
        for (byte[] packet : new byte[][] {TestPackets.PING_V4, TestPackets.PING_V6, TestPackets.PORT_UNREACHABLE_V6}) {
            ByteBuffer m = ByteBuffer.wrap(packet.clone());
            int icmpAt = IpPacket.headerBytes(m, 0);
            m.putShort(icmpAt + 2, (short) 0x5555);
            InternetChecksum.storeIcmp(m, 0);
            if (IpPacket.version(m, 0) == 4) {
                m.putShort(10, (short) 0x5555);
                InternetChecksum.storeV4Header(m, 0);
            }
            assertThat(m.array()).isEqualTo(packet);
        }
    }

    @Test
    void equalsTheReferenceForEveryLengthAndAlignment() {
        Random random = new Random(SEED);
        byte[] bytes = new byte[3000];
        random.nextBytes(bytes);
        ByteBuffer m = ByteBuffer.wrap(bytes);
        for (int i = 0; i < 5000; i++) {
            int off = random.nextInt(1000);
            int len = i < 100 ? i : random.nextInt(2000);
            assertThat(InternetChecksum.finish(InternetChecksum.sum(m, off, len)))
                    .as("seed %d, off %d, len %d", SEED, off, len)
                    .isEqualTo(TestPackets.referenceChecksum(bytes, off, len));
        }
    }

    @Test
    void manyFullWordsDoNotOverflowTheRunningSum() {
        byte[] ones = new byte[1 << 20];
        Arrays.fill(ones, (byte) 0xff);
        assertThat(InternetChecksum.finish(InternetChecksum.sum(ByteBuffer.wrap(ones), 0, ones.length))).isZero();
        assertThat(InternetChecksum.finish(Long.MAX_VALUE))
                .isEqualTo(TestPackets.referenceChecksum(TestPackets.hex("7fffffffffffffff"), 0, 8));
    }

    @Test
    void updatingOneWordEqualsSummingAgain() {
        Random random = new Random(SEED);
        byte[] bytes = new byte[40];
        ByteBuffer m = ByteBuffer.wrap(bytes);
        for (int i = 0; i < 20_000; i++) {
            random.nextBytes(bytes);
            int before = InternetChecksum.finish(InternetChecksum.sum(m, 0, 40));
            int at = random.nextInt(20) * 2;
            short old = m.getShort(at);
            m.putShort(at, (short) random.nextInt());
            assertThat(InternetChecksum.update(before, old, m.getShort(at)))
                    .as("seed %d, case %d", SEED, i)
                    .isEqualTo(InternetChecksum.finish(InternetChecksum.sum(m, 0, 40)));
        }
    }
}
