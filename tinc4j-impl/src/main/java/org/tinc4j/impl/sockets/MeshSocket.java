package org.tinc4j.impl.sockets;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;

/** A socket on the mesh that is not connected yet, or was accepted. Any thread. */
final class MeshSocket extends Socket {

    private final MeshDirectory directory;

    MeshSocket(MeshSocketImpl impl, MeshDirectory directory) throws SocketException {
        super(impl);
        this.directory = directory;
    }

    @Override
    public void connect(SocketAddress to, int timeout) throws IOException {
        super.connect(directory.resolve(to, this), timeout);
    }
}
