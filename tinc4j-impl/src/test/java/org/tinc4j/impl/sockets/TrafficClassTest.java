package org.tinc4j.impl.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tinc4j.PacketPort;
import org.tinc4j.impl.wire.IpPacket;

/** What a socket sends has the class its option says, as a node sees that reads packets. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TrafficClassTest {

    private static final int EXPEDITED = 46 << 2;
    private static final int UNUSED_PORT = 9;

    private static TwoNodes nodes;
    private static PacketPort arriving;

    @BeforeAll
    static void start() throws Exception {
        nodes = TwoNodes.start();
        arriving = nodes.far.packets();
    }

    @AfterAll
    static void stop() {
        nodes.close();
    }

    private static void assertNextIsExpedited(int protocol) throws Exception {
        ByteBuffer packet;
        do {
            packet = arriving.receive(Duration.ofSeconds(20)).orElseThrow();
        } while (IpPacket.protocol(packet, 0) != protocol || protocol == IpPacket.TCP && !isToUnusedPort(packet));
        int trafficClass = (IpPacket.version(packet, 0) == 4 ? packet.get(1) : packet.getShort(0) >> 4) & 0xff;
        assertThat(trafficClass).as("without bits of ECN").isEqualTo(EXPEDITED);
    }

    /** Segments come late of connections that are over. */
    private static boolean isToUnusedPort(ByteBuffer packet) {
        return packet.getShort(IpPacket.transportOffset(packet, 0) + 2) == UNUSED_PORT;
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.8.0.2", "fd00:8::2"})
    void ofTcpFromTheFirstSegmentOn(String address) throws Exception {
        Socket near = nodes.near.socketFactory().createSocket();
        near.setOption(StandardSocketOptions.IP_TOS, EXPEDITED | 3);
        Blocking<Void> connecting = Blocking.call(() -> {
            near.connect(new InetSocketAddress(TwoNodes.address(address), UNUSED_PORT));
            return null;
        });
        assertNextIsExpedited(IpPacket.TCP);
        near.close();
        connecting.failure();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.8.0.2", "fd00:8::2"})
    void ofUdpAndOfItsFragments(String address) throws Exception {
        try (DatagramSocket near = nodes.near.datagram(0)) {
            near.setTrafficClass(EXPEDITED | 3);
            assertThat(near.getTrafficClass()).isEqualTo(EXPEDITED);
            near.send(new DatagramPacket(new byte[10], 10, TwoNodes.address(address), UNUSED_PORT));
            assertNextIsExpedited(IpPacket.UDP);
            near.send(new DatagramPacket(new byte[2000], 2000, TwoNodes.address(address), UNUSED_PORT));
            assertNextIsExpedited(IpPacket.UDP);
            assertNextIsExpedited(IpPacket.UDP);
        }
    }

    @Test
    void anAcceptedSocketHasItsListeners() throws Exception {
        try (ServerSocket server = nodes.near.listen(0)) {
            server.setOption(StandardSocketOptions.IP_TOS, EXPEDITED);
            try (Socket far = nodes.far.connect("near", server.getLocalPort(), Duration.ofSeconds(20)); Socket near = server.accept()) {
                assertThat(far.isConnected()).isTrue();
                assertThat(near.getTrafficClass()).isEqualTo(EXPEDITED);
            }
        }
    }

    @Test
    void whatIsNoClassIsRefused() throws Exception {
        try (Socket near = nodes.near.socketFactory().createSocket()) {
            assertThatThrownBy(() -> near.setOption(StandardSocketOptions.IP_TOS, 256)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> near.setTrafficClass(-1)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
