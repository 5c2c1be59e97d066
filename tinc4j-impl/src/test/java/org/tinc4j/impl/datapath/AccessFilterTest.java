package org.tinc4j.impl.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.tinc4j.NodeName;
import org.tinc4j.impl.route.Tunnel;
import org.tinc4j.net.Access;
import org.tinc4j.net.Traffic;
import org.tinc4j.spi.PacketBuffer;

/** What rules do with packets that would rather not be judged. */
class AccessFilterTest {

    private static final NodeName PEER = new NodeName("peer");
    private static final long SECOND = 1_000_000_000L;
    private static final int UDP = 17;
    private static final int FRAGMENT = 44;
    private static final int DESTINATION_OPTIONS = 60;
    private static final long FIRST_FRAGMENT = (long) DESTINATION_OPTIONS << 56 | 1L << 32 | 7;

    private static AccessFilter filter(Access access) {
        return new AccessFilter(access, new Deaf(), 0);
    }

    /** An IPv6 packet with what is behind its first header, in words of 8 bytes. */
    private static PacketBuffer six(int next, long... words) {
        ByteBuffer m = ByteBuffer.allocate(40 + 8 * words.length);
        m.putInt(0, 0x60000000).putInt(4, 8 * words.length << 16 | next << 8 | 64);
        m.putLong(8, 0xfd00L << 48).putLong(16, 2).putLong(24, 0xfd00L << 48).putLong(32, 1);
        for (int i = 0; i < words.length; i++) {
            m.putLong(40 + 8 * i, words[i]);
        }
        return packet(m);
    }

    private static PacketBuffer udp(int from, int to, int fromPort, int toPort) {
        ByteBuffer m = ByteBuffer.allocate(28);
        m.putInt(0, 0x45000000 | 28).putInt(8, 64 << 24 | UDP << 16).putInt(12, from).putInt(16, to);
        m.putInt(20, fromPort << 16 | toPort).putInt(24, 8 << 16);
        return packet(m);
    }

    private static PacketBuffer packet(ByteBuffer m) {
        PacketBuffer packet = new PacketBuffer(m);
        packet.reset(0, m.capacity());
        return packet;
    }

    @Test
    void aFirstFragmentThatEndsBeforeItsPortsIsDenied() {
        AccessFilter filter = filter(Access.allowing().deny(Traffic.any().udp(53)));
        long options = (long) UDP << 56 | 0x0104_0000_0000L;

        assertThat(filter.admits(six(FRAGMENT, FIRST_FRAGMENT, options), PEER, 0)).isFalse();
    }

    @Test
    void aPacketWhoseExtensionHeadersDoNotEndIsDenied() {
        AccessFilter filter = filter(Access.allowing().deny(Traffic.any().udp(53)));
        long longOptions = (long) UDP << 56 | 9L << 48;

        assertThat(filter.admits(six(FRAGMENT, FIRST_FRAGMENT, longOptions), PEER, 0)).isFalse();
    }

    @Test
    void whatIsNoTransportAtAllIsJudgedAsBefore() {
        AccessFilter filter = filter(Access.allowing().deny(Traffic.any().udp(53)));

        assertThat(filter.admits(six(59, 0), PEER, 0)).isTrue();
    }

    @Test
    void aFlowStaysBegunWhileItIsUsedHoweverManyOthersThereAre() {
        AccessFilter filter = filter(Access.denying());
        for (int port = 0; port < 1 << 16; port++) {
            filter.sent(udp(1, 2, 7, port), PEER, 0);
        }
        filter.sent(udp(1, 2, 7, 9), PEER, 100 * SECOND);

        assertThat(filter.admits(udp(2, 1, 9, 7), PEER, 150 * SECOND)).isTrue();
    }

    /** A peer that asks from every port it has must not make us deaf to what others answer. */
    @Test
    void answersOfAServiceTakeNoRoom() {
        AccessFilter filter = filter(Access.denying().allow(Traffic.from("peer").udp(53)));
        for (int port = 0; port < 1 << 16; port++) {
            filter.sent(udp(1, 2, 53, port), PEER, 0);
        }
        filter.sent(udp(1, 3, 7, 9), new NodeName("other"), 0);

        assertThat(filter.admits(udp(3, 1, 9, 7), new NodeName("other"), SECOND)).isTrue();
        assertThat(filter.admits(udp(2, 1, 9, 7), PEER, SECOND)).isFalse();
    }

    private static final class Deaf implements ControlPort {
        @Override
        public boolean wanted(Tunnel tunnel) {
            return true;
        }

        @Override
        public boolean probe(Tunnel tunnel, byte[] record, InetSocketAddress from, int socket) {
            return true;
        }

        @Override
        public boolean moved(Tunnel tunnel, InetSocketAddress from, int socket) {
            return true;
        }

        @Override
        public boolean indirect(Tunnel tunnel) {
            return true;
        }

        @Override
        public boolean undecryptable(Tunnel tunnel) {
            return true;
        }

        @Override
        public boolean tooLong(Tunnel tunnel, int recordBytes) {
            return true;
        }

        @Override
        public boolean denied(NodeName node, Traffic.Protocol protocol, int port) {
            return true;
        }

        @Override
        public boolean sendFrame(Tunnel tunnel, byte[] frame) {
            return true;
        }

        @Override
        public boolean sendSealed(Tunnel tunnel, byte[] packet) {
            return true;
        }
    }
}
