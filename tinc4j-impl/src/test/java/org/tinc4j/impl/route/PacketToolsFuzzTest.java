package org.tinc4j.impl.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.tinc4j.impl.route.IcmpError.Unreachable;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.impl.wire.TestPackets;
import org.tinc4j.spi.BufferPool;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;

/** Damaged packets at the very end of their memory: no tool throws, or touches a byte outside of the packet. */
class PacketToolsFuzzTest {

    private static final long SEED = Long.getLong("fuzz.seed", 4443L);
    private static final int OFF = TestPackets.GUARD_BYTES;

    @Test
    void ttlDecrementStaysInside() {
        fuzz((m, len, random) -> {
            if (IpPacket.isValid(m, OFF, len)) {
                TtlDecrement.decrement(m, OFF);
            }
        });
    }

    @Test
    void mssClampStaysInside() {
        fuzz((m, len, random) -> MssClamp.clamp(m, OFF, len, random.nextInt(1600)));
    }

    @Test
    void fragmenterStaysInsideAndMakesValidPackets() {
        PacketBatch out = new BufferPool(BufferPool.Memory.HEAP, 2048).batch(4);
        fuzz((m, len, random) -> {
            out.clear();
            int count = Fragmenter.fragment(m, OFF, len, random.nextInt(1600), out);
            assertThat(out.size()).isEqualTo(count);
            for (int i = 0; i < count; i++) {
                assertValid(out.get(i));
            }
        });
    }

    @Test
    void icmpErrorStaysInsideAndMakesValidPackets() {
        PacketBuffer out = TestPackets.buffer(new byte[0]);
        InetAddress local = InetAddress.getLoopbackAddress();
        fuzz((m, len, random) -> {
            if (!IpPacket.isValid(m, OFF, len)) {
                return;
            }
            boolean built =
                    switch (random.nextInt(3)) {
                        case 0 -> IcmpError.unreachable(Unreachable.values()[random.nextInt(3)], m, OFF, out);
                        case 1 -> IcmpError.tooBig(random.nextInt(1600), m, OFF, out);
                        default -> IcmpError.timeExceeded(local, m, OFF, out);
                    };
            if (built) {
                assertValid(out);
                assertThat(IcmpError.unreachable(Unreachable.NET, out.memory(), out.offset(), out)).isFalse();
            }
        });
    }

    private static void assertValid(PacketBuffer buffer) {
        assertThat(IpPacket.isValid(buffer.memory(), buffer.offset(), buffer.length())).isTrue();
    }

    private interface Tool {
        void use(ByteBuffer m, int len, Random random);
    }

    private static void fuzz(Tool tool) {
        Random random = new Random(SEED);
        for (int i = 0; i < 30_000; i++) {
            byte[] packet = TestPackets.damaged(random);
            Consumer<ByteBuffer> use = m -> tool.use(m, packet.length, random);
            assertThat(TestPackets.staysInside(packet, use)).as("seed %d, case %d", SEED, i).isTrue();
        }
    }
}
