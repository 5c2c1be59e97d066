package org.tinc4j.impl.offload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tinc4j.impl.wire.InternetChecksum;
import org.tinc4j.impl.wire.TestPackets;
import org.tinc4j.spi.BufferPool;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;
import org.tinc4j.spi.PacketDevice;

class CoalescerTest {

    private static final int BLOCK_BYTES = PacketDevice.HEADROOM_BYTES + 65535 + PacketDevice.TAILROOM_BYTES;

    private final Coalescer coalescer = coalescer(BLOCK_BYTES, 4, 64);

    private static Coalescer coalescer(int blockBytes, int blocks, int maxPackets) {
        Coalescer coalescer = new Coalescer(new BufferPool(BufferPool.Memory.DIRECT, blockBytes).batch(blocks), maxPackets);
        coalescer.kinds(EnumSet.allOf(Segmentation.class));
        return coalescer;
    }

    private List<byte[]> deliver(byte[]... packets) {
        coalescer.clear();
        for (byte[] packet : packets) {
            assertThat(coalescer.add(TestPacket.buffer(packet))).isTrue();
        }
        PacketBatch batch = coalescer.finish();
        List<byte[]> delivered = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            delivered.add(TestPackets.contents(batch.get(i)));
        }
        return delivered;
    }

    private static byte[][] encode(TestPacket... packets) {
        return Arrays.stream(packets).map(TestPacket::encode).toArray(byte[][]::new);
    }

    private void assertApart(TestPacket... packets) {
        assertApart(encode(packets));
    }

    private void assertApart(byte[]... packets) {
        List<byte[]> delivered = deliver(packets);
        assertThat(delivered.stream().map(packet -> packet.length)).containsExactly(lengths(packets));
        assertThat(delivered).containsExactly(packets);
    }

    private static Integer[] lengths(byte[]... packets) {
        return Arrays.stream(packets).map(packet -> packet.length).toArray(Integer[]::new);
    }

    private void assertJoined(TestPacket... packets) {
        assertThat(deliver(encode(packets)).size()).isEqualTo(1);
    }

    /** Joined as it is, apart once something in the second packet was changed. */
    private void assertDecides(TestPacket first, Consumer<TestPacket> change) {
        TestPacket second = first.next(first.payload.length);
        assertJoined(first, second);
        change.accept(second);
        assertApart(first, second);
    }

    private static TestPacket packet(int version, boolean tcp, int payloadBytes) {
        return tcp ? TestPacket.tcp(version, payloadBytes) : TestPacket.udp(version, payloadBytes);
    }

    @ParameterizedTest
    @CsvSource({"4,true", "4,false", "6,true", "6,false"})
    void packetsThatFollowEachOtherBecomeOneThatTheKernelCanCut(int version, boolean tcp) {
        TestPacket first = packet(version, tcp, 1001);
        TestPacket second = first.next(1001);
        TestPacket third = second.next(333);
        PacketBuffer[] parts = {first.buffer(), second.buffer(), third.buffer()};
        for (PacketBuffer part : parts) {
            assertThat(coalescer.add(part)).isTrue();
        }
        PacketBatch batch = coalescer.finish();
        assertThat(batch.size()).isEqualTo(1);
        PacketBuffer joined = batch.get(0);
        assertThat(joined.offset()).isGreaterThanOrEqualTo(PacketDevice.HEADROOM_BYTES);
        assertThat(joined.segmentation()).isEqualTo(first.kind());
        assertThat(joined.headerBytes()).isEqualTo(first.headerBytes());
        assertThat(joined.segmentBytes()).isEqualTo(1001);
        assertThat(joined.checksumStart()).isEqualTo(first.transportAt());
        assertThat(joined.checksumOffset()).isEqualTo(tcp ? 16 : 6);

        TestPacket whole = first.next(0);
        whole.id = first.id;
        whole.seq = first.seq;
        whole.payload = concat(first.payload, second.payload, third.payload);
        assertThat(TestPackets.contents(joined)).isEqualTo(TestPackets.contents(whole.superPacket(1001)));
        assertThat(TestPackets.contents(parts[0])).isEqualTo(first.encode());
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Test
    void aPacketAloneIsHandedOnItself() {
        PacketBuffer alone = TestPacket.tcp(4, 1000).buffer();
        coalescer.add(alone);
        assertThat(coalescer.finish().get(0)).isSameAs(alone);
        assertThat(alone.segmentation()).isEqualTo(Segmentation.NONE);
        assertThat(alone.checksumStart()).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({"4,true", "4,false", "6,true", "6,false"})
    void everyFieldThatCuttingRepeatsDecides(int version, boolean tcp) {
        TestPacket first = packet(version, tcp, 1000);
        assertDecides(first, p -> p.tos = 0x20);
        assertDecides(first, p -> p.tos = 3);
        assertDecides(first, p -> p.hopLimit--);
        for (int flow = 2; flow <= 5; flow++) {
            int other = flow;
            assertDecides(first, p -> p.flow = other);
        }
        assertDecides(first, p -> p.payload = TestPacket.bytes(1001, 1));
        assertDecides(first, p -> p.payload = new byte[0]);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void fieldsOfIpv4Decide(boolean tcp) {
        TestPacket first = packet(4, tcp, 1000);
        assertDecides(first, p -> p.fragment = 0);
        assertDecides(first, p -> p.fragment = 0xc000);
        assertDecides(first, p -> p.fragment = 0x6000);
        assertDecides(first, p -> p.fragment = 0x4001);
        assertDecides(first, p -> p.ipOptions = TestPackets.hex("01010100"));
        TestPacket optioned = packet(4, tcp, 1000);
        optioned.ipOptions = TestPackets.hex("01010100");
        assertApart(optioned, optioned.next(1000));
        TestPacket fragment = packet(4, tcp, 1000);
        fragment.fragment = 0x2000;
        assertApart(fragment, fragment.next(1000));
    }

    @Test
    void packetsThatMayBeFragmentedAreJoinedTooAndIdsWrapAround() {
        TestPacket first = TestPacket.tcp(4, 1000);
        first.fragment = 0;
        first.id = 0xffff;
        assertJoined(first, first.next(1000));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void idsOfPacketsThatMayBeFragmentedDecide(boolean tcp) {
        TestPacket first = packet(4, tcp, 1000);
        first.fragment = 0;
        // The kernel counts ids up when it cuts; others would not come out as they went in.
        assertDecides(first, p -> p.id = first.id);
        assertDecides(first, p -> p.id = first.id + 2);
        assertDecides(first, p -> p.id = 0);
    }

    @ParameterizedTest
    @CsvSource({"true,0", "true,2", "true,-1", "true,4711", "false,0", "false,4711"})
    void idsOfPacketsThatAreNotToBeFragmentedMeanNothing(boolean tcp, int step) {
        TestPacket first = packet(4, tcp, 1000);
        first.idStep = step;
        TestPacket second = first.next(1000);
        assertJoined(first, second, second.next(1000));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theFlowLabelDecides(boolean tcp) {
        assertDecides(packet(6, tcp, 1000), p -> p.flowLabel = 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void fieldsOfTcpDecide(int version) {
        TestPacket first = TestPacket.tcp(version, 1000);
        first.options = TestPackets.hex("0101080a0000000100000002");
        assertDecides(first, p -> p.seq++);
        assertDecides(first, p -> p.seq--);
        assertDecides(first, p -> p.seq = first.seq);
        assertDecides(first, p -> p.ack++);
        assertDecides(first, p -> p.window++);
        assertDecides(first, p -> p.urgent = 1);
        assertDecides(first, p -> p.options = TestPackets.hex("0101080a0000000100000003"));
        assertDecides(first, p -> p.options = new byte[0]);
        assertDecides(first, p -> p.options = TestPackets.hex("0101080a000000010000000201010101"));
        assertDecides(first, p -> p.flags |= TestPacket.ECE);
    }

    @ParameterizedTest
    @CsvSource({"4,1", "4,2", "4,4", "4,32", "4,128", "6,1", "6,2", "6,4", "6,32", "6,128"})
    void flagsThatMeanSomethingKeepASegmentAloneAndInItsPlace(int version, int flag) {
        TestPacket first = TestPacket.tcp(version, 1000);
        TestPacket second = first.next(1000);
        TestPacket flagged = second.next(1000);
        flagged.flags |= flag;
        TestPacket fourth = flagged.next(1000);
        fourth.flags = TestPacket.ACK;
        TestPacket fifth = fourth.next(1000);
        List<byte[]> delivered = deliver(encode(first, second, flagged, fourth, fifth));
        assertThat(delivered.size()).isEqualTo(3);
        assertThat(delivered.get(1)).isEqualTo(flagged.encode());
    }

    @Test
    void aSegmentWithoutAckIsLeftAlone() {
        TestPacket first = TestPacket.tcp(4, 1000);
        first.flags = 0;
        assertApart(first, first.next(1000));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void echoesOfCongestionAreJoinedAmongThemselves(int version) {
        TestPacket first = TestPacket.tcp(version, 1000);
        first.flags |= TestPacket.ECE;
        assertJoined(first, first.next(1000));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void pshEndsARunAndIsKept(int version) {
        TestPacket first = TestPacket.tcp(version, 1000);
        TestPacket second = first.next(1000);
        second.flags |= TestPacket.PSH;
        TestPacket third = second.next(1000);
        third.flags = TestPacket.ACK;
        List<byte[]> delivered = deliver(encode(first, second, third));
        assertThat(delivered.size()).isEqualTo(2);
        assertThat(delivered.get(0)[first.transportAt() + 13]).isEqualTo((byte) (TestPacket.ACK | TestPacket.PSH));
        assertThat(delivered.get(1)).isEqualTo(third.encode());
        assertApart(second, third);
    }

    @ParameterizedTest
    @CsvSource({"4,true", "4,false", "6,true", "6,false"})
    void aShorterOneEndsARun(int version, boolean tcp) {
        TestPacket first = packet(version, tcp, 1000);
        TestPacket second = first.next(999);
        TestPacket third = second.next(999);
        List<byte[]> delivered = deliver(encode(first, second, third));
        assertThat(delivered.size()).isEqualTo(2);
        assertThat(delivered.get(1)).isEqualTo(third.encode());
    }

    @ParameterizedTest
    @CsvSource({"4,true", "4,false", "6,true", "6,false"})
    void aWrongChecksumKeepsAPacketAloneAndUntouched(int version, boolean tcp) {
        TestPacket first = packet(version, tcp, 1000);
        TestPacket second = first.next(1000);
        TestPacket third = second.next(1000);
        byte[] damaged = second.encode();
        damaged[damaged.length - 1]++;
        assertApart(first.encode(), damaged, third.encode());
        assertApart(damaged, third.encode());
        if (version == 4) {
            byte[] header = second.encode();
            header[11]++;
            assertApart(first.encode(), header, third.encode());
            assertApart(header, third.encode());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void aChecksumOfAllOnesWhereCuttingWouldStoreZeroKeepsASegmentAlone(int version) {
        TestPacket first = TestPacket.tcp(version, 1000);
        TestPacket second = first.next(1000);
        second.payload[0] = 0;
        second.payload[1] = 0;
        byte[] without = second.encode();
        int checksumAt = second.transportAt() + 16;
        // With its own checksum as payload the segment sums up to zero.
        second.payload[0] = without[checksumAt];
        second.payload[1] = without[checksumAt + 1];
        byte[] zero = second.encode();
        assertThat(new byte[] {zero[checksumAt], zero[checksumAt + 1]}).containsExactly(0, 0);
        assertThat(deliver(first.encode(), zero).size()).isEqualTo(1);
        zero[checksumAt] = -1;
        zero[checksumAt + 1] = -1;
        assertApart(first.encode(), zero);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void aDatagramWithoutChecksumIsLeftAlone(int version) {
        TestPacket first = TestPacket.udp(version, 1000);
        byte[] second = first.next(1000).encode();
        second[first.transportAt() + 6] = 0;
        second[first.transportAt() + 7] = 0;
        assertApart(first.encode(), second);
        assertApart(second, first.encode());
    }

    @Test
    void aDatagramWhoseLengthIsNotThatOfItsPacketIsLeftAlone() {
        TestPacket first = TestPacket.udp(4, 1000);
        byte[] second = first.next(1000).encode();
        second[25]--;
        int checksum = InternetChecksum.update((second[26] & 0xff) << 8 | second[27] & 0xff, 1008, 1007);
        second[26] = (byte) (checksum >> 8);
        second[27] = (byte) checksum;
        assertApart(first.encode(), second);
    }

    @Test
    void onlyKindsTheDeviceTakesAreMade() {
        TestPacket[] firsts = {TestPacket.tcp(4, 1000), TestPacket.tcp(6, 1000), TestPacket.udp(4, 1000), TestPacket.udp(6, 1000)};
        for (Segmentation kind : Segmentation.values()) {
            coalescer.kinds(Set.of(kind));
            for (TestPacket first : firsts) {
                assertThat(deliver(encode(first, first.next(1000))).size()).isEqualTo(first.kind() == kind ? 1 : 2);
            }
        }
    }

    @Test
    void flowsInTurnAreJoinedEachByItself() {
        TestPacket[] row = new TestPacket[8];
        for (int i = 0; i < 8; i++) {
            row[i] = packet(i % 2 == 0 ? 4 : 6, i % 4 < 2, 500 + i);
            row[i].flow = i;
        }
        Coalescer wide = coalescer(BLOCK_BYTES, 8, 64);
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 8; i++) {
                assertThat(wide.add(row[i].buffer())).isTrue();
                row[i] = row[i].next(500 + i);
            }
        }
        PacketBatch batch = wide.finish();
        assertThat(batch.size()).isEqualTo(8);
        for (int i = 0; i < 8; i++) {
            assertThat(batch.get(i).length()).isEqualTo(row[i].headerBytes() + 5 * (500 + i));
        }
    }

    @Test
    void oneFlowTooManyClosesTheOldest() {
        TestPacket[] firsts = new TestPacket[9];
        for (int i = 0; i < 9; i++) {
            firsts[i] = TestPacket.tcp(4, 1000);
            firsts[i].flow = i;
        }
        // The run of flow 0 ends, and what was last in the table takes its place.
        TestPacket last = firsts[0].next(1000);
        last.flags |= TestPacket.PSH;
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            packets.add(firsts[i].encode());
        }
        packets.add(last.encode());
        TestPacket again = last.next(1000);
        again.flags = TestPacket.ACK;
        packets.add(again.encode());
        packets.add(firsts[8].encode());
        for (int i = 1; i < 9; i++) {
            packets.add(firsts[i].next(1000).encode());
        }
        packets.add(again.next(1000).encode());
        Coalescer wide = coalescer(BLOCK_BYTES, 16, 64);
        packets.forEach(packet -> wide.add(TestPacket.buffer(packet)));
        PacketBatch batch = wide.finish();
        int[] lengths = new int[batch.size()];
        Arrays.setAll(lengths, i -> batch.get(i).length());
        // Flow 1 was the oldest when flow 8 came, so its second packet is alone; that opens a run, which closes flow 2's, and so on.
        assertThat(lengths[1]).isEqualTo(1040);
        assertThat(lengths[0]).isEqualTo(2040);
    }

    @Test
    void aRunStaysWithinWhatAPacketCanBe() {
        TestPacket next = TestPacket.tcp(6, 1400);
        Coalescer wide = coalescer(BLOCK_BYTES, 4, 64);
        for (int i = 0; i < 60; i++) {
            assertThat(wide.add(next.buffer())).isTrue();
            next = next.next(1400);
        }
        PacketBatch batch = wide.finish();
        assertThat(batch.size()).isEqualTo(2);
        assertThat(batch.get(0).length()).isEqualTo(60 + 46 * 1400);
        assertThat(batch.get(1).length()).isEqualTo(60 + 14 * 1400);
    }

    @Test
    void aRunStaysWithinItsBlock() {
        Coalescer narrow = coalescer(PacketDevice.HEADROOM_BYTES + 2100, 4, 64);
        TestPacket next = TestPacket.tcp(4, 1000);
        for (int i = 0; i < 4; i++) {
            assertThat(narrow.add(next.buffer())).isTrue();
            next = next.next(1000);
        }
        PacketBatch batch = narrow.finish();
        assertThat(batch.size()).isEqualTo(2);
        assertThat(batch.get(1).length()).isEqualTo(2040);
    }

    @Test
    void withoutAFreeBlockPacketsAreDeliveredOneByOne() {
        Coalescer poor = coalescer(BLOCK_BYTES, 1, 64);
        TestPacket one = TestPacket.tcp(4, 1000);
        TestPacket two = TestPacket.tcp(6, 1000);
        for (TestPacket packet : new TestPacket[] {one, two, one.next(1000), two.next(1000)}) {
            assertThat(poor.add(packet.buffer())).isTrue();
        }
        PacketBatch batch = poor.finish();
        assertThat(batch.size()).isEqualTo(3);
        assertThat(TestPackets.contents(batch.get(1))).isEqualTo(two.encode());
        assertThat(TestPackets.contents(batch.get(2))).isEqualTo(two.next(1000).encode());
    }

    @Test
    void saysWhenThereIsNoRoomAndGoesOnAfterClearing() {
        Coalescer small = coalescer(BLOCK_BYTES, 1, 2);
        TestPacket one = TestPacket.tcp(4, 1000);
        assertThat(small.add(one.buffer())).isTrue();
        assertThat(small.add(TestPacket.tcp(6, 1000).buffer())).isTrue();
        assertThat(small.add(TestPacket.udp(4, 1000).buffer())).isFalse();
        assertThat(small.add(one.next(1000).buffer())).as("joining needs no room").isTrue();
        assertThat(small.finish().size()).isEqualTo(2);
        small.clear();
        assertThat(small.add(TestPacket.udp(4, 1000).buffer())).isTrue();
        assertThat(small.add(TestPacket.udp(4, 1000).next(1000).buffer())).isTrue();
        assertThat(small.finish().size()).isEqualTo(1);
    }

    @Test
    void aPureAckComesAfterTheDataBeforeIt() {
        TestPacket first = TestPacket.tcp(4, 1000);
        TestPacket second = first.next(1000);
        TestPacket ack = second.next(0);
        TestPacket third = ack.next(1000);
        List<byte[]> delivered = deliver(encode(first, second, ack, third));
        assertThat(delivered.size()).isEqualTo(3);
        assertThat(delivered.get(1)).isEqualTo(ack.encode());
        assertThat(delivered.get(2)).isEqualTo(third.encode());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingOvertakesAPacketOfItsFlowWhoseFormIsUnusual(boolean tcp) {
        TestPacket first = packet(4, tcp, 1000);
        TestPacket second = first.next(1000);
        TestPacket optioned = second.next(1000);
        optioned.ipOptions = TestPackets.hex("01010100");
        TestPacket fragment = second.next(1000);
        fragment.fragment = 1;
        TestPacket third = second.next(1000);
        for (TestPacket odd : new TestPacket[] {optioned, fragment}) {
            List<byte[]> delivered = deliver(encode(first, second, odd, third));
            assertThat(delivered.size()).isEqualTo(3);
            assertThat(delivered.get(1)).isEqualTo(odd.encode());
        }
        TestPacket six = packet(6, tcp, 1000);
        byte[] extended = concat(six.encode(), new byte[8]);
        extended[5] += 8;
        extended[6] = 60;
        extended[40] = (byte) (tcp ? 6 : 17);
        extended[41] = 0;
        List<byte[]> delivered = deliver(six.encode(), six.next(1000).encode(), extended, six.next(1000).next(1000).encode());
        assertThat(delivered.size()).isEqualTo(3);
        assertThat(delivered.get(1)).isEqualTo(extended);
    }

    @Test
    void otherProtocolsDoNotEndRuns() {
        TestPacket first = TestPacket.tcp(4, 1000);
        assertThat(deliver(first.encode(), TestPackets.PING_V4, TestPackets.PING_V6, first.next(1000).encode()).size()).isEqualTo(3);
    }
}
