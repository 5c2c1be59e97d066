package org.tinc4j.impl.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a program may expect of what goes through a connection, and of its options. */
interface DataContract extends TwoHosts {

    @Test
    default void carriesBytesBothWays() throws Exception {
        try (Pair pair = pair()) {
            pair.near().getOutputStream().write("question".getBytes());
            assertThat(pair.far().getInputStream().readNBytes(8)).isEqualTo("question".getBytes());
            pair.far().getOutputStream().write("answer".getBytes());
            assertThat(pair.near().getInputStream().readNBytes(6)).isEqualTo("answer".getBytes());
        }
    }

    @Test
    default void knowsItsAddresses() throws Exception {
        try (Pair pair = pair()) {
            assertThat(pair.near().getRemoteSocketAddress()).isEqualTo(of(pair.server()));
            assertThat(pair.far().getRemoteSocketAddress()).isEqualTo(pair.near().getLocalSocketAddress());
            assertThat(pair.far().getLocalPort()).isEqualTo(pair.server().getLocalPort());
            assertThat(pair.near().isConnected()).isTrue();
            assertThat(pair.far().isConnected()).isTrue();
            assertThat(pair.near().isBound()).isTrue();
        }
    }

    @Test
    default void carriesALargeWriteWhole() throws Exception {
        byte[] sent = TwoHosts.bytes(16 << 20, 1);
        try (Pair pair = pair()) {
            Blocking<Void> writer = Blocking.call(() -> {
                pair.near().getOutputStream().write(sent);
                pair.near().shutdownOutput();
                return null;
            });
            assertThat(pair.far().getInputStream().readAllBytes()).isEqualTo(sent);
            writer.value();
        }
    }

    @Test
    default void carriesManyTinyWritesInOrder() throws Exception {
        byte[] sent = TwoHosts.bytes(5_000, 2);
        try (Pair pair = pair()) {
            pair.near().setTcpNoDelay(true);
            Blocking<Void> writer = Blocking.call(() -> {
                for (byte one : sent) {
                    pair.near().getOutputStream().write(one);
                }
                pair.near().shutdownOutput();
                return null;
            });
            assertThat(pair.far().getInputStream().readAllBytes()).isEqualTo(sent);
            writer.value();
        }
    }

    @Test
    default void carriesLargeWritesBothWaysAtOnce() throws Exception {
        byte[] there = TwoHosts.bytes(4 << 20, 3);
        byte[] back = TwoHosts.bytes(4 << 20, 4);
        try (Pair pair = pair()) {
            Blocking<Void> near = Blocking.call(() -> {
                pair.near().getOutputStream().write(there);
                pair.near().shutdownOutput();
                return null;
            });
            Blocking<Void> far = Blocking.call(() -> {
                pair.far().getOutputStream().write(back);
                pair.far().shutdownOutput();
                return null;
            });
            Blocking<byte[]> received = Blocking.call(() -> pair.far().getInputStream().readAllBytes());
            assertThat(pair.near().getInputStream().readAllBytes()).isEqualTo(back);
            assertThat(received.value()).isEqualTo(there);
            near.value();
            far.value();
        }
    }

    @Test
    default void tellsWhatIsAvailable() throws Exception {
        try (Pair pair = pair()) {
            pair.near().getOutputStream().write(new byte[] {1, 2, 3});
            assertThat(pair.far().getInputStream().read()).isEqualTo(1);
            assertThat(pair.far().getInputStream().available()).isEqualTo(2);
        }
    }

    @Test
    default void carriesDataThroughSmallBuffers() throws Exception {
        byte[] sent = TwoHosts.bytes(300_000, 8);
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

    @Test
    default void optionsAreKept() throws Exception {
        try (Pair pair = pair(); Socket unconnected = socket()) {
            for (Socket socket : List.of(pair.near(), pair.far(), unconnected)) {
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
}
