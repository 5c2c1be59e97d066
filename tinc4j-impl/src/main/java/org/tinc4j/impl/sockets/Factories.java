package org.tinc4j.impl.sockets;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;

/** Factories of {@code javax.net} over a node's sockets. Any thread. */
final class Factories {

    private Factories() {}

    /** Client sockets. */
    static final class Clients extends SocketFactory {

        private final SocketSource source;

        Clients(SocketSource source) {
            this.source = source;
        }

        @Override
        public Socket createSocket() throws IOException {
            return source.socket();
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return connect(InetSocketAddress.createUnresolved(host, port), null);
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
            return connect(InetSocketAddress.createUnresolved(host, port), new InetSocketAddress(local, localPort));
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return connect(new InetSocketAddress(host, port), null);
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
            return connect(new InetSocketAddress(host, port), new InetSocketAddress(local, localPort));
        }

        private Socket connect(InetSocketAddress to, InetSocketAddress from) throws IOException {
            Socket socket = source.socket();
            try {
                if (from != null) {
                    socket.bind(from);
                }
                socket.connect(to);
                return socket;
            } catch (IOException | RuntimeException e) {
                socket.close();
                throw e;
            }
        }
    }

    /** Listening sockets. */
    static final class Servers extends ServerSocketFactory {

        private final SocketSource source;

        Servers(SocketSource source) {
            this.source = source;
        }

        @Override
        public ServerSocket createServerSocket() throws IOException {
            return source.serverSocket();
        }

        @Override
        public ServerSocket createServerSocket(int port) throws IOException {
            return createServerSocket(port, 0);
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog) throws IOException {
            return createServerSocket(port, backlog, source.listenAddress());
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog, InetAddress address) throws IOException {
            ServerSocket socket = source.serverSocket();
            try {
                socket.bind(new InetSocketAddress(address, port), backlog);
                return socket;
            } catch (IOException | RuntimeException e) {
                socket.close();
                throw e;
            }
        }
    }
}
