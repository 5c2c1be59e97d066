package org.tinc4j.interop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;
import org.tinc4j.TincNode;

/** The node's sockets for a library that wants the name of a class: the PostgreSQL driver makes one by its constructor without arguments. */
public final class NodeSocketFactory extends SocketFactory {

    private static volatile SocketFactory sockets;

    /** Says whose sockets it gives. */
    static void use(TincNode node) {
        sockets = node.socketFactory();
    }

    @Override
    public Socket createSocket() throws IOException {
        return sockets.createSocket();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return sockets.createSocket(host, port);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return sockets.createSocket(host, port, localHost, localPort);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return sockets.createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) throws IOException {
        return sockets.createSocket(address, port, localAddress, localPort);
    }
}
