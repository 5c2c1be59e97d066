package org.tinc4j.impl.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a program may expect of calls that block: they time out, and closing or interrupting ends them. */
interface BlockingContract extends TwoHosts {

    @Test
    default void aReadTimesOutAndCanBeRepeated() throws Exception {
        try (Pair pair = pair()) {
            pair.far().setSoTimeout(50);
            assertThatThrownBy(() -> pair.far().getInputStream().read())
                    .isInstanceOf(SocketTimeoutException.class).hasMessage("Read timed out");

            pair.near().getOutputStream().write(7);
            pair.far().setSoTimeout(20_000);
            assertThat(pair.far().getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    default void anAcceptTimesOutAndCanBeRepeated() throws Exception {
        try (ServerSocket server = listen()) {
            server.setSoTimeout(50);
            assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class).hasMessage("Accept timed out");

            server.setSoTimeout(20_000);
            try (Socket near = connect(server); Socket far = server.accept()) {
                assertThat(far.getPort()).isEqualTo(near.getLocalPort());
            }
        }
    }

    @Test
    default void aConnectTimesOutWhereTheBacklogIsFull() throws Exception {
        List<Socket> filling = new ArrayList<>();
        try (ServerSocket server = listen(1)) {
            assertThatThrownBy(() -> {
                for (int i = 0; i < 100; i++) {
                    Socket socket = socket();
                    filling.add(socket);
                    socket.connect(of(server), 500);
                }
            }).isInstanceOf(SocketTimeoutException.class).hasMessage("Connect timed out");
            assertThat(filling.getLast().isClosed()).isTrue();
            assertThat(filling.size()).isLessThan(10);
        } finally {
            for (Socket socket : filling) {
                socket.close();
            }
        }
    }

    @Test
    default void closeReachesABlockedReader() throws Exception {
        try (Pair pair = pair()) {
            Blocking<Integer> reader = Blocking.call(() -> pair.near().getInputStream().read()).awaitBlocked();
            pair.near().close();
            assertThat(reader.failure()).isInstanceOf(SocketException.class).hasMessage("Socket closed");
            assertThatThrownBy(() -> pair.near().getInputStream()).isInstanceOf(SocketException.class).hasMessage("Socket is closed");
        }
    }

    @Test
    default void closeReachesABlockedWriter() throws Exception {
        try (Pair pair = pair()) {
            Blocking<Void> writer = Blocking.<Void>call(() -> {
                pair.near().getOutputStream().write(new byte[ENOUGH_TO_FILL_ALL_BUFFERS]);
                return null;
            });
            awaitQuiet(writer);
            pair.near().close();
            assertThat(writer.failure()).isInstanceOf(SocketException.class).hasMessage("Socket closed");
        }
    }

    /** A writer parks now and then while buffers grow; it is blocked for good when it has been for a while. */
    private static void awaitQuiet(Blocking<?> writer) {
        await().during(Duration.ofMillis(300)).atMost(Duration.ofSeconds(30)).until(() -> {
            writer.awaitBlocked();
            return true;
        });
    }

    @Test
    default void closeReachesABlockedAccept() throws Exception {
        ServerSocket server = listen();
        Blocking<Socket> accept = Blocking.call(server::accept).awaitBlocked();
        server.close();
        assertThat(accept.failure()).isInstanceOf(SocketException.class).hasMessage("Socket closed");
        assertThatThrownBy(server::accept).isInstanceOf(SocketException.class).hasMessage("Socket is closed");
    }

    @Test
    default void closeReachesABlockedConnect() throws Exception {
        List<Socket> filling = new ArrayList<>();
        try (ServerSocket server = listen(1)) {
            Socket last = null;
            Blocking<Void> connecting = null;
            for (int i = 0; i < 10 && connecting == null; i++) {
                Socket socket = socket();
                filling.add(socket);
                try {
                    socket.connect(of(server), 500);
                } catch (SocketTimeoutException e) {
                    last = socket();
                    filling.add(last);
                    Socket blocked = last;
                    connecting = Blocking.<Void>call(() -> {
                        blocked.connect(of(server));
                        return null;
                    }).awaitBlocked();
                }
            }
            last.close();
            assertThat(connecting.failure()).isInstanceOf(SocketException.class).message().isIn("Socket closed", "Closed by interrupt");
        } finally {
            for (Socket socket : filling) {
                socket.close();
            }
        }
    }

    @Test
    default void interruptClosesTheSocketOfABlockedVirtualReader() throws Exception {
        try (Pair pair = pair()) {
            Blocking<Integer> reader = Blocking.call(() -> pair.near().getInputStream().read()).awaitBlocked();
            reader.interrupt();
            assertThat(reader.failure()).isInstanceOf(SocketException.class).hasMessage("Closed by interrupt");
            assertThat(pair.near().isClosed()).isTrue();
        }
    }

    @Test
    default void interruptClosesTheSocketOfABlockedVirtualWriter() throws Exception {
        try (Pair pair = pair()) {
            Blocking<Void> writer = Blocking.<Void>call(() -> {
                pair.near().getOutputStream().write(new byte[ENOUGH_TO_FILL_ALL_BUFFERS]);
                return null;
            });
            awaitQuiet(writer);
            writer.interrupt();
            assertThat(writer.failure()).isInstanceOf(SocketException.class).hasMessage("Closed by interrupt");
            assertThat(pair.near().isClosed()).isTrue();
        }
    }

    @Test
    default void interruptClosesTheListenerOfABlockedVirtualAccept() throws Exception {
        ServerSocket server = listen();
        Blocking<Socket> accept = Blocking.call(server::accept).awaitBlocked();
        accept.interrupt();
        assertThat(accept.failure()).isInstanceOf(SocketException.class).hasMessage("Closed by interrupt");
        assertThat(server.isClosed()).isTrue();
    }

    @Test
    default void interruptDoesNotDisturbAPlatformThread() throws Exception {
        try (Pair pair = pair()) {
            Blocking<Boolean> reader = Blocking.callOnPlatform(() -> {
                Thread.currentThread().interrupt();
                assertThat(pair.near().getInputStream().read()).isEqualTo(5);
                return Thread.interrupted();
            });
            pair.far().getOutputStream().write(5);
            assertThat(reader.value()).isTrue();
            assertThat(pair.near().isClosed()).isFalse();
        }
    }
}
