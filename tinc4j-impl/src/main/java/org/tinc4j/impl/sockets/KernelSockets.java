package org.tinc4j.impl.sockets;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;

/**
 * The system's own sockets, bound to the node's address, over a kernel interface that has it.
 *
 * <p><b>Threads.</b> Any.
 *
 * <p><b>Ownership.</b> The caller's; they outlive the node unless the caller closes them.
 */
public final class KernelSockets implements SocketSource {

    private final MeshDirectory directory;

    /** Sockets of the system. */
    public KernelSockets(MeshDirectory directory) {
        this.directory = directory;
    }

    @Override
    public Socket socket() {
        return new KernelSocket(directory);
    }

    @Override
    public ServerSocket serverSocket() throws IOException {
        return new ServerSocket();
    }

    /** Not the wildcard, which would take connections of the host's other networks too. */
    @Override
    public InetAddress listenAddress() throws IOException {
        return directory.ownAddresses().stream()
                .findFirst()
                .orElseThrow(() -> new SocketException("Cannot assign requested address: the node owns no subnet; call Builder.subnet"));
    }

    @Override
    public DatagramSocket datagram(int port) throws IOException {
        return new DatagramSocket(new InetSocketAddress(listenAddress(), port));
    }

    @Override
    public void close() {
        // They are the caller's, and the system's.
    }

    /** A socket of the system's that knows the mesh's names and sends from the node's address. */
    private static final class KernelSocket extends Socket {

        private final MeshDirectory directory;

        KernelSocket(MeshDirectory directory) {
            this.directory = directory;
        }

        @Override
        public void connect(SocketAddress to, int timeout) throws IOException {
            SocketAddress found = directory.resolve(to, this);
            if (!isBound() && found instanceof InetSocketAddress remote) {
                bind(new InetSocketAddress(directory.sourceFor(remote.getAddress()), 0));
            }
            super.connect(found, timeout);
        }
    }
}
