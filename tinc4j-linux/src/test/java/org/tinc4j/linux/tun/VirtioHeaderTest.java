package org.tinc4j.linux.tun;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.tinc4j.linux.sys.VirtioNet;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;

/** Each header is written down here field by field, in the byte order of the machine, as the kernel does. */
class VirtioHeaderTest {

    private static final int AT = 54;
    private static final int PACKET_AT = AT + VirtioNet.SIZE;
    private static final int PACKET_BYTES = 4000;

    /** Memory for packets is big-endian, memory for the kernel is not; the header may lie in either. */
    enum Order {
        OF_THE_NETWORK(ByteOrder.BIG_ENDIAN),
        OF_LITTLE_MACHINES(ByteOrder.LITTLE_ENDIAN);

        private final ByteOrder order;

        Order(ByteOrder order) {
            this.order = order;
        }
    }

    @ParameterizedTest
    @EnumSource(Order.class)
    void readsEveryFieldWhateverTheOrderOfTheBuffer(Order order) {
        ByteBuffer memory = header(1, 1, 999, 1385, 20, 16);
        PacketBuffer packet = tcp(memory, 20, 8);

        assertThat(VirtioHeader.read(memory.order(order.order), AT, packet)).isTrue();

        assertThat(packet.segmentation()).isEqualTo(Segmentation.TCP_V4);
        assertThat(packet.segmentBytes()).isEqualTo(1385);
        assertThat(packet.headerBytes()).as("from the packet, not from hdr_len").isEqualTo(20 + 32);
        assertThat(packet.checksumStart()).isEqualTo(20);
        assertThat(packet.checksumOffset()).isEqualTo(16);
        assertThat(packet.offset()).isEqualTo(PACKET_AT);
        assertThat(packet.length()).isEqualTo(PACKET_BYTES);
    }

    @ParameterizedTest
    @EnumSource(Order.class)
    void writesEveryFieldWhateverTheOrderOfTheBuffer(Order order) {
        ByteBuffer memory = ByteBuffer.allocate(PACKET_AT + PACKET_BYTES);
        for (int i = 0; i < memory.capacity(); i++) {
            memory.put(i, (byte) 0xee);
        }
        PacketBuffer packet = new PacketBuffer(memory);
        packet.reset(PACKET_AT, PACKET_BYTES);
        packet.segmented(Segmentation.TCP_V6, 72, 1365);
        packet.checksumNeeded(40, 16);

        VirtioHeader.write(packet, memory.order(order.order), AT);

        assertThat(fields(memory)).containsExactly(1, 4, 72, 1365, 40, 16);
        assertThat(memory.get(AT - 1)).as("before the header").isEqualTo((byte) 0xee);
        assertThat(memory.get(PACKET_AT)).as("behind it").isEqualTo((byte) 0xee);
    }

    @ParameterizedTest
    @CsvSource({"1, 20, 16, TCP_V4, 40", "4, 40, 16, TCP_V6, 60", "5, 20, 6, UDP, 28", "0x81, 20, 16, TCP_V4, 40", "0x84, 40, 16, TCP_V6, 60"})
    void knowsEveryKindAlsoWithTheBitForEcn(String type, int start, int offset, Segmentation kind, int headerBytes) {
        ByteBuffer memory = header(1, Integer.decode(type), 0, 1000, start, offset);
        PacketBuffer packet = tcp(memory, start, 5);
        assertThat(VirtioHeader.read(memory, AT, packet)).isTrue();
        assertThat(packet.segmentation()).isEqualTo(kind);
        assertThat(packet.headerBytes()).isEqualTo(headerBytes);
    }

    @Test
    void aPlainPacketHasNoMarksAndAnEmptyHeader() {
        ByteBuffer memory = header(0, 0, 77, 77, 77, 77);
        PacketBuffer packet = tcp(memory, 20, 5);
        assertThat(VirtioHeader.read(memory, AT, packet)).isTrue();
        assertThat(packet.segmentation()).isEqualTo(Segmentation.NONE);
        assertThat(packet.checksumStart()).isEqualTo(-1);

        VirtioHeader.write(packet, memory, AT);
        assertThat(fields(memory)).containsOnly(0);
    }

    @Test
    void aSinglePacketMayLackItsChecksum() {
        ByteBuffer memory = header(1, 0, 0, 0, 20, 6);
        PacketBuffer packet = tcp(memory, 20, 5);
        assertThat(VirtioHeader.read(memory, AT, packet)).isTrue();
        assertThat(packet.segmentation()).isEqualTo(Segmentation.NONE);
        assertThat(packet.checksumStart()).isEqualTo(20);
        assertThat(packet.checksumOffset()).isEqualTo(6);
    }

    @ParameterizedTest(name = "{6}")
    @CsvSource({
        "1, 1, 1000, 3990, 16, 5, checksum behind the end",
        "1, 0, 0, 65535, 65535, 5, checksum behind the end of a single packet",
        "1, 1, 0, 20, 16, 5, segments of nothing",
        "0, 1, 1000, 20, 16, 5, a super-packet with its checksum done",
        "1, 3, 1000, 20, 16, 5, UDP fragments which were not asked for",
        "1, 9, 1000, 20, 16, 5, a kind nobody knows",
        "1, 1, 1000, 3980, 16, 15, TCP header longer than the packet",
        "1, 1, 1000, 20, 16, 4, TCP header shorter than one can be",
    })
    void refusesAHeaderThatDoesNotFitItsPacket(int flags, int type, int size, int start, int offset, int dataOffset, String why) {
        ByteBuffer memory = header(flags, type, 0, size, start, offset);
        assertThat(VirtioHeader.read(memory, AT, tcp(memory, start, dataOffset))).as(why).isFalse();
    }

    private static PacketBuffer tcp(ByteBuffer memory, int start, int dataOffset) {
        PacketBuffer packet = new PacketBuffer(memory);
        packet.reset(PACKET_AT, PACKET_BYTES);
        if (start + 20 <= PACKET_BYTES) {
            memory.put(PACKET_AT + start + 12, (byte) (dataOffset << 4));
        }
        return packet;
    }

    private static ByteBuffer header(int flags, int type, int headerBytes, int size, int start, int offset) {
        ByteBuffer memory = ByteBuffer.allocate(PACKET_AT + PACKET_BYTES).order(ByteOrder.nativeOrder());
        memory.put(AT, (byte) flags).put(AT + 1, (byte) type).putShort(AT + 2, (short) headerBytes);
        memory.putShort(AT + 4, (short) size).putShort(AT + 6, (short) start).putShort(AT + 8, (short) offset);
        return memory.order(ByteOrder.BIG_ENDIAN);
    }

    private static int[] fields(ByteBuffer memory) {
        ByteBuffer m = memory.duplicate().order(ByteOrder.nativeOrder());
        return new int[] {
            m.get(AT), m.get(AT + 1), m.getShort(AT + 2), m.getShort(AT + 4), m.getShort(AT + 6), m.getShort(AT + 8)
        };
    }
}
