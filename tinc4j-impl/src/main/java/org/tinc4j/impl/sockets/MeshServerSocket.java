package org.tinc4j.impl.sockets;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import org.tinc4j.impl.stack.HostStack;

/** A listening socket on the mesh. Any thread. */
final class MeshServerSocket extends ServerSocket {

    private final HostStack host;
    private final MeshDirectory directory;

    MeshServerSocket(HostStack host, MeshDirectory directory) {
        super(new MeshSocketImpl(host, directory));
        this.host = host;
        this.directory = directory;
    }

    /** The JDK's own would make a socket of the system's. */
    @Override
    public Socket accept() throws IOException {
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
        if (!isBound()) {
            throw new SocketException("Socket is not bound yet");
        }
        MeshSocket accepted = new MeshSocket(new MeshSocketImpl(host, directory), directory);
        implAccept(accepted);
        return accepted;
    }
}
