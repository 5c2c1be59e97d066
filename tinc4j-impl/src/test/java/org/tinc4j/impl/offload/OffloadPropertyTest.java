package org.tinc4j.impl.offload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.impl.wire.TestPackets;
import org.tinc4j.spi.BufferPool;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;
import org.tinc4j.spi.PacketDevice;

/**
 * Cutting and joining are inverse: what is joined can be cut to what it was made of, byte for byte. Only ids of atomic datagrams, which mean
 * nothing (RFC 6864 section 4.1), count up afterwards where they did not before.
 */
class OffloadPropertyTest {

    private static final long SEED = Long.getLong("fuzz.seed", 5516L);
    private static final int BLOCK_BYTES = PacketDevice.HEADROOM_BYTES + 65535 + PacketDevice.TAILROOM_BYTES;

    private static final String[] OPTIONS = {
        "", "0101080a0000000100000002", "0101050a0000000100000002", "0101080a00000001000000020101050a0000000100000002"
    };

    private final Splitter splitter = new Splitter();
    private final Random random = new Random(SEED);

    private static Coalescer coalescer(int blocks, int maxPackets) {
        Coalescer coalescer = new Coalescer(new BufferPool(BufferPool.Memory.DIRECT, BLOCK_BYTES).batch(blocks), maxPackets);
        coalescer.kinds(EnumSet.allOf(Segmentation.class));
        return coalescer;
    }

    private TestPacket anyPacket(int payloadBytes) {
        int version = random.nextBoolean() ? 4 : 6;
        TestPacket packet = random.nextInt(4) > 0 ? TestPacket.tcp(version, payloadBytes) : TestPacket.udp(version, payloadBytes);
        packet.tos = random.nextInt(256);
        packet.hopLimit = 1 + random.nextInt(255);
        packet.fragment = random.nextBoolean() ? 0x4000 : 0;
        packet.flowLabel = random.nextInt(1 << 20);
        packet.id = random.nextInt(1 << 16);
        packet.idStep = random.nextInt(3) > 0 ? 1 : random.nextInt(3) - 1;
        packet.seq = random.nextInt();
        packet.ack = random.nextInt();
        packet.window = random.nextInt(1 << 16);
        packet.flags = TestPacket.ACK | (random.nextInt(4) == 0 ? TestPacket.ECE : 0);
        packet.options = TestPackets.hex(OPTIONS[random.nextInt(OPTIONS.length)]);
        return packet;
    }

    @Test
    void whatWasCutIsJoinedToWhatItWas() {
        Coalescer coalescer = coalescer(1, 2);
        for (int i = 0; i < 3000; i++) {
            int segmentBytes = 1 + random.nextInt(1460);
            int most = Math.min(65535 - 100, segmentBytes * 70);
            TestPacket whole = anyPacket(segmentBytes + 1 + random.nextInt(most - segmentBytes));
            whole.flags |= random.nextBoolean() ? TestPacket.PSH : 0;
            PacketBuffer expected = whole.superPacket(segmentBytes);
            coalescer.clear();
            for (byte[] packet : cut(expected)) {
                assertThat(coalescer.add(TestPacket.buffer(packet))).isTrue();
            }
            PacketBatch batch = coalescer.finish();
            assertThat(batch.size()).as("seed %d, case %d", SEED, i).isEqualTo(1);
            PacketBuffer joined = batch.get(0);
            assertThat(joined.view()).as("seed %d, case %d", SEED, i).isEqualTo(expected.view());
            assertThat(joined.segmentation()).isEqualTo(expected.segmentation());
            assertThat(joined.segmentBytes()).isEqualTo(segmentBytes);
            assertThat(joined.headerBytes()).isEqualTo(expected.headerBytes());
            assertThat(joined.checksumStart()).isEqualTo(expected.checksumStart());
            assertThat(joined.checksumOffset()).isEqualTo(expected.checksumOffset());
        }
    }

