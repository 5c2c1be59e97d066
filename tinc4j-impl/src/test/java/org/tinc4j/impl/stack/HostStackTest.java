package org.tinc4j.impl.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tinc4j.DropReason;
import org.tinc4j.impl.stack.tcp.Flow;
import org.tinc4j.impl.stack.tcp.TcpFailure;
import org.tinc4j.impl.stack.tcp.TcpFlags;
import org.tinc4j.impl.wire.InternetChecksum;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.spi.BufferPool;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;

/** What packets of a peer do to a host's connections, by packets alone: no thread runs, and no time passes. */
class HostStackTest {

    private static final byte[] HERE = {10, 0, 0, 1};
    private static final byte[] THERE = {10, 0, 0, 2};
    private static final int PORT = 80;
    private static final int PEER_PORT = 5000;
    private static final int SYN_ACK = TcpFlags.SYN | TcpFlags.ACK;

    private long nowNanos = 1L << 40;
    private final Map<DropReason, Integer> drops = new EnumMap<>(DropReason.class);
    private final StackDevice device = new StackDevice("test", (reason, count) -> drops.merge(reason, count, Integer::sum));
    private final HostStack host = new HostStack(device, new OneAddress(), () -> nowNanos, (job, body) -> {});
    private final PacketBatch sent = new BufferPool(BufferPool.Memory.HEAP, 2048).batch(1);

    /** Sequence number of the last segment sent. */
    private int seq;

    /** Its timestamp, where it has nothing but that among its options. */
    private int timestamp;

    private static final class OneAddress implements LocalAddresses {
        @Override
        public InetAddress sourceFor(InetAddress remote) {
            return Packets.address(HERE);
        }

        @Override
        public boolean isLocal(InetAddress address) {
            return address.equals(Packets.address(HERE));
        }
    }

    private TcpListening listen(int backlog) throws Exception {
        Object owner = new Object();
        host.bind(null, PORT, owner);
        return host.listen(null, PORT, owner, backlog);
    }

    private boolean comes(int peerPort, int flags, int first, int ack, int payloadBytes) {
        return host.begin().take(segment(HERE, peerPort, flags, first, ack, payloadBytes));
    }

    private static PacketBuffer segment(byte[] to, int peerPort, int flags, int first, int ack, int payloadBytes) {
        return segment(to, peerPort, flags, first, ack, new byte[0], payloadBytes);
    }

    private static PacketBuffer segment(byte[] to, int peerPort, int flags, int first, int ack, byte[] options, int payloadBytes) {
        int total = 40 + options.length + payloadBytes;
        ByteBuffer m = ByteBuffer.allocate(total);
        Packets.ip(m, 0, THERE, to, IpPacket.TCP, total, 1, true);
        int words = 5 + options.length / 4;
        m.putInt(20, peerPort << 16 | PORT).putInt(24, first).putInt(28, ack).putInt(32, words << 28 | flags << 16 | 0xffff).put(40, options);
        long sum = InternetChecksum.pseudoHeader(m, 0, IpPacket.TCP, total - 20) + InternetChecksum.sum(m, 20, total - 20);
        m.putShort(36, (short) InternetChecksum.finish(sum));
        PacketBuffer packet = new PacketBuffer(m);
        packet.reset(0, total);
        return packet;
    }

    /** Through the device, as from the mesh. */
    private void written(PacketBuffer packet) throws Exception {
        PacketBatch batch = new BufferPool(BufferPool.Memory.HEAP, 2048).batch(1);
        batch.get(0).reset(0, packet.length());
        batch.get(0).memory().put(0, packet.memory(), packet.offset(), packet.length());
        batch.size(1);
        device.write(batch);
    }

    /** Flags of the last segment sent, 0 if there was none. */
    private int answered() throws Exception {
        int flags = 0;
        while (!device.idle()) {
            device.read(sent);
            ByteBuffer m = sent.get(0).memory();
            int tcp = sent.get(0).offset() + 20;
            flags = m.get(tcp + 13);
            seq = m.getInt(tcp + 4);
            timestamp = (m.get(tcp + 12) & 0xf0) == 8 << 4 ? m.getInt(tcp + 24) : 0;
        }
        return flags;
    }

