package org.tinc4j.impl.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import org.tinc4j.impl.ledger.Ledger;
import org.tinc4j.impl.net.StreamConnection;

/** A TCP socket of the JDK. On a virtual thread its calls park and give the carrier back. */
final class NioConnection implements StreamConnection {

    private final Socket socket;
    private final Ledger.Lease lease;

    /** A closed socket forgets its own address. */
    private volatile InetSocketAddress local;

    private volatile InetSocketAddress remote;

    private NioConnection(Socket socket, Ledger.Lease lease) {
        this.socket = socket;
        this.lease = lease;
    }

    static NioConnection unconnected(Ledger ledger) {
        return new NioConnection(new Socket(), ledger.take("socket", "TCP connection dialled from here"));
    }

    /** @param socket connected; taken */
    static NioConnection accepted(Socket socket, Ledger ledger) {
        NioConnection connection = new NioConnection(
                socket, ledger.take("socket", "TCP connection from " + socket.getRemoteSocketAddress()));
        connection.connected();
        return connection;
    }

    private void connected() {
        remote = (InetSocketAddress) socket.getRemoteSocketAddress();
        local = (InetSocketAddress) socket.getLocalSocketAddress();
        try {
            // A request is a small record, and the next one waits for nobody.
            socket.setTcpNoDelay(true);
        } catch (SocketException e) {
            // It ended meanwhile, here or there; the first read says so.
        }
    }

    @Override
    public void connect(InetSocketAddress to, int timeoutMillis) throws IOException {
        socket.connect(to, timeoutMillis);
        connected();
    }

    @Override
    public InetSocketAddress remote() {
        return remote;
    }

    @Override
    public InetSocketAddress local() {
        return local;
    }

    @Override
    public int read(byte[] into) throws IOException {
        return socket.getInputStream().read(into);
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // Whoever reads or writes sees the closed socket; there is nobody else to tell.
        }
        lease.close();
    }
}
