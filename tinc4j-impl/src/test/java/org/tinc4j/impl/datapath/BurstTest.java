package org.tinc4j.impl.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tinc4j.DropReason;
import org.tinc4j.impl.crypto.Aead;
import org.tinc4j.impl.crypto.AeadKey;
import org.tinc4j.impl.crypto.ChaChaPoly;
import org.tinc4j.impl.route.UdpPath;
import org.tinc4j.impl.wire.InternetChecksum;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;
import org.tinc4j.spi.PacketDevice;

/** Super-packets and runs through the whole data path: device to socket, socket to device, socket to socket. */
class BurstTest {

    private static final int MSS = 1373;
    private static final int HEADERS = 52;
    private static final int DATAGRAM = HEADERS + MSS + 33;

    private final Random random = new Random(3);

    /** A TCP super-packet over IPv4 with timestamps, as a TUN hands it over. */
    private PacketBuffer superPacket(int from, int to, int payload, int seq) {
        PacketBuffer packet = new PacketBuffer(ByteBuffer.allocateDirect(65535 + 96));
        packet.reset(PacketDevice.HEADROOM_BYTES, HEADERS + payload);
        ByteBuffer m = packet.memory();
        int at = packet.offset();
        m.putShort(at, (short) 0x4500).putShort(at + 2, (short) packet.length()).putInt(at + 4, 0x12344000);
        m.putShort(at + 8, (short) (64 << 8 | 6)).putInt(at + 12, 10 << 24 | from << 8 | 1).putInt(at + 16, 10 << 24 | to << 8 | 1);
        InternetChecksum.storeV4Header(m, at);
        m.putShort(at + 20, (short) 40000).putShort(at + 22, (short) 5001).putInt(at + 24, seq).putInt(at + 28, 99);
        m.putShort(at + 32, (short) (8 << 12 | 0x10)).putShort(at + 34, (short) 500);
        m.putInt(at + 40, 0x0101080a).putInt(at + 44, 7).putInt(at + 48, 8);
        byte[] bytes = new byte[payload];
        random.nextBytes(bytes);
        m.put(at + HEADERS, bytes);
        if (payload > MSS) {
            packet.segmented(Segmentation.TCP_V4, HEADERS, MSS);
        }
        packet.checksumNeeded(20, 16);
        return packet;
    }

    private static byte[] payload(PacketBuffer packet) {
        byte[] bytes = new byte[packet.length() - HEADERS];
        packet.memory().get(packet.offset() + HEADERS, bytes);
        return bytes;
    }

    @Test
    void aSuperPacketLeavesInRunsAndArrivesAsSuperPackets() {
        BurstMesh mesh = BurstMesh.direct(ChaChaPoly::new);
        PacketBuffer sent = superPacket(1, 2, 47 * MSS + 10, 1000);
        byte[] bytes = payload(sent);

        mesh.a.outbound(sent);

        // 44 datagrams of 1458 bytes are what 65507 bytes hold.
        assertThat(mesh.a.socket.sent).extracting(PacketBuffer::length).containsExactly(44 * DATAGRAM, 3 * DATAGRAM + HEADERS + 10 + 33);
        assertThat(mesh.a.socket.sent).extracting(PacketBuffer::segmentBytes).containsExactly(DATAGRAM, DATAGRAM);
        mesh.b.inbound(mesh.a.socket.take());
        PacketBuffer received = mesh.b.device.host.get(0);
        assertThat(mesh.b.device.host.size()).isEqualTo(1);
        assertThat(received.segmentation()).isEqualTo(Segmentation.TCP_V4);
        assertThat(received.segmentBytes()).isEqualTo(MSS);
        assertThat(payload(received)).isEqualTo(bytes);
        assertThat(mesh.b.drops.snapshot()).isEmpty();
    }

    @Test
    void aSuperPacketThatIsDroppedCountsAsAllItsPackets() {
        BurstMesh mesh = BurstMesh.direct(ChaChaPoly::new);

        mesh.a.outbound(superPacket(1, 99, 30 * MSS, 0));

        assertThat(mesh.a.drops.snapshot()).containsExactly(entry(DropReason.NO_SUBNET, 30L));
    }

