package org.tinc4j.impl.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Sockets between two nodes in one JVM, over IPv4. */
class MeshSocketContractV4Test extends SocketContract {

    private static TwoNodes nodes;

    @BeforeAll
    static void start() throws Exception {
        nodes = TwoNodes.start();
    }

    @AfterAll
    static void stop() {
        nodes.close();
    }

    @Override
    Socket socket() throws IOException {
        return nodes.near.socketFactory().createSocket();
    }

    @Override
    ServerSocket serverSocket() throws IOException {
        return nodes.far.serverSocketFactory().createServerSocket();
    }

    @Override
    InetSocketAddress serverAddress() {
        return new InetSocketAddress(TwoNodes.address("10.8.0.2"), 0);
    }

    @Override
    int many() {
        return 1000;
    }
}
