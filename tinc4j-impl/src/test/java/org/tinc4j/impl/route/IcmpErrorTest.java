package org.tinc4j.impl.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tinc4j.impl.route.IcmpError.Unreachable;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.impl.wire.TestPackets;
import org.tinc4j.spi.PacketBuffer;

class IcmpErrorTest {

    private static final byte[] UDP_V4 = TestPackets.v4(IpPacket.UDP, 0x4000, new byte[100]);
    private static final byte[] UDP_V6 = TestPackets.v6(IpPacket.UDP, new byte[100]);

    private final PacketBuffer out = TestPackets.buffer(new byte[0]);

    @ParameterizedTest
    @CsvSource({"NET,0,0", "UNKNOWN,6,3", "PROHIBITED,9,1"})
    void unreachableHasTheCodeOfItsFamily(Unreachable why, int codeV4, int codeV6) {
        assertThat(IcmpError.unreachable(why, ByteBuffer.wrap(UDP_V4), 0, out)).isTrue();
        assertError(UDP_V4, 3 << 8 | codeV4, 0, UDP_V4.length);
        assertThat(IcmpError.unreachable(why, ByteBuffer.wrap(UDP_V6), 0, out)).isTrue();
        assertError(UDP_V6, 1 << 8 | codeV6, 0, UDP_V6.length);
    }

    @Test
    void tooBigReportsTheMtuAndQuotesAtMostWhatIsAllowed() {
        byte[] v4 = TestPackets.v4(IpPacket.UDP, 0x4000, new byte[1500]);
        byte[] v6 = TestPackets.v6(IpPacket.UDP, new byte[1500]);
        assertThat(IcmpError.tooBig(1425, ByteBuffer.wrap(v4), 0, out)).isTrue();
        assertError(v4, 3 << 8 | 4, 1425, 548);
        assertThat(IcmpError.tooBig(1425, ByteBuffer.wrap(v6), 0, out)).isTrue();
        assertError(v6, 2 << 8, 1425, 528);
    }

    @Test
    void timeExceededComesFromTheGivenAddress() throws UnknownHostException {
        InetAddress local = InetAddress.getByName("10.7.0.254");
        assertThat(IcmpError.timeExceeded(local, ByteBuffer.wrap(UDP_V4), 0, out)).isTrue();
        byte[] error = TestPackets.contents(out);
        assertThat(Arrays.copyOfRange(error, 12, 16)).isEqualTo(local.getAddress());
        assertThat(TestPackets.referenceChecksum(error, 0, 20)).isZero();
        assertThat(ByteBuffer.wrap(error).getShort(20)).isEqualTo((short) (11 << 8));

        InetAddress local6 = InetAddress.getByName("fd00:7::fe");
        assertThat(IcmpError.timeExceeded(local6, ByteBuffer.wrap(UDP_V6), 0, out)).isTrue();
        byte[] error6 = TestPackets.contents(out);
        assertThat(Arrays.copyOfRange(error6, 8, 24)).isEqualTo(local6.getAddress());
        assertThat(TestPackets.transportChecksum(error6, 40)).isZero();
        assertThat(ByteBuffer.wrap(error6).getShort(40)).isEqualTo((short) (3 << 8));

        assertThat(IcmpError.timeExceeded(local6, ByteBuffer.wrap(UDP_V4), 0, out)).as("other family").isFalse();
    }

    @Test
    void mayBeBuiltOverThePacketItself() {
        for (byte[] packet : new byte[][] {UDP_V4, UDP_V6, TestPackets.v4(IpPacket.UDP, 0, new byte[1400])}) {
            PacketBuffer buffer = TestPackets.buffer(packet);
            assertThat(IcmpError.unreachable(Unreachable.NET, ByteBuffer.wrap(packet), 0, out)).isTrue();
            assertThat(IcmpError.unreachable(Unreachable.NET, buffer.memory(), buffer.offset(), buffer)).isTrue();
            assertThat(TestPackets.contents(buffer)).isEqualTo(TestPackets.contents(out));
        }
    }