    /** A connection, its peer's next sequence number 101. */
    private TcpEndpoint connected(TcpListening listening) throws Exception {
        comes(PEER_PORT, TcpFlags.SYN, 100, 0, 0);
        assertThat(answered()).isEqualTo(SYN_ACK);
        comes(PEER_PORT, TcpFlags.ACK, 101, seq + 1, 0);
        return listening.accept(1000);
    }

    /** A peer drops what is older than it has seen. */
    @Test
    void timestampsDoNotRunBackwardsWhenPacketsWaitedForAWrite() throws Exception {
        TcpListening listening = listen(1);
        byte[] stamp = {1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0};
        host.begin().take(segment(HERE, PEER_PORT, TcpFlags.SYN, 100, 0, stamp, 0));
        assertThat(answered()).isEqualTo(SYN_ACK);
        host.begin().take(segment(HERE, PEER_PORT, TcpFlags.ACK, 101, seq + 1, stamp, 0));
        TcpEndpoint endpoint = listening.accept(1000);

        HostStack.Arrival waiting = host.begin();
        nowNanos += 3_000_000;
        endpoint.write(new byte[10], 0, 10);
        answered();
        int written = timestamp;
        waiting.take(segment(HERE, PEER_PORT, TcpFlags.ACK, 111, seq, stamp, 10)); // Not the next one, so it is answered at once.
        assertThat(answered()).isEqualTo(TcpFlags.ACK);

        assertThat(written).isNotZero();
        assertThat(timestamp - written).isNotNegative();
    }

    @Test
    void aNewConnectionTakesThePlaceOfOneInTimeWait() throws Exception {
        TcpEndpoint first = connected(listen(50));
        int isn = seq;
        first.close(-1);
        comes(PEER_PORT, TcpFlags.FIN | TcpFlags.ACK, 101, isn + 2, 0);
        answered();

        comes(PEER_PORT, TcpFlags.SYN, 1000, 0, 0);

        assertThat(answered()).isEqualTo(SYN_ACK);
        assertThat(host.connections()).isEqualTo(1);
    }

    @Test
    void aClosingHostResetsWhatItsSocketsLeft() throws Exception {
        TcpEndpoint left = connected(listen(50));
        left.close(-1);
        answered();

        host.close();

        assertThat(host.connections()).isZero();
        assertThat(answered() & TcpFlags.RST).isEqualTo(TcpFlags.RST);
    }

    @Test
    void anErrorMayComeBeforeTheConnectionItQuotesIsMade() {
        Flow flow = new Flow(Packets.address(HERE), PORT, Packets.address(THERE), PEER_PORT);
        TcpEndpoint registered = new TcpEndpoint(host, flow, FlowKey.of(flow), null, 0);

        assertThatCode(() -> registered.onUnreachable(TcpFailure.HOST_UNREACHABLE, 0)).doesNotThrowAnyException();
        assertThatCode(() -> registered.onPathMtu(1280, 0)).doesNotThrowAnyException();
    }

    @Test
    void aConnectionInTimeWaitGivesWayWhereThereIsNoRoom() throws Exception {
        HostStack small = new HostStack(device, new OneAddress(), () -> 1L << 40, (job, body) -> {}, 2);
        Object owner = new Object();
        small.bind(null, PORT, owner);
        TcpListening listening = small.listen(null, PORT, owner, 50);
        for (int peerPort = 1; peerPort <= 3; peerPort++) {
            small.begin().take(segment(HERE, peerPort, TcpFlags.SYN, 100, 0, 0));
            assertThat(answered()).isEqualTo(SYN_ACK);
            small.begin().take(segment(HERE, peerPort, TcpFlags.ACK, 101, seq + 1, 0));
            TcpEndpoint endpoint = listening.accept(1000);
            if (peerPort != 2) {
                endpoint.close(-1);
                small.begin().take(segment(HERE, peerPort, TcpFlags.FIN | TcpFlags.ACK, 101, seq + 2, 0));
                answered();
            }
        }
        assertThat(small.connections()).isEqualTo(2);

        small.begin().take(segment(HERE, 4, TcpFlags.SYN, 100, 0, 0));
        assertThat(answered()).as("in place of the third").isEqualTo(SYN_ACK);
        small.begin().take(segment(HERE, 5, TcpFlags.SYN, 100, 0, 0));
        assertThat(answered()).as("nobody gives way").isZero();
        assertThat(drops).containsEntry(DropReason.BACKLOG_FULL, 1);
    }

