package org.tinc4j.impl.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.tinc4j.TransportException;
import org.tinc4j.impl.net.StreamConnection;
import org.tinc4j.impl.net.StreamListener;

/** A listening TCP socket of the system. */
final class NioListener implements StreamListener {

    private static final int BACKLOG = 128;

    private final ServerSocket socket;

    private NioListener(ServerSocket socket) {
        this.socket = socket;
    }

    static NioListener open(InetSocketAddress address) throws TransportException {
        ServerSocket socket = null;
        try {
            socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(address, BACKLOG);
            return new NioListener(socket);
        } catch (IOException e) {
            closeQuietly(socket);
            throw new TransportException(
                    "cannot listen on TCP " + address.getAddress().getHostAddress() + " port " + address.getPort() + ": "
                            + e.getMessage() + "; choose another address or port, or 0 for any free port",
                    e);
        }
    }

    @Override
    public StreamConnection accept() throws IOException {
        NioConnection connection = new NioConnection(socket.accept());
        try {
            connection.prepare();
        } catch (IOException e) {
            // It ended already; whoever reads it will see that.
            return connection;
        }
        return connection;
    }

    @Override
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    @Override
    public boolean isClosed() {
        return socket.isClosed();
    }

    @Override
    public void close() {
        closeQuietly(socket);
    }

    private static void closeQuietly(ServerSocket socket) {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // A listener has nothing to lose.
            }
        }
    }
}