    @Test
    void superPacketsOfOneBurstShareRuns() {
        BurstMesh mesh = BurstMesh.direct(ChaChaPoly::new);

        mesh.a.outbound(superPacket(1, 2, 30 * MSS, 0), superPacket(1, 2, 30 * MSS, 30 * MSS));

        assertThat(mesh.a.socket.sent).extracting(PacketBuffer::length).containsExactly(44 * DATAGRAM, 16 * DATAGRAM);
    }

    @Test
    void eachRunHasThePriorityOfItsPackets() {
        BurstMesh mesh = BurstMesh.direct(ChaChaPoly::new);
        PacketBuffer urgent = superPacket(1, 2, 30 * MSS, 30 * MSS);
        urgent.memory().put(urgent.offset() + 1, (byte) (46 << 2 | 2));

        mesh.a.outbound(superPacket(1, 2, 30 * MSS, 0), urgent);

        assertThat(mesh.a.socket.sent).extracting(PacketBuffer::length).containsExactly(30 * DATAGRAM, 30 * DATAGRAM);
        assertThat(mesh.a.socket.sent).extracting(PacketBuffer::trafficClass).containsExactly(0, 46 << 2);
    }

    @Test
    void aPacketBetweenSuperPacketsKeepsItsPlace() {
        BurstMesh mesh = BurstMesh.direct(ChaChaPoly::new);

        mesh.a.outbound(superPacket(1, 2, 3 * MSS, 0), superPacket(1, 2, 100, 3 * MSS), superPacket(1, 2, 2 * MSS, 3 * MSS + 100));

        assertThat(mesh.a.socket.sent)
                .extracting(PacketBuffer::length)
                .containsExactly(3 * DATAGRAM, HEADERS + 100 + 33, 2 * DATAGRAM);
    }

    @Test
    void aRelayPassesRunsOnWithoutOpeningThem() {
        BurstMesh mesh = BurstMesh.relayed(ChaChaPoly::new);
        mesh.a.outbound(superPacket(1, 2, 40 * MSS, 0));
        List<PacketBuffer> toRelay = mesh.a.socket.take();
        byte[] before = contents(toRelay.getFirst());

        mesh.c.inbound(toRelay);

        assertThat(mesh.c.drops.snapshot()).isEmpty();
        assertThat(mesh.c.socket.sent).hasSize(1);
        assertThat(contents(mesh.c.socket.sent.getFirst())).isEqualTo(before);
        assertThat(mesh.c.socket.sent.getFirst().segmentBytes()).isEqualTo(DATAGRAM);
        mesh.b.inbound(mesh.c.socket.take());
        assertThat(mesh.b.device.host.size()).isEqualTo(1);
        assertThat(mesh.b.device.host.get(0).length()).isEqualTo(HEADERS + 40 * MSS);
    }

    @Test
    void aSuperPacketIsCutWhereOnlyTheMetaConnectionIsLeft() {
        BurstMesh mesh = BurstMesh.direct(ChaChaPoly::new);
        mesh.tunnel(mesh.a, mesh.b).udp(UdpPath.NONE);

        mesh.a.outbound(superPacket(1, 2, 2 * MSS + 5, 0));

        assertThat(mesh.a.told).containsExactly("frame " + (14 + HEADERS + MSS), "frame " + (14 + HEADERS + MSS), "frame " + (14 + HEADERS + 5));
    }

    @Test
    void aSuperPacketWhosePiecesAreTooLongIsAnsweredOnce() {
        BurstMesh mesh = BurstMesh.direct(ChaChaPoly::new);
        mesh.tunnel(mesh.a, mesh.b).mtuBytes(1300);

        mesh.a.outbound(superPacket(1, 2, 5 * MSS, 0));

        assertThat(mesh.a.socket.sent).isEmpty();
        assertThat(mesh.a.device.host.size()).isEqualTo(1);
        ByteBuffer icmp = mesh.a.device.host.get(0).view();
        assertThat(icmp.getShort(icmp.position() + 20)).as("fragmentation needed").isEqualTo((short) (3 << 8 | 4));
        assertThat(icmp.getShort(icmp.position() + 26)).as("MTU").isEqualTo((short) (1300 - 14));
    }

