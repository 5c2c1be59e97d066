package org.tinc4j.impl.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two connections that are made one, over the system's loopback. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RelayTest {

    private static final Duration PATIENCE = Duration.ofMillis(100);

    private final List<Socket> sockets = new ArrayList<>();
    private Socket client;
    private Socket nearClient;
    private Socket nearServer;
    private Socket server;
    private Thread relay;

    @BeforeEach
    void start() throws IOException {
        try (ServerSocket listening = new ServerSocket(0, 2, InetAddress.getLoopbackAddress())) {
            client = new Socket(listening.getInetAddress(), listening.getLocalPort());
            nearClient = listening.accept();
            nearServer = new Socket(listening.getInetAddress(), listening.getLocalPort());
            server = listening.accept();
        }
        sockets.addAll(List.of(client, nearClient, nearServer, server));
        relay = Thread.ofVirtual().start(() -> {
            try {
                Relay.both(nearClient.getInputStream(), nearClient, nearServer, PATIENCE, (job, body) -> Thread.ofVirtual().start(body), "test");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** Whoever closed his end looks the same, and the other could keep the place of a connection that nobody uses. */
    @Test
    void aDirectionThatStandsStillBehindTheEndOfTheOtherIsEnded() throws Exception {
        client.close();

        assertThat(server.getInputStream().read()).isEqualTo(-1);
        assertThat(relay.join(Duration.ofSeconds(20))).as("the relay ended").isTrue();
        assertThat(nearServer.isClosed()).isTrue();
    }

    @Test
    void aDirectionThatMovesGoesOnBehindTheEndOfTheOther() throws Exception {
        client.shutdownOutput();
        assertThat(server.getInputStream().read()).isEqualTo(-1);
        long start = System.nanoTime();
        int[] sent = {0};

        await().pollInterval(PATIENCE.dividedBy(10)).until(() -> {
            server.getOutputStream().write(sent[0]);
            assertThat(client.getInputStream().read()).isEqualTo(sent[0]++);
            return System.nanoTime() - start > PATIENCE.multipliedBy(4).toNanos();
        });
        server.close();
        assertThat(client.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void nobodyHasToSpeakWhileBothDirectionsAreOpen() throws Exception {
        client.getOutputStream().write(1);
        assertThat(server.getInputStream().read()).isEqualTo(1);
        assertThat(relay.join(PATIENCE.multipliedBy(4))).as("the relay ended").isFalse();
        server.getOutputStream().write(2);
        assertThat(client.getInputStream().read()).isEqualTo(2);
    }

    /** Else a connection stays for ever whose other host lost its power. */
    @Test
    void bothConnectionsAreProbed() throws Exception {
        client.getOutputStream().write(1);
        assertThat(server.getInputStream().read()).isEqualTo(1);
        assertThat(nearClient.getKeepAlive()).isTrue();
        assertThat(nearServer.getKeepAlive()).isTrue();
    }
}
