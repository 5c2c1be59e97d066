package org.tinc4j.interop;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import org.tinc4j.TincNode;

/** The sockets of one TCP/IP stack. */
interface StackSockets {

    /** One that is not connected. */
    Socket socket() throws IOException;

    /** One that listens. */
    ServerSocket server(int port) throws IOException;

    /** One for datagrams; port 0 is any. */
    DatagramSocket datagram(int port) throws IOException;

    /** Those of this host's kernel. */
    static StackSockets ofKernel() {
        return new StackSockets() {
            @Override
            public Socket socket() {
                return new Socket();
            }

            @Override
            public ServerSocket server(int port) throws IOException {
                return new ServerSocket(port);
            }

            @Override
            public DatagramSocket datagram(int port) throws IOException {
                return new DatagramSocket(port);
            }
        };
    }

    /** Those of a node. */
    static StackSockets of(TincNode node) {
        return new StackSockets() {
            @Override
            public Socket socket() throws IOException {
                return node.socketFactory().createSocket();
            }

            @Override
            public ServerSocket server(int port) throws IOException {
                return node.listen(port);
            }

            @Override
            public DatagramSocket datagram(int port) throws IOException {
                return node.datagram(port);
            }
        };
    }
}