    @Test
    void packetsArriveSinglyWhereTheDeviceTakesNoSuperPackets() {
        BurstMesh mesh = BurstMesh.direct(ChaChaPoly::new);
        mesh.b.device.kinds = Set.of(Segmentation.NONE);
        BurstNode plain = mesh.b;
        mesh.a.outbound(superPacket(1, 2, 4 * MSS, 0));
        plain.inbound(List.of()); // The path learns at its next flush what the device takes.

        plain.inbound(mesh.a.socket.take());

        assertThat(plain.device.host.size()).isEqualTo(4);
    }

    @Test
    void aDamagedDatagramInARunCostsOnlyItself() {
        BurstMesh mesh = BurstMesh.direct(ChaChaPoly::new);
        mesh.a.outbound(superPacket(1, 2, 9 * MSS, 0));
        PacketBuffer run = mesh.a.socket.take().getFirst();
        int at = run.offset() + 4 * DATAGRAM + 100;
        run.memory().put(at, (byte) ~run.memory().get(at));

        mesh.b.inbound(List.of(run));

        assertThat(mesh.b.drops.snapshot()).containsOnlyKeys(DropReason.BAD_TAG).containsValue(1L);
        assertThat(mesh.b.device.host.size()).isEqualTo(2);
        assertThat(mesh.b.device.host.get(0).length()).isEqualTo(HEADERS + 4 * MSS);
        assertThat(mesh.b.device.host.get(1).length()).isEqualTo(HEADERS + 4 * MSS);
    }

    /** Ciphers are measured elsewhere; this one allocates nothing for certain. */
    private static final class PlainText implements Aead {
        @Override
        public void seal(AeadKey key, int seqno, ByteBuffer memory, int offset, int length) {
            memory.putLong(offset + length, seqno).putLong(offset + length + 8, length);
        }

        @Override
        public boolean open(AeadKey key, int seqno, ByteBuffer memory, int offset, int length) {
            return memory.getLong(offset + length) == seqno && memory.getLong(offset + length + 8) == length;
        }
    }

    @Test
    void nothingIsAllocatedForPacketsInSteadyState() {
        BurstMesh mesh = BurstMesh.relayed(PlainText::new);
        List<PacketBuffer> originals = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            originals.add(superPacket(1, 2, 40 * MSS, i * 40 * MSS));
        }
        PacketBuffer[] burst = originals.toArray(PacketBuffer[]::new);
        int rounds = 300;
        carry(mesh, burst, 4 * rounds);
        ThreadMXBean meter = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        long before = meter.getCurrentThreadAllocatedBytes();
        carry(mesh, burst, rounds);
        long allocated = meter.getCurrentThreadAllocatedBytes() - before;

        assertThat(mesh.b.device.host.size()).isPositive();
        int packets = rounds * burst.length * 40;
        // The smallest object is 16 bytes; what is seen is the meter itself.
        assertThat((double) allocated / packets).as("bytes for each packet on three nodes").isLessThan(1);
    }

    private static void carry(BurstMesh mesh, PacketBuffer[] burst, int rounds) {
        for (int i = 0; i < rounds; i++) {
            mesh.a.socket.sent.clear();
            mesh.a.outbound(burst);
            mesh.c.socket.sent.clear();
            mesh.c.inbound(mesh.a.socket.take());
            mesh.b.device.host.clear();
            mesh.b.inbound(mesh.c.socket.take());
        }
    }

    private static byte[] contents(PacketBuffer packet) {
        byte[] bytes = new byte[packet.length()];
        packet.memory().get(packet.offset(), bytes);
        return bytes;
    }
}
