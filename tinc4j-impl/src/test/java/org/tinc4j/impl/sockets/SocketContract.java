package org.tinc4j.impl.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a program may expect of TCP sockets, of the JDK's on loopback and of ours over a mesh alike.
 *
 * <p>Client sockets are of one host, listening ones of another; both may be the same.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class SocketContract {

    private static final int PATIENCE_MILLIS = 20_000;
    private static final int ENOUGH_TO_FILL_ALL_BUFFERS = 64 << 20;

    /** A socket of the client's side, neither bound nor connected. */
    abstract Socket socket() throws IOException;

    /** A listening socket of the server's side that is not bound. */
    abstract ServerSocket serverSocket() throws IOException;

    /** Where a listening socket of the server's side is to be bound: port 0. */
    abstract InetSocketAddress serverAddress() throws IOException;

    /** How many connections are opened at once, and one after the other. */
    abstract int many();

    private ServerSocket listen(int backlog) throws IOException {
        ServerSocket server = serverSocket();
        server.bind(serverAddress(), backlog);
        server.setSoTimeout(PATIENCE_MILLIS); // A platform thread in accept cannot be interrupted.
        return server;
    }

    private ServerSocket listen() throws IOException {
        return listen(50);
    }

    private InetSocketAddress of(ServerSocket server) throws IOException {
        return new InetSocketAddress(serverAddress().getAddress(), server.getLocalPort());
    }

    private Socket connect(ServerSocket server) throws IOException {
        Socket socket = socket();
        socket.connect(of(server));
        return socket;
    }

    /** Two ends of a connection. */
    private final class Pair implements AutoCloseable {
        final ServerSocket server = listen();
        final Socket near = connect(server);
        final Socket far = server.accept();

        Pair() throws IOException {}

        @Override
        public void close() throws IOException {
            near.close();
            far.close();
            server.close();
        }
    }

    private static byte[] bytes(int count, long seed) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    // ---- data ----

    @Test
    void carriesBytesBothWays() throws Exception {
        try (Pair pair = new Pair()) {
            pair.near.getOutputStream().write("question".getBytes());
            assertThat(pair.far.getInputStream().readNBytes(8)).isEqualTo("question".getBytes());
            pair.far.getOutputStream().write("answer".getBytes());
            assertThat(pair.near.getInputStream().readNBytes(6)).isEqualTo("answer".getBytes());
        }
    }

    @Test
    void knowsItsAddresses() throws Exception {
        try (Pair pair = new Pair()) {
            assertThat(pair.near.getRemoteSocketAddress()).isEqualTo(of(pair.server));
            assertThat(pair.far.getRemoteSocketAddress()).isEqualTo(pair.near.getLocalSocketAddress());
            assertThat(pair.far.getLocalPort()).isEqualTo(pair.server.getLocalPort());
            assertThat(pair.near.isConnected()).isTrue();
            assertThat(pair.far.isConnected()).isTrue();
            assertThat(pair.near.isBound()).isTrue();
        }
    }

    @Test
    void carriesALargeWriteWhole() throws Exception {
        byte[] sent = bytes(16 << 20, 1);
        try (Pair pair = new Pair()) {
            Blocking<Void> writer = Blocking.call(() -> {
                pair.near.getOutputStream().write(sent);
                pair.near.shutdownOutput();
                return null;
            });
            assertThat(pair.far.getInputStream().readAllBytes()).isEqualTo(sent);
            writer.value();
        }
    }

    @Test
    void carriesManyTinyWritesInOrder() throws Exception {
        byte[] sent = bytes(5_000, 2);
        try (Pair pair = new Pair()) {
            pair.near.setTcpNoDelay(true);
            Blocking<Void> writer = Blocking.call(() -> {
                for (byte one : sent) {
                    pair.near.getOutputStream().write(one);
                }
                pair.near.shutdownOutput();
                return null;
            });
            assertThat(pair.far.getInputStream().readAllBytes()).isEqualTo(sent);
            writer.value();
        }
    }

    @Test
    void carriesLargeWritesBothWaysAtOnce() throws Exception {
        byte[] there = bytes(4 << 20, 3);
        byte[] back = bytes(4 << 20, 4);
        try (Pair pair = new Pair()) {
            Blocking<Void> near = Blocking.call(() -> {
                pair.near.getOutputStream().write(there);
                pair.near.shutdownOutput();
                return null;
            });
            Blocking<Void> far = Blocking.call(() -> {
                pair.far.getOutputStream().write(back);
                pair.far.shutdownOutput();
                return null;
            });
            Blocking<byte[]> received = Blocking.call(() -> pair.far.getInputStream().readAllBytes());
            assertThat(pair.near.getInputStream().readAllBytes()).isEqualTo(back);
            assertThat(received.value()).isEqualTo(there);
            near.value();
            far.value();
        }
    }

    @Test
    void tellsWhatIsAvailable() throws Exception {
        try (Pair pair = new Pair()) {
            pair.near.getOutputStream().write(new byte[] {1, 2, 3});
            assertThat(pair.far.getInputStream().read()).isEqualTo(1);
            assertThat(pair.far.getInputStream().available()).isEqualTo(2);
        }
    }

    // ---- ends ----

    @Test
    void halfCloseLetsTheOtherDirectionGoOn() throws Exception {
        try (Pair pair = new Pair()) {
            pair.near.getOutputStream().write(1);
            pair.near.shutdownOutput();

            assertThat(pair.far.getInputStream().readAllBytes()).containsExactly(1);
            pair.far.getOutputStream().write(new byte[] {2, 3});
            pair.far.close();

            assertThat(pair.near.getInputStream().readAllBytes()).containsExactly(2, 3);
        }
    }

    @Test
    void refusesWritesAfterShutdownOutput() throws Exception {
        try (Pair pair = new Pair()) {
            var out = pair.near.getOutputStream();
            pair.near.shutdownOutput();

            assertThatThrownBy(() -> out.write(1)).isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> pair.near.getOutputStream())
                    .isInstanceOf(SocketException.class).hasMessage("Socket output is shutdown");
        }
    }

    @Test
    void shutdownInputEndsTheStreamForABlockedReader() throws Exception {
        try (Pair pair = new Pair()) {
            InputStream in = pair.near.getInputStream();
            Blocking<Integer> reader = Blocking.call(in::read).awaitBlocked();

            pair.near.shutdownInput();

            assertThat(reader.value()).isEqualTo(-1);
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void readsWhatWasSentBeforeTheClose() throws Exception {
        try (Pair pair = new Pair()) {
            pair.near.getOutputStream().write(bytes(100_000, 5));
            pair.near.close();

            assertThat(pair.far.getInputStream().readAllBytes()).isEqualTo(bytes(100_000, 5));
        }
    }

    @Test
    void lingerOfZeroResets() throws Exception {
        try (Pair pair = new Pair()) {
            pair.near.setSoLinger(true, 0);
            pair.near.close();

            assertThatThrownBy(() -> pair.far.getInputStream().read())
                    .isInstanceOf(SocketException.class).hasMessage("Connection reset");
        }
    }

    @Test
    void resetReachesABlockedReader() throws Exception {
        try (Pair pair = new Pair()) {
            Blocking<Integer> reader = Blocking.call(() -> pair.far.getInputStream().read()).awaitBlocked();

            pair.near.setSoLinger(true, 0);
            pair.near.close();

            assertThat(reader.failure()).isInstanceOf(SocketException.class).hasMessage("Connection reset");
        }
    }

    /**
     * The JDK sends a FIN before the RST that the system sends for unread data, so what the peer sees first is a matter of time; we only
     * reset.
     */
    @Test
    void closingWithUnreadDataEndsTheConnection() throws Exception {
        try (Pair pair = new Pair()) {
            pair.near.getOutputStream().write(new byte[100]);
            assertThat(pair.far.getInputStream().read()).isZero();
            pair.far.close();

            try {
                assertThat(pair.near.getInputStream().read()).isEqualTo(-1);
            } catch (SocketException e) {
                assertThat(e).hasMessage("Connection reset");
            }
        }
    }

    @Test
    void writesToAPeerThatIsGoneFail() throws Exception {
        try (Pair pair = new Pair()) {
            pair.far.close();

            assertThatThrownBy(() -> {
                for (int i = 0; i < 1_000_000; i++) {
                    pair.near.getOutputStream().write(new byte[1000]);
                }
            }).isInstanceOf(SocketException.class).message().isIn("Broken pipe", "Connection reset", "Connection reset by peer");
        }
    }

    @Test
    void lingerWaitsForTheLastByte() throws Exception {
        byte[] sent = bytes(1 << 20, 6);
        try (Pair pair = new Pair()) {
            Blocking<byte[]> reader = Blocking.call(() -> pair.far.getInputStream().readAllBytes());
            pair.near.setSoLinger(true, 20);
            pair.near.getOutputStream().write(sent);
            pair.near.close();

            assertThat(reader.value()).isEqualTo(sent);
        }
    }

    // ---- timeouts ----

    @Test
    void aReadTimesOutAndCanBeRepeated() throws Exception {
        try (Pair pair = new Pair()) {
            pair.far.setSoTimeout(50);
            assertThatThrownBy(() -> pair.far.getInputStream().read())
                    .isInstanceOf(SocketTimeoutException.class).hasMessage("Read timed out");

            pair.near.getOutputStream().write(7);
            pair.far.setSoTimeout(20_000);
            assertThat(pair.far.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void anAcceptTimesOutAndCanBeRepeated() throws Exception {
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
    void aConnectTimesOutWhereTheBacklogIsFull() throws Exception {
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

    // ---- connecting ----

    @Test
    void aConnectIsRefusedWhereNobodyListens() throws Exception {
        InetSocketAddress nobody;
        try (ServerSocket server = listen()) {
            nobody = of(server);
        }
        Socket socket = socket();
        assertThatThrownBy(() -> socket.connect(nobody, 10_000)).isInstanceOf(ConnectException.class).hasMessage("Connection refused");
        assertThat(socket.isClosed()).isTrue();
    }

    @Test
    void aPortIsGivenOnce() throws Exception {
        try (ServerSocket server = listen(); ServerSocket second = serverSocket()) {
            assertThatThrownBy(() -> second.bind(of(server)))
                    .isInstanceOf(BindException.class).message().startsWith("Address already in use");
        }
    }

    @Test
    void aClosedPortCanBeTakenAgain() throws Exception {
        InetSocketAddress address;
        try (ServerSocket first = listen()) {
            address = of(first);
            try (Socket near = connect(first); Socket far = first.accept()) {
                assertThat(near.getPort()).isEqualTo(far.getLocalPort());
            }
        }
        try (ServerSocket second = serverSocket()) {
            second.setReuseAddress(true);
            second.bind(address);
            try (Socket near = connect(second); Socket far = second.accept()) {
                assertThat(near.getPort()).isEqualTo(far.getLocalPort());
            }
        }
    }

    @Test
    void closingAListenerResetsWhoWaitsThere() throws Exception {
        ServerSocket server = listen();
        try (Socket near = connect(server)) {
            server.close();
            assertThatThrownBy(() -> near.getInputStream().read())
                    .isInstanceOf(SocketException.class).hasMessage("Connection reset");
        }
    }

    // ---- close while blocked ----

    @Test
    void closeReachesABlockedReader() throws Exception {
        try (Pair pair = new Pair()) {
            Blocking<Integer> reader = Blocking.call(() -> pair.near.getInputStream().read()).awaitBlocked();
            pair.near.close();
            assertThat(reader.failure()).isInstanceOf(SocketException.class).hasMessage("Socket closed");
            assertThatThrownBy(() -> pair.near.getInputStream()).isInstanceOf(SocketException.class).hasMessage("Socket is closed");
        }
    }

    @Test
    void closeReachesABlockedWriter() throws Exception {
        try (Pair pair = new Pair()) {
            Blocking<Void> writer = Blocking.<Void>call(() -> {
                pair.near.getOutputStream().write(new byte[ENOUGH_TO_FILL_ALL_BUFFERS]);
                return null;
            });
            awaitQuiet(writer);
            pair.near.close();
            assertThat(writer.failure()).isInstanceOf(SocketException.class).hasMessage("Socket closed");
        }
    }

    /** A writer parks now and then while buffers grow; it is blocked for good when it has been for a while. */
    private static void awaitQuiet(Blocking<?> writer) {
        org.awaitility.Awaitility.await().during(java.time.Duration.ofMillis(300)).atMost(java.time.Duration.ofSeconds(30)).until(() -> {
            writer.awaitBlocked();
            return true;
        });
    }

    @Test
    void closeReachesABlockedAccept() throws Exception {
        ServerSocket server = listen();
        Blocking<Socket> accept = Blocking.call(server::accept).awaitBlocked();
        server.close();
        assertThat(accept.failure()).isInstanceOf(SocketException.class).hasMessage("Socket closed");
        assertThatThrownBy(server::accept).isInstanceOf(SocketException.class).hasMessage("Socket is closed");
    }

    @Test
    void closeReachesABlockedConnect() throws Exception {
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

    // ---- interrupt ----

    @Test
    void interruptClosesTheSocketOfABlockedVirtualReader() throws Exception {
        try (Pair pair = new Pair()) {
            Blocking<Integer> reader = Blocking.call(() -> pair.near.getInputStream().read()).awaitBlocked();
            reader.interrupt();
            assertThat(reader.failure()).isInstanceOf(SocketException.class).hasMessage("Closed by interrupt");
            assertThat(pair.near.isClosed()).isTrue();
        }
    }

    @Test
    void interruptClosesTheSocketOfABlockedVirtualWriter() throws Exception {
        try (Pair pair = new Pair()) {
            Blocking<Void> writer = Blocking.<Void>call(() -> {
                pair.near.getOutputStream().write(new byte[ENOUGH_TO_FILL_ALL_BUFFERS]);
                return null;
            });
            awaitQuiet(writer);
            writer.interrupt();
            assertThat(writer.failure()).isInstanceOf(SocketException.class).hasMessage("Closed by interrupt");
            assertThat(pair.near.isClosed()).isTrue();
        }
    }

    @Test
    void interruptClosesTheListenerOfABlockedVirtualAccept() throws Exception {
        ServerSocket server = listen();
        Blocking<Socket> accept = Blocking.call(server::accept).awaitBlocked();
        accept.interrupt();
        assertThat(accept.failure()).isInstanceOf(SocketException.class).hasMessage("Closed by interrupt");
        assertThat(server.isClosed()).isTrue();
    }

    @Test
    void interruptDoesNotDisturbAPlatformThread() throws Exception {
        try (Pair pair = new Pair()) {
            Blocking<Boolean> reader = Blocking.callOnPlatform(() -> {
                Thread.currentThread().interrupt();
                assertThat(pair.near.getInputStream().read()).isEqualTo(5);
                return Thread.interrupted();
            });
            pair.far.getOutputStream().write(5);
            assertThat(reader.value()).isTrue();
            assertThat(pair.near.isClosed()).isFalse();
        }
    }

    // ---- options ----

    @Test
    void optionsAreKept() throws Exception {
        try (Pair pair = new Pair(); Socket unconnected = socket()) {
            for (Socket socket : List.of(pair.near, pair.far, unconnected)) {
                socket.setTcpNoDelay(true);
                socket.setKeepAlive(true);
                socket.setSoLinger(true, 7);
                socket.setSoTimeout(1234);
                socket.setReceiveBufferSize(32 << 10);
                socket.setSendBufferSize(32 << 10);
                assertThat(socket.getTcpNoDelay()).isTrue();
                assertThat(socket.getKeepAlive()).isTrue();
                assertThat(socket.getSoLinger()).isEqualTo(7);
                assertThat(socket.getSoTimeout()).isEqualTo(1234);
                assertThat(socket.getReceiveBufferSize()).isGreaterThanOrEqualTo(32 << 10);
                assertThat(socket.getSendBufferSize()).isGreaterThanOrEqualTo(32 << 10);
                assertThat(socket.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
                socket.setSoLinger(false, 0);
                assertThat(socket.getSoLinger()).isEqualTo(-1);
                assertThat(socket.supportedOptions()).contains(StandardSocketOptions.SO_KEEPALIVE, StandardSocketOptions.SO_LINGER);
            }
        }
    }

    @Test
    void carriesDataThroughSmallBuffers() throws Exception {
        byte[] sent = bytes(300_000, 8);
        try (ServerSocket server = serverSocket(); Socket near = socket()) {
            server.setReceiveBufferSize(4096);
            server.bind(serverAddress());
            near.setSendBufferSize(4096);
            near.connect(of(server));
            try (Socket far = server.accept()) {
                Blocking<byte[]> reader = Blocking.call(() -> far.getInputStream().readAllBytes());
                near.getOutputStream().write(sent);
                near.shutdownOutput();
                assertThat(reader.value()).isEqualTo(sent);
            }
        }
    }

    // ---- many ----

    @Test
    void manyEchoAtOnceOnVirtualThreads() throws Exception {
        try (ServerSocket server = listen(many())) {
            Blocking<Void> accepting = Blocking.call(() -> {
                for (int i = 0; i < many(); i++) {
                    Socket far = server.accept();
                    Thread.ofVirtual().start(() -> echo(far));
                }
                return null;
            });
            List<Blocking<byte[]>> calls = new ArrayList<>();
            for (int i = 0; i < many(); i++) {
                byte[] said = bytes(1000, i);
                calls.add(Blocking.call(() -> {
                    try (Socket near = connect(server)) {
                        near.getOutputStream().write(said);
                        near.shutdownOutput();
                        return near.getInputStream().readAllBytes();
                    }
                }));
            }
            for (int i = 0; i < many(); i++) {
                assertThat(calls.get(i).value()).isEqualTo(bytes(1000, i));
            }
            accepting.value();
        }
    }

    private static void echo(Socket far) {
        try (far) {
            far.getInputStream().transferTo(far.getOutputStream());
        } catch (IOException e) {
            // The other end sees it too, and fails the test.
        }
    }

    @Test
    void manyAreOpenedAndClosedOneAfterTheOther() throws Exception {
        try (ServerSocket server = listen()) {
            for (int i = 0; i < many(); i++) {
                try (Socket near = connect(server); Socket far = server.accept()) {
                    near.getOutputStream().write(i);
                    assertThat(far.getInputStream().read()).isEqualTo(i & 0xff);
                }
            }
        }
    }
}