    @Test
    void quotesNothingBehindThePacket() {
        byte[] padded = Arrays.copyOf(UDP_V4, UDP_V4.length + 50);
        assertThat(IcmpError.unreachable(Unreachable.NET, ByteBuffer.wrap(padded), 0, out)).isTrue();
        assertThat(out.length()).isEqualTo(28 + UDP_V4.length);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 11, 12})
    void neverAnswersAnIcmpError(int type) {
        assertNoAnswer(TestPackets.v4(IpPacket.ICMP, 0, new byte[] {(byte) type, 0, 0, 0, 0, 0, 0, 0}));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 100, 127, 137})
    void neverAnswersAnIcmpV6Error(int type) {
        assertNoAnswer(TestPackets.v6(IpPacket.ICMPV6, new byte[] {(byte) type, 0, 0, 0, 0, 0, 0, 0}));
        assertNoAnswer(TestPackets.v6(60, TestPackets.hex("3a00010400000000 %02x00000000000000".formatted(type))));
    }

    @Test
    void answersPings() {
        assertThat(IcmpError.unreachable(Unreachable.NET, ByteBuffer.wrap(TestPackets.PING_V4), 0, out)).isTrue();
        assertThat(IcmpError.unreachable(Unreachable.NET, ByteBuffer.wrap(TestPackets.PING_V6), 0, out)).isTrue();
    }

    @Test
    void neverAnswersErrorsThatAKernelSentOrAnythingCutOffBeforeItsType() {
        assertNoAnswer(TestPackets.PORT_UNREACHABLE_V4);
        assertNoAnswer(TestPackets.PORT_UNREACHABLE_V6);
        assertNoAnswer(TestPackets.v4(IpPacket.ICMP, 0, new byte[0]));
        assertNoAnswer(TestPackets.v6(0, new byte[4]));
    }

    @Test
    void answersTheFirstFragmentOnly() {
        assertNoAnswer(TestPackets.v4(IpPacket.UDP, 0x2005, new byte[8]));
        assertNoAnswer(TestPackets.v6(44, TestPackets.hex("1100000912345678")));
        byte[] first = TestPackets.v4(IpPacket.UDP, 0x2000, new byte[8]);
        assertThat(IcmpError.unreachable(Unreachable.NET, ByteBuffer.wrap(first), 0, out)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "12,00000000", "12,7f000001", "12,e0000005", "12,f8000001", "12,ffffffff", "16,e0000005", "16,ffffffff",
        "8,00000000000000000000000000000000", "8,ff020000000000000000000000000001", "24,ff020000000000000000000000000001"
    })
    void neverAnswersGroupsOrWhatIsNoHost(int at, String address) {
        byte[] bytes = TestPackets.hex(address);
        byte[] packet = bytes.length == 4 ? UDP_V4.clone() : UDP_V6.clone();
        System.arraycopy(bytes, 0, packet, at, bytes.length);
        assertNoAnswer(packet);
    }

    private void assertNoAnswer(byte[] packet) {
        out.reset(0, 0);
        assertThat(IcmpError.unreachable(Unreachable.NET, ByteBuffer.wrap(packet), 0, out)).isFalse();
        assertThat(IcmpError.tooBig(1400, ByteBuffer.wrap(packet), 0, out)).isFalse();
        assertThat(out.length()).isZero();
    }

    private void assertError(byte[] original, int typeAndCode, int parameter, int quoted) {
        byte[] error = TestPackets.contents(out);
        ByteBuffer m = ByteBuffer.wrap(error);
        boolean v4 = original[0] >> 4 == 4;
        int header = v4 ? 20 : 40;
        assertThat(IpPacket.isValid(m, 0, error.length)).isTrue();
        assertThat(error).hasSize(header + 8 + quoted).hasSizeLessThanOrEqualTo(IcmpError.MAX_BYTES);
        assertThat(IpPacket.totalLength(m, 0)).isEqualTo(error.length);
        assertThat(IpPacket.hopLimit(m, 0)).isEqualTo(255);
        assertThat(IpPacket.protocol(m, 0)).isEqualTo(v4 ? IpPacket.ICMP : IpPacket.ICMPV6);
        int from = v4 ? 12 : 8;
        int to = v4 ? 16 : 24;
        int bytes = v4 ? 4 : 16;
        assertThat(Arrays.copyOfRange(error, from, from + bytes)).isEqualTo(Arrays.copyOfRange(original, to, to + bytes));
        assertThat(Arrays.copyOfRange(error, to, to + bytes)).isEqualTo(Arrays.copyOfRange(original, from, from + bytes));
        assertThat(m.getShort(header)).isEqualTo((short) typeAndCode);
        assertThat(m.getInt(header + 4)).isEqualTo(parameter);
        assertThat(Arrays.copyOfRange(error, header + 8, error.length)).isEqualTo(Arrays.copyOf(original, quoted));
        if (v4) {
            assertThat(TestPackets.referenceChecksum(error, 0, 20)).isZero();
            assertThat(TestPackets.referenceChecksum(error, 20, error.length - 20)).isZero();
        } else {
            assertThat(TestPackets.transportChecksum(error, 40)).isZero();
        }
    }
}
