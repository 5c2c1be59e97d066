package org.tinc4j.impl.sockets;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.tinc4j.impl.stack.HostStack;

/** Sockets over the host in this process. Any thread. */
public final class StackSockets implements SocketSource {

    private final HostStack host;
    private final MeshDirectory directory;

    /** Sockets over a host. */
    public StackSockets(HostStack host, MeshDirectory directory) {
        this.host = host;
        this.directory = directory;
    }

    @Override
    public Socket socket() throws IOException {
        return new MeshSocket(new MeshSocketImpl(host, directory), directory);
    }

    @Override
    public ServerSocket serverSocket() {
        return new MeshServerSocket(host, directory);
    }

    @Override
    public InetAddress listenAddress() {
        return TcpSocketOptions.WILDCARD;
    }

    @Override
    public DatagramSocket datagram(int port) throws IOException {
        DatagramSocket socket = new MeshDatagramSocket(host, directory);
        socket.bind(new InetSocketAddress(port));
        return socket;
    }

    @Override
    public void close() {
        host.close();
    }
}