    private List<byte[]> cut(PacketBuffer superPacket) {
        int count = splitter.begin(superPacket);
        assertThat(count).isPositive();
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] packet = new byte[splitter.packetBytes(i)];
            assertThat(splitter.write(i, ByteBuffer.wrap(packet), 0)).isEqualTo(packet.length);
            packets.add(packet);
        }
        return packets;
    }

    @Test
    void eachFlowIsDeliveredAsItCameWhateverWasJoined() {
        int joined = 0;
        int came = 0;
        int renumbered = 0;
        for (int i = 0; i < 3000; i++) {
            List<byte[]> packets = interleaved();
            List<byte[]> delivered = new ArrayList<>();
            Coalescer coalescer = coalescer(1 + random.nextInt(3), 1 + random.nextInt(40));
            for (byte[] packet : packets) {
                PacketBuffer buffer = TestPacket.buffer(packet);
                if (!coalescer.add(buffer)) {
                    joined += drain(coalescer, delivered);
                    assertThat(coalescer.add(buffer)).isTrue();
                }
            }
            joined += drain(coalescer, delivered);
            came += packets.size();
            Map<String, List<ByteBuffer>> expected = byFlow(packets);
            Map<String, List<ByteBuffer>> actual = byFlow(delivered);
            assertThat(actual.keySet()).as("seed %d, case %d", SEED, i).isEqualTo(expected.keySet());
            for (String flow : expected.keySet()) {
                boolean counting = countsUp(expected.get(flow));
                renumbered += counting || actual.get(flow).equals(expected.get(flow)) ? 0 : 1;
                assertThat(counting ? actual.get(flow) : withoutAtomicIds(actual.get(flow)))
                        .as("seed %d, case %d", SEED, i)
                        .isEqualTo(counting ? expected.get(flow) : withoutAtomicIds(expected.get(flow)));
            }
        }
        assertThat(renumbered).isPositive();
        // The mutations leave enough to join, or this would prove nothing.
        assertThat(joined).isGreaterThan(came / 10);
    }

    /** How many packets were joined to others. */
    private int drain(Coalescer coalescer, List<byte[]> delivered) {
        int joined = 0;
        PacketBatch batch = coalescer.finish();
        for (int i = 0; i < batch.size(); i++) {
            PacketBuffer buffer = batch.get(i);
            if (buffer.segmentation() == Segmentation.NONE) {
                delivered.add(TestPackets.contents(buffer));
            } else {
                List<byte[]> packets = cut(buffer);
                assertThat(packets.size()).isGreaterThan(1);
                delivered.addAll(packets);
                joined += packets.size();
            }
        }
        coalescer.clear();
        return joined;
    }

    private List<byte[]> interleaved() {
        int flows = 1 + random.nextInt(12);
        TestPacket[] next = new TestPacket[flows];
        for (int flow = 0; flow < flows; flow++) {
            next[flow] = anyPacket(1 + random.nextInt(300));
            next[flow].flow = flow;
        }
        int mutations = random.nextInt(8);
        List<byte[]> packets = new ArrayList<>();
        int flow = 0;
        for (int i = random.nextInt(120); i >= 0; i--) {
            flow = random.nextInt(3) == 0 ? random.nextInt(flows) : flow;
            TestPacket packet = next[flow];
            boolean mutated = random.nextInt(8) < mutations && random.nextBoolean();
            if (mutated) {
                mutate(packet);
            }
            byte[] bytes = packet.encode();
            if (mutated && random.nextInt(4) == 0) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            packets.add(bytes);
            next[flow] = packet.next(packet.payload.length);
            next[flow].flags &= TestPacket.ACK | TestPacket.ECE;
            next[flow].ipOptions = new byte[0];
            next[flow].fragment &= 0x4000;
        }
        return packets;
    }

    private void mutate(TestPacket packet) {
        switch (random.nextInt(15)) {
            case 0 -> packet.flags ^= 1 << random.nextInt(8);
            case 1 -> packet.flags |= TestPacket.PSH;
            case 2 -> packet.payload = TestPacket.bytes(random.nextInt(packet.payload.length + 2), random.nextLong());
            case 3 -> packet.seq += random.nextInt(3) - 1;
            case 4 -> packet.ack++;
            case 5 -> packet.window++;
            case 6 -> packet.urgent++;
            case 7 -> packet.options = TestPackets.hex(OPTIONS[random.nextInt(OPTIONS.length)]);
            case 8 -> packet.tos ^= 1 << random.nextInt(8);
            case 9 -> packet.hopLimit = 1 + random.nextInt(255);
            case 10 -> packet.id += random.nextInt(3) - 1;
            case 11 -> packet.fragment ^= 1 << random.nextInt(16);
            case 12 -> packet.flowLabel ^= 1 << random.nextInt(20);
            case 13 -> packet.ipOptions = packet.version == 4 ? TestPackets.hex("01010100") : new byte[0];
            default -> packet.payload = new byte[0];
        }
    }

    private static Map<String, List<ByteBuffer>> byFlow(List<byte[]> packets) {
        Map<String, List<ByteBuffer>> flows = new LinkedHashMap<>();
        for (byte[] packet : packets) {
            flows.computeIfAbsent(flowOf(packet), flow -> new ArrayList<>()).add(ByteBuffer.wrap(packet));
        }
        return flows;
    }

    /** Whether each id is one more than that of the packet before. */
    private static boolean countsUp(List<ByteBuffer> flow) {
        for (int i = 1; i < flow.size(); i++) {
            if (flow.get(i).capacity() < 20 || flow.get(i).getShort(4) != (short) (flow.get(i - 1).getShort(4) + 1)) {
                return false;
            }
        }
        return true;
    }

    private static List<ByteBuffer> withoutAtomicIds(List<ByteBuffer> flow) {
        return flow.stream().map(TestPacket::withoutAtomicId).toList();
    }

    /** Addresses, protocol, ports; what has none of them in itself, each packet alone. */
    private static String flowOf(byte[] packet) {
        ByteBuffer m = ByteBuffer.wrap(packet);
        String whole = HexFormat.of().formatHex(packet);
        if (!IpPacket.isValid(m, 0, packet.length) || IpPacket.isLaterFragment(m, 0)) {
            return whole;
        }
        int protocol = IpPacket.protocol(m, 0);
        int at = IpPacket.transportOffset(m, 0);
        if (protocol != IpPacket.TCP && protocol != IpPacket.UDP || packet.length < at + 4) {
            return whole;
        }
        String addresses = IpPacket.version(m, 0) == 4 ? whole.substring(24, 40) : whole.substring(16, 80);
        return addresses + " " + protocol + " " + whole.substring(2 * at, 2 * at + 8);
    }
}
