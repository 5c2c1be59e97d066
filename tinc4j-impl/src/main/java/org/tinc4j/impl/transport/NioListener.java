package org.tinc4j.impl.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.tinc4j.impl.ledger.Ledger;
import org.tinc4j.impl.net.StreamConnection;
import org.tinc4j.impl.net.StreamListener;

/** A listening TCP socket of the JDK. */
final class NioListener implements StreamListener {

    private final ServerSocket socket;
    private final InetSocketAddress local;
    private final Ledger ledger;
    private final Ledger.Lease lease;

    /** @param socket bound; taken */
    NioListener(ServerSocket socket, Ledger ledger) {
        this.socket = socket;
        this.local = (InetSocketAddress) socket.getLocalSocketAddress();
        this.ledger = ledger;
        this.lease = ledger.take("socket", "TCP listener " + local);
    }

    @Override
    public StreamConnection accept() throws IOException {
        return NioConnection.accepted(socket.accept(), ledger);
    }

    @Override
    public InetSocketAddress localAddress() {
        return local;
    }

    @Override
    public boolean isClosed() {
        return socket.isClosed();
    }

    @Override
    public void close() {
        closeQuietly(socket);
        lease.close();
    }

    static void closeQuietly(ServerSocket socket) {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // A listener has nothing to lose.
            }
        }
    }
}
