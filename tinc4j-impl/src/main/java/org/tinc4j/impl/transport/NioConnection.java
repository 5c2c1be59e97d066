package org.tinc4j.impl.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.tinc4j.impl.net.StreamConnection;

/** A TCP socket of the system. On a virtual thread the JDK parks whoever waits and gives the carrier back. */
final class NioConnection implements StreamConnection {

    private final Socket socket;

    NioConnection(Socket socket) {
        this.socket = socket;
    }

    @Override
    public void connect(InetSocketAddress remote, int timeoutMillis) throws IOException {
        socket.connect(remote, timeoutMillis);
        prepare();
    }

    /** Requests are small and answered one by one: none shall wait to be sent together with the next. */
    void prepare() throws IOException {
        socket.setTcpNoDelay(true);
    }

    @Override
    public InetSocketAddress remote() {
        return (InetSocketAddress) socket.getRemoteSocketAddress();
    }

    @Override
    public InetSocketAddress local() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
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
            // Reader and writer see the closed socket; there is nobody else to tell.
        }
    }
}
