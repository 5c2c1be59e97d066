package org.tinc4j.impl.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tinc4j.DropReason;
import org.tinc4j.NodeName;
import org.tinc4j.event.TincEvent;
import org.tinc4j.net.Access;
import org.tinc4j.net.Traffic;

/** Who may reach which port of a node, and what becomes of who may not. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AccessTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void aDeniedPortIsResetCountedAndTold() throws Exception {
        LinkedBlockingQueue<TincEvent.AccessDenied> told = new LinkedBlockingQueue<>();
        try (TwoNodes nodes = TwoNodes.start(far -> far.listener(event -> {
            if (event instanceof TincEvent.AccessDenied denied) {
                told.add(denied);
            }
        }));
                ServerSocket server = nodes.far.listen(0)) {
            nodes.far.deny(Traffic.from("near").tcp(server.getLocalPort()));

            assertThatThrownBy(() -> nodes.near.connect("far", server.getLocalPort(), PATIENCE))
                    .isInstanceOf(ConnectException.class).hasMessage("Connection refused");

            TincEvent.AccessDenied denied = told.poll(20, TimeUnit.SECONDS);
            assertThat(denied.node()).isEqualTo(new NodeName("near"));
            assertThat(denied.protocol()).isEqualTo(Traffic.Protocol.TCP);
            assertThat(denied.port()).isEqualTo(server.getLocalPort());
            assertThat(nodes.far.status().drops().get(DropReason.ACCESS_DENIED)).isPositive();
        }
    }

    @Test
    void aDeniedPortIsSilentWhereThatIsWanted() throws Exception {
        try (TwoNodes nodes = TwoNodes.start(far -> far.deny(Traffic.any().tcp()).access(rules -> rules.refusal(Access.Refusal.SILENCE)));
                ServerSocket server = nodes.far.listen(0)) {
            assertThatThrownBy(() -> nodes.near.connect("far", server.getLocalPort(), Duration.ofMillis(300)))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void rulesChangeWhileTheNodeRunsAndConnectionsGoOn() throws Exception {
        try (TwoNodes nodes = TwoNodes.start();
                ServerSocket server = nodes.far.listen(0);
                Socket near = nodes.near.connect("far", server.getLocalPort(), PATIENCE);
                Socket far = server.accept()) {
            nodes.far.access(rules -> rules.otherwise(Access.Verdict.DENY));

            near.getOutputStream().write(1);
            assertThat(far.getInputStream().read()).isEqualTo(1);
            assertThatThrownBy(() -> nodes.near.connect("far", server.getLocalPort(), PATIENCE)).isInstanceOf(ConnectException.class);

            nodes.far.allow(Traffic.from("near").tcp(server.getLocalPort()));
            nodes.near.connect("far", server.getLocalPort(), PATIENCE).close();
        }
    }

    @Test
    void whatTheNodeItselfBeginsIsAnswered() throws Exception {
        try (TwoNodes nodes = TwoNodes.start(far -> far.access(rules -> Access.denying()).allow(Traffic.any().icmp()))) {
            try (ServerSocket server = nodes.near.listen(0);
                    Socket out = nodes.far.connect("near", server.getLocalPort(), PATIENCE);
                    Socket in = server.accept()) {
                in.getOutputStream().write(3);
                assertThat(out.getInputStream().read()).isEqualTo(3);
            }
            try (DatagramSocket there = nodes.near.datagram(0); DatagramSocket here = nodes.far.datagram(0)) {
                here.send(new DatagramPacket(new byte[1], 1, TwoNodes.address("10.8.0.1"), there.getLocalPort()));
                DatagramPacket asked = new DatagramPacket(new byte[9], 9);
                there.receive(asked);
                there.send(new DatagramPacket(new byte[2], 2, asked.getSocketAddress()));
                DatagramPacket answer = new DatagramPacket(new byte[9], 9);
                here.receive(answer);
                assertThat(answer.getLength()).isEqualTo(2);
            }
        }
    }
}
