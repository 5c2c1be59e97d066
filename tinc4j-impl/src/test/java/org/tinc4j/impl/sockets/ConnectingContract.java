package org.tinc4j.impl.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a program may expect of connecting, of ports, and of many connections. */
interface ConnectingContract extends TwoHosts {

    /** Of a connection in TIME_WAIT, at most; both ends may be, and both in this JVM. The system's are not in the heap. */
    int REMEMBERED_BYTES = 10 << 10;

    /** For buffers of packets, and whatever else the JVM has come to hold meanwhile. */
    int ROOM_BYTES = 32 << 20;

    @Test
    default void aConnectIsRefusedWhereNobodyListens() throws Exception {
        InetSocketAddress nobody;
        try (ServerSocket server = listen()) {
            nobody = of(server);
        }
        Socket socket = socket();
        assertThatThrownBy(() -> socket.connect(nobody, 10_000)).isInstanceOf(ConnectException.class).hasMessage("Connection refused");
        assertThat(socket.isClosed()).isTrue();
    }

    @Test
    default void aPortIsGivenOnce() throws Exception {
        try (ServerSocket server = listen(); ServerSocket second = serverSocket()) {
            assertThatThrownBy(() -> second.bind(of(server)))
                    .isInstanceOf(BindException.class).message().startsWith("Address already in use");
        }
    }

    @Test
    default void aClosedPortCanBeTakenAgain() throws Exception {
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
    default void closingAListenerResetsWhoWaitsThere() throws Exception {
        ServerSocket server = listen();
        try (Socket near = connect(server)) {
            server.close();
            assertThatThrownBy(() -> near.getInputStream().read())
                    .isInstanceOf(SocketException.class).hasMessage("Connection reset");
        }
    }

    @Test
    default void manyEchoAtOnceOnVirtualThreads() throws Exception {
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
                byte[] said = TwoHosts.bytes(1000, i);
                calls.add(Blocking.call(() -> {
                    try (Socket near = connect(server)) {
                        near.getOutputStream().write(said);
                        near.shutdownOutput();
                        return near.getInputStream().readAllBytes();
                    }
                }));
            }
            for (int i = 0; i < many(); i++) {
                assertThat(calls.get(i).value()).isEqualTo(TwoHosts.bytes(1000, i));
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

    /** They leave nothing behind but what has to be remembered for a while. {@code -Dsockets.opened=10000} makes more of them. */
    @Test
    default void manyAreOpenedAndClosedOneAfterTheOther() throws Exception {
        int count = Integer.getInteger("sockets.opened", 1000);
        try (ServerSocket server = listen()) {
            long before = usedBytes();
            long start = System.nanoTime();
            for (int i = 0; i < count; i++) {
                try (Socket near = connect(server); Socket far = server.accept()) {
                    near.getOutputStream().write(i);
                    assertThat(far.getInputStream().read()).isEqualTo(i & 0xff);
                }
            }
            long millis = (System.nanoTime() - start) / 1_000_000;
            long after = usedBytes();
            System.out.printf("%d connections opened and closed in %d ms; used heap %d KiB before, %d KiB after%n",
                    count, millis, before >> 10, after >> 10);
            assertThat(after - before).as("more heap in use").isLessThan(ROOM_BYTES + count * (long) REMEMBERED_BYTES);
        }
    }

    private static long usedBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
