package org.tinc4j.impl.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpPacketTest {

    private static final long SEED = Long.getLong("fuzz.seed", 791L);

    @Test
    void readsTheFieldsOfAnIpv4Packet() {
        ByteBuffer m = ByteBuffer.wrap(TestPackets.v4(IpPacket.UDP, 0x4000, new byte[12]));
        assertThat(IpPacket.isValid(m, 0, 32)).isTrue();
        assertThat(IpPacket.version(m, 0)).isEqualTo(4);
        assertThat(IpPacket.headerBytes(m, 0)).isEqualTo(20);
        assertThat(IpPacket.totalLength(m, 0)).isEqualTo(32);
        assertThat(IpPacket.hopLimit(m, 0)).isEqualTo(64);
        assertThat(IpPacket.protocol(m, 0)).isEqualTo(IpPacket.UDP);
        assertThat(IpPacket.transportOffset(m, 0)).isEqualTo(20);
        assertThat(IpPacket.sourceV4(m, 0)).isEqualTo(0x0a070001);
        assertThat(IpPacket.destinationV4(m, 0)).isEqualTo(0x0a090002);
        assertThat(IpPacket.dontFragment(m, 0)).isTrue();
        assertThat(IpPacket.isFragment(m, 0)).isFalse();
    }

    @Test
    void readsTheFieldsOfAnIpv6Packet() {
        ByteBuffer m = ByteBuffer.wrap(TestPackets.v6(IpPacket.TCP, new byte[20]));
        assertThat(IpPacket.isValid(m, 0, 60)).isTrue();
        assertThat(IpPacket.version(m, 0)).isEqualTo(6);
        assertThat(IpPacket.totalLength(m, 0)).isEqualTo(60);
        assertThat(IpPacket.hopLimit(m, 0)).isEqualTo(64);
        assertThat(IpPacket.protocol(m, 0)).isEqualTo(IpPacket.TCP);
        assertThat(IpPacket.transportOffset(m, 0)).isEqualTo(40);
        assertThat(IpPacket.sourceHighV6(m, 0)).isEqualTo(0xfd00_0007_0000_0000L);
        assertThat(IpPacket.sourceLowV6(m, 0)).isEqualTo(1);
        assertThat(IpPacket.destinationHighV6(m, 0)).isEqualTo(0xfd00_0009_0000_0000L);
        assertThat(IpPacket.destinationLowV6(m, 0)).isEqualTo(2);
        assertThat(IpPacket.dontFragment(m, 0)).isTrue();
    }

    @Test
    void aCutOffPacketIsNotValidAndTrailingBytesDoNotMatter() {
        for (byte[] packet : new byte[][] {TestPackets.PING_V4, TestPackets.PING_V6}) {
            ByteBuffer m = ByteBuffer.wrap(Arrays.copyOf(packet, packet.length + 5));
            for (int len = 0; len < packet.length; len++) {
                assertThat(IpPacket.isValid(m, 0, len)).as("%d bytes", len).isFalse();
            }
            assertThat(IpPacket.isValid(m, 0, packet.length + 5)).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"0,0x44", "0,0x4f", "0,0x55", "0,0x05", "0,0x75", "3,0x13", "3,0xff"})
    void contradictingLengthsAndOtherVersionsAreNotValid(int at, String value) {
        byte[] packet = TestPackets.v4(IpPacket.UDP, 0, new byte[12]);
        packet[at] = Integer.decode(value).byteValue();
        assertThat(IpPacket.isValid(ByteBuffer.wrap(packet), 0, packet.length)).isFalse();
    }

    @Test
    void walksExtensionHeadersToTheTransport() {
        ByteBuffer m = ByteBuffer.wrap(TestPackets.v6(
                0,
                TestPackets.hex("2b01010400000000 0000000000000000" // hop-by-hop, 16 bytes, then routing
                        + "2c00010400000000" // routing, then fragment
                        + "3c00000112345678" // fragment, offset 0, more to come, then destination options
                        + "0600010400000000"))); // destination options, then TCP
        assertThat(IpPacket.protocol(m, 0)).isEqualTo(IpPacket.TCP);
        assertThat(IpPacket.transportOffset(m, 0)).isEqualTo(40 + 16 + 8 + 8 + 8);
        assertThat(IpPacket.isFragment(m, 0)).isTrue();
        assertThat(IpPacket.isLaterFragment(m, 0)).isFalse();
    }

    @Test
    void doesNotTakeTheMiddleOfALaterFragmentForHeaders() {
        ByteBuffer m = ByteBuffer.wrap(TestPackets.v6(44, TestPackets.hex("3c00000812345678 06ff000000000000")));
        assertThat(IpPacket.isLaterFragment(m, 0)).isTrue();
        assertThat(IpPacket.protocol(m, 0)).isEqualTo(60);
        assertThat(IpPacket.transportOffset(m, 0)).isEqualTo(48);
    }

    @Test
    void anAtomicFragmentIsNone() {
        ByteBuffer m = ByteBuffer.wrap(TestPackets.v6(44, TestPackets.hex("1100000012345678")));
        assertThat(IpPacket.isFragment(m, 0)).isFalse();
        assertThat(IpPacket.protocol(m, 0)).isEqualTo(IpPacket.UDP);
    }

    @ParameterizedTest
    @CsvSource({"060000", "0601000000000000", "0000000000000000"})
    void extensionHeadersThatReachBeyondTheEndLeadNowhere(String extensions) {
        ByteBuffer m = ByteBuffer.wrap(TestPackets.v6(0, TestPackets.hex(extensions)));
        assertThat(IpPacket.protocol(m, 0)).isEqualTo(-1);
        assertThat(IpPacket.transportOffset(m, 0)).isEqualTo(-1);
        assertThat(IpPacket.isFragment(m, 0)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0,false,false", "0x4000,false,false", "0x2000,true,false", "0x2001,true,true", "0x0001,true,true"})
    void tellsFragmentsOfIpv4Apart(String flags, boolean fragment, boolean later) {
        ByteBuffer m = ByteBuffer.wrap(TestPackets.v4(IpPacket.UDP, Integer.decode(flags), new byte[8]));
        assertThat(IpPacket.isFragment(m, 0)).isEqualTo(fragment);
        assertThat(IpPacket.isLaterFragment(m, 0)).isEqualTo(later);
    }

    @ParameterizedTest
    @CsvSource({
        "0a070001,true", "00000000,false", "7f000001,false", "e0000001,false", "f0000001,false", "ffffffff,false",
        "fd000007000000000000000000000001,true", "00000000000000000000000000000000,false",
        "00000000000000000000000000000001,false", "00000000000000000000000000000002,true",
        "ff020000000000000000000000000001,false"
    })
    void knowsWhichSourcesAreHosts(String source, boolean host) {
        byte[] address = TestPackets.hex(source);
        ByteBuffer m = ByteBuffer.wrap(address.length == 4 ? TestPackets.PING_V4.clone() : TestPackets.PING_V6.clone());
        m.put(address.length == 4 ? 12 : 8, address);
        assertThat(IpPacket.sourceIsHost(m, 0)).isEqualTo(host);
    }

    @Test
    void accessorsOfAValidPacketStayInsideIt() {
        Random random = new Random(SEED);
        int valid = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] packet = TestPackets.damaged(random);
            int off = TestPackets.GUARD_BYTES;
            boolean[] isValid = new boolean[1];
            TestPackets.staysInside(packet, m -> {
                isValid[0] = IpPacket.isValid(m, off, packet.length);
                if (isValid[0]) {
                    assertThat(IpPacket.totalLength(m, off)).isLessThanOrEqualTo(packet.length);
                    assertThat(IpPacket.transportOffset(m, off)).isBetween(-1, IpPacket.totalLength(m, off));
                    assertThat(IpPacket.protocol(m, off)).isBetween(-1, 255);
                }
            });
            valid += isValid[0] ? 1 : 0;
        }
        assertThat(valid).as("seed %d: enough of the packets are valid", SEED).isGreaterThan(10_000);
    }
}
