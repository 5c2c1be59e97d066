package org.tinc4j.impl.sockets;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Where the sockets of a node come from. Any thread. */
public interface SocketSource {

    /** A socket that resolves names of nodes and sends from the node's address; neither bound nor connected. */
    Socket socket() throws IOException;

    /** A listening socket that is not bound. */
    ServerSocket serverSocket() throws IOException;

    /** The address a listening socket is bound to where nobody says. */
    InetAddress listenAddress() throws IOException;

    /** A UDP socket bound to a port of the node's address; 0 is any free one. */
    DatagramSocket datagram(int port) throws IOException;

    /** Ends what is open. */
    void close();
}
