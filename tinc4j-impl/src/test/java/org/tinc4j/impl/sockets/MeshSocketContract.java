package org.tinc4j.impl.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Sockets between two nodes in one JVM. */
abstract class MeshSocketContract extends SocketContract {

    private static TwoNodes nodes;

    @BeforeAll
    static void start() throws Exception {
        nodes = TwoNodes.start();
    }

    /** Of the node that listens. */
    abstract String farAddress();

    @AfterAll
    static void stop() {
        nodes.close();
    }

    @Override
    public Socket socket() throws IOException {
        return nodes.near.socketFactory().createSocket();
    }

    @Override
    public ServerSocket serverSocket() throws IOException {
        return nodes.far.serverSocketFactory().createServerSocket();
    }

    @Override
    public InetSocketAddress serverAddress() {
        return new InetSocketAddress(TwoNodes.address(farAddress()), 0);
    }

    @Override
    public int many() {
        return 1000;
    }
}
