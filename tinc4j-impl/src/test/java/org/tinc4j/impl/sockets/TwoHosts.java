package org.tinc4j.impl.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;

/** Client sockets are of one host, listening ones of another; both may be the same. */
interface TwoHosts {

    int PATIENCE_MILLIS = 20_000;
    int ENOUGH_TO_FILL_ALL_BUFFERS = 64 << 20;

    /** A socket of the client's side, neither bound nor connected. */
    Socket socket() throws IOException;

    /** A listening socket of the server's side that is not bound. */
    ServerSocket serverSocket() throws IOException;

    /** Where a listening socket of the server's side is to be bound: port 0. */
    InetSocketAddress serverAddress() throws IOException;

    /** How many connections are opened at once. */
    int many();

    default ServerSocket listen(int backlog) throws IOException {
        ServerSocket server = serverSocket();
        server.bind(serverAddress(), backlog);
        server.setSoTimeout(PATIENCE_MILLIS); // A platform thread in accept cannot be interrupted.
        return server;
    }

    default ServerSocket listen() throws IOException {
        return listen(50);
    }

    default InetSocketAddress of(ServerSocket server) throws IOException {
        return new InetSocketAddress(serverAddress().getAddress(), server.getLocalPort());
    }

    default Socket connect(ServerSocket server) throws IOException {
        Socket socket = socket();
        socket.connect(of(server));
        return socket;
    }

    /** Two ends of a connection. */
    record Pair(ServerSocket server, Socket near, Socket far) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            near.close();
            far.close();
            server.close();
        }
    }

    default Pair pair() throws IOException {
        ServerSocket server = listen();
        Socket near = connect(server);
        return new Pair(server, near, server.accept());
    }

    static byte[] bytes(int count, long seed) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
