package org.tinc4j.impl.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tinc4j.NodeName;
import org.tinc4j.impl.route.RoutingTable;

/** What a node with a kernel interface gives. Loopback stands for the interface: the node owns its address. */
class KernelSocketContractTest extends SocketContract {

    private final RoutingTable table = Tables.of(List.of(Map.entry("self", List.of("127.0.0.1"))));
    private final KernelSockets source = new KernelSockets(new MeshDirectory("corp", new NodeName("self"), () -> table));

    @Override
    public Socket socket() {
        return source.socket();
    }

    @Override
    public ServerSocket serverSocket() throws IOException {
        return source.serverSocket();
    }

    @Override
    public InetSocketAddress serverAddress() {
        return new InetSocketAddress(TwoNodes.address("127.0.0.1"), 0);
    }

    @Override
    public int many() {
        return 200;
    }

    @Test
    void resolvesNamesAndSendsFromTheNodesAddress() throws Exception {
        InetAddress own = TwoNodes.address("127.0.0.1");
        try (ServerSocket server = new Factories.Servers(source).createServerSocket(0);
                Socket near = new Factories.Clients(source).createSocket("self.corp", server.getLocalPort());
                Socket far = server.accept()) {
            assertThat(server.getInetAddress()).isEqualTo(own);
            assertThat(near.getLocalAddress()).isEqualTo(own);
            assertThat(far.getInetAddress()).isEqualTo(own);
        }
    }
}
