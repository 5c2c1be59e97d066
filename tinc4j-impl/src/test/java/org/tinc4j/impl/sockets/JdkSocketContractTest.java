package org.tinc4j.impl.sockets;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** The JDK's own sockets keep the contract, so it demands nothing else. */
class JdkSocketContractTest extends SocketContract {

    @Override
    public Socket socket() {
        return new Socket();
    }

    @Override
    public ServerSocket serverSocket() throws java.io.IOException {
        return new ServerSocket();
    }

    @Override
    public InetSocketAddress serverAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @Override
    public int many() {
        return 1000;
    }
}