    /** A peer could keep it for ever, by a window that it never opens. */
    @Test
    void whatAClosedSocketHasNotSentIsGivenUpWhileMemoryIsShort() throws Exception {
        TcpEndpoint left = connected(listen(50));
        left.write(new byte[100], 0, 100);
        left.close(-1);
        answered();
        left.onTimer();
        assertThat(host.connections()).isEqualTo(1);
        while (!host.memoryIsShort()) {
            host.holds(Integer.MAX_VALUE);
        }

        left.onTimer();

        assertThat(host.connections()).isZero();
        assertThat(answered() & TcpFlags.RST).isEqualTo(TcpFlags.RST);
    }

    /** Every node gets such a packet, and whoever stands in it as its source would get all their answers. */
    @Test
    void nothingIsAnsweredThatIsNotForThisHostAlone() throws Exception {
        byte[] everybody = {10, 0, 0, (byte) 255};
        listen(50);
        ByteBuffer datagram = ByteBuffer.allocate(28);
        ByteBuffer ping = ByteBuffer.allocate(28);
        for (byte[] to : new byte[][] {everybody, HERE}) {
            Packets.ip(datagram, 0, THERE, to, IpPacket.UDP, 28, 1, true);
            datagram.putInt(20, PEER_PORT << 16 | 7).putInt(24, 8 << 16);
            Packets.ip(ping, 0, THERE, to, IpPacket.ICMP, 28, 1, true);
            ping.putInt(20, 8 << 24);
            InternetChecksum.storeIcmp(ping, 0);
            for (PacketBuffer packet : List.of(
                    segment(to, PEER_PORT, TcpFlags.SYN, 100, 0, 0),
                    segment(to, PEER_PORT + 1, TcpFlags.ACK, 100, 1, 0),
                    whole(datagram),
                    whole(ping))) {
                written(packet);
                assertThat(device.idle()).isEqualTo(to == everybody);
                answered();
            }
        }
    }

    private static PacketBuffer whole(ByteBuffer m) {
        PacketBuffer packet = new PacketBuffer(m);
        packet.reset(0, m.capacity());
        return packet;
    }

    @Test
    void aListenerThatGaveNoCookieTakesNone() throws Exception {
        TcpListening crowded = listen(1);
        for (int i = 0; i < 17; i++) {
            comes(PEER_PORT + i, TcpFlags.SYN, 100, 0, 0);
        }
        assertThat(answered()).as("to the last: a cookie").isEqualTo(SYN_ACK);
        crowded.close();
        int before = host.connections();
        listen(1);

        boolean taken = comes(PEER_PORT + 16, TcpFlags.ACK, 101, seq + 1, 0);

        assertThat(taken).isFalse();
        assertThat(host.connections()).isEqualTo(before);
    }

    @Test
    void whatWaitsBehindAGapIsHeldMemoryToo() throws Exception {
        connected(listen(50));
        for (long left = Runtime.getRuntime().maxMemory() / 4; left > 0; left -= Integer.MAX_VALUE) {
            host.holds((int) Math.min(left, Integer.MAX_VALUE));
        }
        assertThat(host.memoryIsShort()).isFalse();

        comes(PEER_PORT, TcpFlags.ACK, 101 + 2000, seq + 1, 1000);

        assertThat(host.memoryIsShort()).isTrue();
    }

    @Test
    void nothingIsTakenBehindAGapWhileMemoryIsShort() throws Exception {
        TcpEndpoint endpoint = connected(listen(50));
        while (!host.memoryIsShort()) {
            host.holds(Integer.MAX_VALUE);
        }

        comes(PEER_PORT, TcpFlags.ACK, 101 + 1000, seq + 1, 1000);
        assertThat(drops).containsEntry(DropReason.QUEUE_FULL, 1);

        comes(PEER_PORT, TcpFlags.ACK, 101, seq + 1, 1000);
        assertThat(endpoint.available()).isEqualTo(1000);
    }
}
