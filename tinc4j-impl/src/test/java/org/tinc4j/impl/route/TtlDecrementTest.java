package org.tinc4j.impl.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tinc4j.impl.wire.InternetChecksum;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.impl.wire.TestPackets;

class TtlDecrementTest {

    private static final long SEED = Long.getLong("fuzz.seed", 1812L);

    @Test
    void adjustedChecksumEqualsARecomputedOne() {
        Random random = new Random(SEED);
        for (int i = 0; i < 20_000; i++) {
            byte[] packet = new byte[20];
            random.nextBytes(packet);
            packet[0] = 0x45;
            packet[8] = (byte) (2 + random.nextInt(254));
            ByteBuffer m = ByteBuffer.wrap(packet);
            InternetChecksum.storeV4Header(m, 0);
            assertThat(TtlDecrement.decrement(m, 0)).isTrue();
            short adjusted = m.getShort(10);
            InternetChecksum.storeV4Header(m, 0);
            assertThat(adjusted).as("seed %d, case %d", SEED, i).isEqualTo(m.getShort(10));
        }
    }

    @Test
    void takesOneFromEitherFamily() {
        for (byte[] packet : new byte[][] {TestPackets.PING_V4.clone(), TestPackets.PING_V6.clone()}) {
            ByteBuffer m = ByteBuffer.wrap(packet);
            assertThat(TtlDecrement.decrement(m, 0)).isTrue();
            assertThat(IpPacket.hopLimit(m, 0)).isEqualTo(63);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aPacketWithoutHopsLeftIsUnchanged(int limit) {
        for (byte[] packet : new byte[][] {TestPackets.PING_V4.clone(), TestPackets.PING_V6.clone()}) {
            packet[packet[0] >> 4 == 4 ? 8 : 7] = (byte) limit;
            byte[] before = packet.clone();
            assertThat(TtlDecrement.decrement(ByteBuffer.wrap(packet), 0)).isFalse();
            assertThat(packet).isEqualTo(before);
        }
    }
}
