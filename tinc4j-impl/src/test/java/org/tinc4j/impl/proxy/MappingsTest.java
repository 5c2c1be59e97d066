package org.tinc4j.impl.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.tinc4j.net.PortMapping;

/** Ports that stand for others, over the system's loopback. */
class MappingsTest {

    private final Mappings mappings = new Mappings((job, body) -> Thread.ofVirtual().name(job).start(body));

    private static Socket to(PortMapping mapping) throws IOException {
        InetSocketAddress at = mapping.address();
        Socket client = new Socket(at.getAddress(), at.getPort());
        client.setSoTimeout(10_000);
        return client;
    }

    @Test
    void aConnectionIsResetWhereNothingIsBehindThePort() throws Exception {
        ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        try (PortMapping mapping = mappings.add("test", listening, () -> {
                    throw new ConnectException("Connection refused");
                });
                Socket client = to(mapping)) {
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class).hasMessage("Connection reset");
        }
    }

    /** As when the process is out of descriptors for a moment, which whoever connects to a mapping can bring about. */
    @Test
    void aMappingOutlivesAConnectionThatCouldNotBeAccepted() throws Exception {
        CompletableFuture<Boolean> asked = new CompletableFuture<>();
        ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()) {
            private boolean failed;

            @Override
            public Socket accept() throws IOException {
                if (!failed) {
                    failed = true;
                    throw new SocketException("Too many open files");
                }
                return super.accept();
            }
        };
        try (PortMapping mapping = mappings.add("test", listening, () -> {
                    asked.complete(true);
                    throw new ConnectException("Connection refused");
                });
                Socket client = to(mapping)) {
            assertThat(client.isConnected()).isTrue();
            assertThat(asked.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
