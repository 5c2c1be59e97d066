package org.tinc4j.impl.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.impl.wire.TestPackets;

class MssClampTest {

    @ParameterizedTest
    @CsvSource({"4,020405b4,2,1346", "6,020405b4,2,1326", "4,01020405b4000000,3,1346", "6,0101020405b40402,4,1326",
        "4,0402080a00000000000000000101020405b40000,16,1346"})
    void setsTheOptionToWhatFitsAndKeepsTheChecksumRight(int version, String options, int valueAt, int expected) {
        byte[] packet = TestPackets.syn(version, options);
        MssClamp.clamp(ByteBuffer.wrap(packet), 0, packet.length, 1400);
        int tcpAt = version == 4 ? 20 : 40;
        assertThat(ByteBuffer.wrap(packet).getShort(tcpAt + 20 + valueAt)).isEqualTo((short) expected);
        assertThat(TestPackets.transportChecksum(packet, tcpAt)).isZero();
    }

    @Test
    void changesNothingButTheOptionAndTheChecksum() {
        byte[] packet = TestPackets.syn(4, "0101020405b40402");
        byte[] before = packet.clone();
        MssClamp.clamp(ByteBuffer.wrap(packet), 0, packet.length, 1400);
        for (int i = 0; i < packet.length; i++) {
            boolean mayChange = i == 36 || i == 37 || i == 44 || i == 45;
            assertThat(mayChange || packet[i] == before[i]).as("byte %d", i).isTrue();
        }
    }

    @Test
    void looksInsideOneIpv4Header() {
        byte[] inner = TestPackets.syn(4, "020405b4");
        byte[] packet = TestPackets.v4(IpPacket.IPV4, 0, inner);
        MssClamp.clamp(ByteBuffer.wrap(packet), 0, packet.length, 1400);
        byte[] after = Arrays.copyOfRange(packet, 20, packet.length);
        assertThat(ByteBuffer.wrap(packet).getShort(20 + 20 + 22)).isEqualTo((short) (1400 - 14 - 40 - 20));
        assertThat(TestPackets.transportChecksum(after, 20)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"02040200", "01010101", "00020405b4000000", "02030405", "0200 05b4", "02ff05b4", "01010102", "", "010101020405b401"})
    void leavesSmallMissingAndBrokenOptionsAlone(String options) {
        int maxFrameBytes = options.startsWith("010101020405b4") ? 2000 : 1400;
        byte[] packet = TestPackets.syn(4, options);
        byte[] before = packet.clone();
        MssClamp.clamp(ByteBuffer.wrap(packet), 0, packet.length, maxFrameBytes);
        assertThat(packet).isEqualTo(before);
    }

    @Test
    void leavesLaterFragmentsAndOtherProtocolsAlone() {
        byte[] tcp = Arrays.copyOfRange(TestPackets.syn(4, "020405b4"), 20, 44);
        for (byte[] packet : new byte[][] {TestPackets.v4(IpPacket.TCP, 1, tcp), TestPackets.v4(IpPacket.UDP, 0, tcp)}) {
            byte[] before = packet.clone();
            MssClamp.clamp(ByteBuffer.wrap(packet), 0, packet.length, 1400);
            assertThat(packet).isEqualTo(before);
        }
    }

    @Test
    void aPathTooSmallForAnySegmentIsNotExpressed() {
        byte[] packet = TestPackets.syn(4, "020405b4");
        byte[] before = packet.clone();
        MssClamp.clamp(ByteBuffer.wrap(packet), 0, packet.length, 54);
        assertThat(packet).isEqualTo(before);
    }
}
