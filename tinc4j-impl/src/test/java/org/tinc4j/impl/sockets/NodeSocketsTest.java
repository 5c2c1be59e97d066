package org.tinc4j.impl.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.tinc4j.NodeName;
import org.tinc4j.net.MeshSockets.ProxyCredentials;

/** What the sockets of a node with a kernel interface, which could go anywhere, are kept from. */
class NodeSocketsTest {

    private static final class PlainSockets implements SocketSource {
        @Override
        public Socket socket() {
            return new Socket();
        }

        @Override
        public ServerSocket serverSocket() {
            throw new UnsupportedOperationException();
        }

        @Override
        public InetAddress listenAddress() {
            return InetAddress.getLoopbackAddress();
        }

        @Override
        public DatagramSocket datagram(int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    @Test
    void theProxyLeadsIntoTheMeshOnly() throws Exception {
        MeshDirectory nobody = new MeshDirectory("corp", new NodeName("self"), () -> null);
        NodeSockets sockets = new NodeSockets(new PlainSockets(), nobody, (job, body) -> Thread.ofVirtual().name(job).start(body));
        try (ServerSocket outside = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress proxy = sockets.proxyAddress();
            ProxyCredentials known = sockets.proxyCredentials();
            String pair = Base64.getEncoder().encodeToString((known.user() + ":" + known.password()).getBytes(StandardCharsets.US_ASCII));
            try (Socket client = new Socket(proxy.getAddress(), proxy.getPort())) {
                client.setSoTimeout(10_000);
                client.getOutputStream().write(("CONNECT 127.0.0.1:" + outside.getLocalPort()
                                + " HTTP/1.1\r\nProxy-Authorization: Basic " + pair + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));

                BufferedReader answer = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
                assertThat(answer.readLine()).isEqualTo("HTTP/1.1 502 Bad Gateway");
            }
        } finally {
            sockets.close();
        }
    }
}
