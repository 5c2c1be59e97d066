package org.tinc4j.impl.offload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.impl.wire.TestPackets;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;

class SplitterTest {

    private static final int AT = 5;

    private final Splitter splitter = new Splitter();
    private final ByteBuffer target = ByteBuffer.allocateDirect(70_000);

    private byte[] write(int index) {
        int bytes = splitter.write(index, target, AT);
        assertThat(bytes).isEqualTo(splitter.packetBytes(index));
        byte[] packet = new byte[bytes];
        target.get(AT, packet);
        return packet;
    }

    private void assertCut(TestPacket whole, int segmentBytes, int count) {
        assertThat(splitter.begin(whole.superPacket(segmentBytes))).isEqualTo(count);
        for (int i = 0; i < count; i++) {
            assertThat(write(i)).as("packet %d", i).isEqualTo(whole.segment(i, segmentBytes).encode());
        }
    }

    @ParameterizedTest
    @CsvSource({"4,true", "4,false", "6,true", "6,false"})
    void eachPacketIsCompleteAndTheLastMayBeShorter(int version, boolean tcp) {
        assertCut(tcp ? TestPacket.tcp(version, 3001) : TestPacket.udp(version, 3001), 1000, 4);
        assertCut(tcp ? TestPacket.tcp(version, 3000) : TestPacket.udp(version, 3000), 1000, 3);
        assertCut(tcp ? TestPacket.tcp(version, 999) : TestPacket.udp(version, 999), 333, 3);
        assertCut(tcp ? TestPacket.tcp(version, 5) : TestPacket.udp(version, 5), 1, 5);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void aPayloadNoLongerThanOneSegmentIsOnePacket(int version) {
        TestPacket whole = TestPacket.tcp(version, 700);
        whole.flags |= TestPacket.CWR | TestPacket.PSH | TestPacket.FIN;
        assertCut(whole, 700, 1);
        assertCut(whole, 65000, 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void finAndPshAreOnTheLastAndCwrOnTheFirst(int version) {
        TestPacket whole = TestPacket.tcp(version, 2500);
        whole.flags |= TestPacket.CWR | TestPacket.PSH | TestPacket.FIN | TestPacket.ECE;
        splitter.begin(whole.superPacket(1000));
        int flagsAt = whole.transportAt() + 13;
        assertThat(write(0)[flagsAt]).isEqualTo((byte) (TestPacket.ACK | TestPacket.ECE | TestPacket.CWR));
        assertThat(write(1)[flagsAt]).isEqualTo((byte) (TestPacket.ACK | TestPacket.ECE));
        assertThat(write(2)[flagsAt]).isEqualTo((byte) (TestPacket.ACK | TestPacket.ECE | TestPacket.PSH | TestPacket.FIN));
    }

    @Test
    void sequenceNumberAndIdWrapAround() {
        TestPacket whole = TestPacket.tcp(4, 2500);
        whole.seq = -500;
        whole.id = 0xffff;
        assertCut(whole, 1000, 3);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void optionsOfBothHeadersAreRepeated(int version) {
        TestPacket whole = TestPacket.tcp(version, 2500);
        whole.options = TestPackets.hex("0101080a0000000100000002");
        whole.ipOptions = version == 4 ? TestPackets.hex("94040000") : new byte[0];
        assertCut(whole, 1000, 3);
    }

    @Test
    void extensionHeadersAreRepeatedAndCountedInThePayloadLength() {
        TestPacket plain = TestPacket.tcp(6, 2500);
        byte[] extension = TestPackets.hex("0600010400000000");
        PacketBuffer buffer = TestPacket.buffer(withExtension(plain.encode(), extension));
        buffer.segmented(Segmentation.TCP_V6, plain.headerBytes() + extension.length, 1000);
        buffer.checksumNeeded(plain.transportAt() + extension.length, 16);
        assertThat(splitter.begin(buffer)).isEqualTo(3);
        for (int i = 2; i >= 0; i--) {
            assertThat(write(i)).isEqualTo(withExtension(plain.segment(i, 1000).encode(), extension));
        }
    }

    /** Destination options between the IPv6 header and TCP; the checksum of TCP does not cover them. */
    private static byte[] withExtension(byte[] packet, byte[] extension) {
        ByteBuffer m = ByteBuffer.allocate(packet.length + extension.length);
        m.put(packet, 0, 40).put(extension).put(packet, 40, packet.length - 40);
        m.putShort(4, (short) (m.capacity() - 40)).put(6, (byte) 60);
        return m.array();
    }

    @Test
    void aUdpChecksumThatComesOutAsZeroIsAllOnes() {
        TestPacket whole = TestPacket.udp(4, 4);
        whole.payload = new byte[4];
        byte[] first = whole.segment(0, 2).encode();
        // With its own checksum as payload, the first datagram sums up to all ones.
        whole.payload[0] = first[26];
        whole.payload[1] = first[27];
        assertThat(splitter.begin(whole.superPacket(2))).isEqualTo(2);
        byte[] packet = write(0);
        assertThat(packet[26]).isEqualTo((byte) 0xff);
        assertThat(packet[27]).isEqualTo((byte) 0xff);
        assertThat(TestPackets.transportChecksum(packet, 20)).isZero();
    }

    @Test
    void whatTheChecksumFieldHoldsDoesNotMatter() {
        TestPacket whole = TestPacket.tcp(4, 2500);
        PacketBuffer buffer = whole.superPacket(1000);
        buffer.memory().putShort(buffer.offset() + 36, (short) 0x1234);
        assertThat(splitter.begin(buffer)).isEqualTo(3);
        assertThat(write(1)).isEqualTo(whole.segment(1, 1000).encode());
    }

    @Test
    void theLargestSuperPacketIsCut() {
        TestPacket whole = TestPacket.tcp(4, 65535 - 40);
        assertCut(whole, 1385, 48);
    }

    private void assertMalformed(TestPacket whole, Consumer<PacketBuffer> damage) {
        PacketBuffer buffer = whole.superPacket(1000);
        assertThat(splitter.begin(buffer)).isEqualTo(3);
        damage.accept(buffer);
        assertThat(splitter.begin(buffer)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"4,true", "4,false", "6,true", "6,false"})
    void marksThatDoNotFitTheHeadersAreMalformed(int version, boolean tcp) {
        TestPacket whole = tcp ? TestPacket.tcp(version, 2500) : TestPacket.udp(version, 2500);
        int header = whole.headerBytes();
        int start = whole.transportAt();
        assertMalformed(whole, b -> b.segmented(Segmentation.NONE, header, 1000));
        assertMalformed(whole, b -> b.segmented(tcp ? Segmentation.UDP : Segmentation.TCP_V4, header, 1000));
        assertMalformed(whole, b -> b.segmented(version == 4 ? Segmentation.TCP_V6 : Segmentation.TCP_V4, header, 1000));
        assertMalformed(whole, b -> b.segmented(whole.kind(), header, 0));
        assertMalformed(whole, b -> b.segmented(whole.kind(), header + 4, 1000));
        assertMalformed(whole, b -> b.segmented(whole.kind(), header - 4, 1000));
        assertMalformed(whole, b -> b.segmented(whole.kind(), b.length(), 1000));
        assertMalformed(whole, b -> b.segmented(whole.kind(), 60_000, 1000));
        assertMalformed(whole, b -> b.checksumNeeded(-1, 0));
        assertMalformed(whole, b -> b.checksumNeeded(start + 4, whole.checksumOffset()));
        assertMalformed(whole, b -> b.checksumNeeded(60_000, whole.checksumOffset()));
        assertMalformed(whole, b -> b.checksumNeeded(start, whole.checksumOffset() + 2));
        assertMalformed(whole, b -> b.move(b.offset(), b.length() - 1));
        assertMalformed(whole, b -> b.move(b.offset(), b.length() + 1));
        assertMalformed(whole, b -> b.memory().put(b.offset(), (byte) 0x55));
    }

    @Test
    void anotherProtocolOrAFragmentIsMalformed() {
        TestPacket whole = TestPacket.tcp(4, 2500);
        assertMalformed(whole, b -> b.memory().put(b.offset() + 9, (byte) IpPacket.ICMP));
        assertMalformed(whole, b -> b.memory().putShort(b.offset() + 6, (short) 0x2000));
        assertMalformed(whole, b -> b.memory().putShort(b.offset() + 6, (short) 1));
    }

    @ParameterizedTest
    @CsvSource({"4,true", "4,false", "6,true", "6,false"})
    void completesTheChecksumOfASinglePacket(int version, boolean tcp) {
        TestPacket packet = tcp ? TestPacket.tcp(version, 333) : TestPacket.udp(version, 333);
        PacketBuffer buffer = packet.superPacket(0);
        buffer.segmented(Segmentation.NONE, 0, 0);
        assertThat(Splitter.completeChecksum(buffer)).isTrue();
        assertThat(TestPackets.contents(buffer)).isEqualTo(packet.encode());
        assertThat(buffer.checksumStart()).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({"6,65535", "16,0"})
    void aChecksumOfZeroIsWrittenAsOnesForUdpOnly(int checksumOffset, int stored) {
        PacketBuffer buffer = TestPacket.tcp(4, 100).buffer();
        for (int at = IpPacket.V4_HEADER_BYTES; at < buffer.length(); at++) {
            buffer.memory().put(buffer.offset() + at, (byte) 0);
        }
        buffer.memory().putShort(buffer.offset() + IpPacket.V4_HEADER_BYTES + 40, (short) 0xffff); // What it sums up to.
        buffer.checksumNeeded(IpPacket.V4_HEADER_BYTES, checksumOffset);

        assertThat(Splitter.completeChecksum(buffer)).isTrue();
        assertThat(buffer.memory().getShort(buffer.offset() + IpPacket.V4_HEADER_BYTES + checksumOffset) & 0xffff).isEqualTo(stored);
    }

    @Test
    void marksThatPointOutsideOfThePacketAreRefusedAndNothingIsChanged() {
        PacketBuffer buffer = TestPacket.udp(4, 10).buffer();
        byte[] before = new byte[buffer.capacity()];
        buffer.memory().get(0, before);
        for (int[] marks : new int[][] {{-1, 0}, {37, 0}, {39, 6}, {20, 17}, {0xffff, 0xffff}, {20, 0xffff}, {0, -1}}) {
            buffer.checksumNeeded(marks[0], marks[1]);
            assertThat(Splitter.completeChecksum(buffer)).as(Arrays.toString(marks)).isFalse();
        }
        byte[] after = new byte[buffer.capacity()];
        buffer.memory().get(0, after);
        assertThat(after).isEqualTo(before);
    }
}
