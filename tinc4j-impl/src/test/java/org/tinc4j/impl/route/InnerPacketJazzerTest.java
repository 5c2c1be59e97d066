package org.tinc4j.impl.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.tinc4j.impl.stack.EchoReply;
import org.tinc4j.impl.stack.EchoResponder;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.impl.wire.TestPackets;
import org.tinc4j.spi.BufferPool;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;

/** Inner packets at the very end of their memory: no tool throws or touches a byte outside, and what they build is valid. */
class InnerPacketJazzerTest {

    private static final int OFF = TestPackets.GUARD_BYTES;
    private static final int MAX_BYTES = 9000;
    private static final int MAX_FRAME_BYTES = 1400;

    private final PacketBatch fragments = new BufferPool(BufferPool.Memory.HEAP, 2048).batch(32);
    private final PacketBuffer error = TestPackets.buffer(new byte[0]);

    static Stream<byte[]> packets() {
        byte[] options = TestPackets.hex("020405b4");
        return Stream.of(
                TestPackets.PING_V4,
                TestPackets.PONG_V4,
                TestPackets.PING_V6,
                TestPackets.PONG_V6,
                TestPackets.UDP_V4,
                TestPackets.UDP_V6,
                TestPackets.PORT_UNREACHABLE_V4,
                TestPackets.PORT_UNREACHABLE_V6,
                TestPackets.syn(4, "020405b4"),
                TestPackets.syn(6, "0101020405b4"),
                TestPackets.v4(IpPacket.UDP, 0x2001, options),
                TestPackets.v6(0, options));
    }

    @MethodSource("packets")
    @FuzzTest
    void packet(byte[] data) {
        if (data.length > MAX_BYTES) {
            return;
        }
        inside(data, m -> MssClamp.clamp(m, OFF, data.length, MAX_FRAME_BYTES));
        inside(data, m -> EchoResponder.answer(m, OFF, data.length));
        inside(data, m -> EchoReply.match(m, OFF, data.length));
        inside(data, m -> fragment(m, data.length));
        if (IpPacket.isValid(TestPackets.buffer(data).memory(), TestPackets.buffer(data).offset(), data.length)) {
            inside(data, m -> read(m, data.length));
            inside(data, m -> TtlDecrement.decrement(m, OFF));
            inside(data, this::refuse);
        }
    }

    private static void inside(byte[] data, java.util.function.Consumer<ByteBuffer> tool) {
        assertThat(TestPackets.staysInside(data, tool)).isTrue();
    }

    private static void read(ByteBuffer m, int length) {
        assertThat(IpPacket.totalLength(m, OFF)).isBetween(IpPacket.headerBytes(m, OFF), length);
        assertThat(IpPacket.transportOffset(m, OFF)).isLessThanOrEqualTo(OFF + length);
        IpPacket.protocol(m, OFF);
        IpPacket.hopLimit(m, OFF);
        IpPacket.sourceIsHost(m, OFF);
        IpPacket.destinationIsGroup(m, OFF);
        IpPacket.dontFragment(m, OFF);
        IpPacket.isLaterFragment(m, OFF);
        if (IpPacket.version(m, OFF) == 4) {
            IpPacket.sourceV4(m, OFF);
            IpPacket.destinationV4(m, OFF);
        } else {
            IpPacket.sourceLowV6(m, OFF);
            IpPacket.destinationLowV6(m, OFF);
        }
    }

    private void fragment(ByteBuffer m, int length) {
        fragments.clear();
        int count = Fragmenter.fragment(m, OFF, length, MAX_FRAME_BYTES, fragments);
        for (int i = 0; i < count; i++) {
            assertValid(fragments.get(i));
        }
    }

    private void refuse(ByteBuffer m) {
        if (IcmpError.unreachable(IcmpError.Unreachable.PROHIBITED, m, OFF, error)) {
            assertValid(error);
        }
        if (IcmpError.tooBig(MAX_FRAME_BYTES, m, OFF, error)) {
            assertValid(error);
        }
        if (IcmpError.timeExceeded(localAddress(IpPacket.version(m, OFF)), m, OFF, error)) {
            assertValid(error);
        }
    }

    private static InetAddress localAddress(int version) {
        try {
            return InetAddress.getByAddress(new byte[version == 4 ? 4 : 16]);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are an address", e);
        }
    }

    private static void assertValid(PacketBuffer buffer) {
        assertThat(IpPacket.isValid(buffer.memory(), buffer.offset(), buffer.length())).isTrue();
    }
}
