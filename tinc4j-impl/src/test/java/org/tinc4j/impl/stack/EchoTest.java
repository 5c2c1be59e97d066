package org.tinc4j.impl.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tinc4j.impl.wire.InternetChecksum;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.impl.wire.TestPackets;
import org.tinc4j.spi.PacketBuffer;

class EchoTest {

    private static final long SEED = Long.getLong("fuzz.seed", 792L);

    @Test
    void answersAnIpv4PingAsAKernelDoes() {
        ByteBuffer m = ByteBuffer.wrap(TestPackets.PING_V4.clone());
        assertThat(EchoResponder.answer(m, 0, m.capacity())).isTrue();
        assertThat(Arrays.copyOfRange(m.array(), 20, m.capacity()))
                .isEqualTo(Arrays.copyOfRange(TestPackets.PONG_V4, 20, TestPackets.PONG_V4.length));
        assertThat(TestPackets.referenceChecksum(m.array(), 0, 20)).isZero();
    }

    @Test
    void answersAnIpv6PingAsAKernelDoes() {
        ByteBuffer m = ByteBuffer.wrap(TestPackets.PING_V6.clone());
        assertThat(EchoResponder.answer(m, 0, m.capacity())).isTrue();
        assertThat(Arrays.copyOfRange(m.array(), 4, m.capacity()))
                .isEqualTo(Arrays.copyOfRange(TestPackets.PONG_V6, 4, TestPackets.PONG_V6.length));
    }

    @ParameterizedTest
    @CsvSource({"10.7.0.5,10.9.0.6,0", "10.7.0.5,10.9.0.6,57", "fd00:7::5,fd00:9::6,0", "fd00:7::5,fd00:9::6,1200"})
    void aRequestIsAnsweredAndItsReplyMatched(String source, String destination, int payloadBytes) throws UnknownHostException {
        byte[] payload = new byte[payloadBytes];
        new Random(SEED).nextBytes(payload);
        PacketBuffer packet = TestPackets.buffer(new byte[0]);
        EchoRequest.build(InetAddress.getByName(source), InetAddress.getByName(destination), 0xfedc, 0xba98, payload, packet);
        assertThat(EchoReply.match(packet.memory(), packet.offset(), packet.length())).isEqualTo(-1);
        assertThat(EchoResponder.answer(packet.memory(), packet.offset(), packet.length())).isTrue();
        assertThat(EchoReply.match(packet.memory(), packet.offset(), packet.length())).isEqualTo(0xfedcba98L);

        byte[] reply = TestPackets.contents(packet);
        boolean v4 = reply[0] >> 4 == 4;
        byte[] from = v4 ? Arrays.copyOfRange(reply, 12, 16) : Arrays.copyOfRange(reply, 8, 24);
        assertThat(from).isEqualTo(InetAddress.getByName(destination).getAddress());
        assertThat(Arrays.copyOfRange(reply, reply.length - payloadBytes, reply.length)).isEqualTo(payload);
    }

    @Test
    void aReplyOfZerosOnlyHasAChecksumThatHolds() throws UnknownHostException {
        PacketBuffer packet = TestPackets.buffer(new byte[0]);
        EchoRequest.build(InetAddress.getByName("10.7.0.5"), InetAddress.getByName("10.9.0.6"), 0, 0, new byte[8], packet);
        assertThat(EchoResponder.answer(packet.memory(), packet.offset(), packet.length())).isTrue();
        assertThat(EchoReply.match(packet.memory(), packet.offset(), packet.length())).isZero();
    }

    @Test
    void matchesRepliesThatAKernelSent() {
        assertThat(EchoReply.match(ByteBuffer.wrap(TestPackets.PONG_V4), 0, TestPackets.PONG_V4.length)).isEqualTo(0x36690001L);
        assertThat(EchoReply.match(ByteBuffer.wrap(TestPackets.PONG_V6), 0, TestPackets.PONG_V6.length)).isEqualTo(0x366a0001L);
    }

    @Test
    void doesNotAnswerADamagedRequestAndLeavesItAsItWas() {
        for (byte[] ping : new byte[][] {TestPackets.PING_V4, TestPackets.PING_V6}) {
            for (int at = 0; at < ping.length; at++) {
                if (ping == TestPackets.PING_V6 && (at < 4 || at == 7)) {
                    continue; // class, flow label and hop limit of IPv6 are under no checksum
                }
                byte[] damaged = ping.clone();
                damaged[at] ^= 0x04;
                byte[] before = damaged.clone();
                assertThat(EchoResponder.answer(ByteBuffer.wrap(damaged), 0, damaged.length)).as("byte %d", at).isFalse();
                assertThat(damaged).isEqualTo(before);
            }
        }
    }

    @Test
    void doesNotAnswerForAGroupOrToOne() {
        byte[] toGroup = TestPackets.PING_V6.clone();
        toGroup[24] = (byte) 0xff;
        InternetChecksum.storeIcmp(ByteBuffer.wrap(toGroup), 0);
        assertThat(EchoResponder.answer(ByteBuffer.wrap(toGroup), 0, toGroup.length)).isFalse();
        byte[] fromGroup = TestPackets.PING_V4.clone();
        fromGroup[12] = (byte) 0xe0;
        InternetChecksum.storeV4Header(ByteBuffer.wrap(fromGroup), 0);
        assertThat(EchoResponder.answer(ByteBuffer.wrap(fromGroup), 0, fromGroup.length)).isFalse();
    }

    @Test
    void refusesAddressesOfDifferentFamilies() throws UnknownHostException {
        InetAddress v4 = InetAddress.getByName("10.7.0.5");
        InetAddress v6 = InetAddress.getByName("fd00:7::5");
        assertThatThrownBy(() -> EchoRequest.build(v4, v6, 1, 1, new byte[0], TestPackets.buffer(new byte[0])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("different families");
    }

    @Test
    void damagedPacketsNeitherThrowNorLeadOutsideThePacket() {
        Random random = new Random(SEED);
        int off = TestPackets.GUARD_BYTES;
        int answered = 0;
        for (int i = 0; i < 30_000; i++) {
            byte[] packet = TestPackets.damaged(random);
            boolean[] result = new boolean[1];
            assertThat(TestPackets.staysInside(packet, m -> {
                        EchoReply.match(m, off, packet.length);
                        result[0] = EchoResponder.answer(m, off, packet.length);
                        if (result[0]) {
                            assertThat(EchoReply.match(m, off, packet.length)).isNotNegative();
                            assertThat(IpPacket.isValid(m, off, packet.length)).isTrue();
                        }
                    }))
                    .as("seed %d, case %d", SEED, i)
                    .isTrue();
            answered += result[0] ? 1 : 0;
        }
        assertThat(answered).isPositive();
    }
}
