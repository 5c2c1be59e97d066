package org.tinc4j.impl.engine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.tinc4j.AddressFamily;
import org.tinc4j.TransportException;
import org.tinc4j.config.LinkOptions;
import org.tinc4j.config.NodeSettings;
import org.tinc4j.impl.transport.NioTransport;

/**
 * The listening sockets of a node: for each address a TCP and a UDP socket at the same port.
 *
 * <p>With port 0 one free port is taken from the first pair and tried for all others.
 */
final class Listeners {

    /** A port that is free for TCP may be taken for UDP; so many times another one is tried. */
    private static final int PORT_ATTEMPTS = 16;

    private static final int TCP_BACKLOG = 128;

    final List<ServerSocket> tcp = new ArrayList<>();
    final List<NioTransport> udp = new ArrayList<>();

    private Listeners() {}

    static Listeners open(NodeSettings settings) throws TransportException {
        List<InetSocketAddress> wanted = settings.listen().isEmpty()
                ? List.of(new InetSocketAddress(0))
                : settings.listen();
        boolean freePort = wanted.getFirst().getPort() == 0;
        TransportException last = null;
        for (int attempt = 0; attempt < (freePort ? PORT_ATTEMPTS : 1); attempt++) {
            Listeners listeners = new Listeners();
            try {
                listeners.openAll(wanted, settings.link());
                return listeners;
            } catch (TransportException e) {
                listeners.close();
                last = e;
            }
        }
        throw last;
    }

    private void openAll(List<InetSocketAddress> wanted, LinkOptions link) throws TransportException {
        int port = 0;
        for (InetSocketAddress address : wanted) {
            InetSocketAddress local = ofFamily(address, link.addressFamily());
            if (local == null) {
                throw new TransportException("listen address " + address + " is not of family " + link.addressFamily()
                        + "; change one of the two");
            }
            int here = local.getPort() != 0 ? local.getPort() : port;
            ServerSocket listener = listen(new InetSocketAddress(local.getAddress(), here));
            tcp.add(listener);
            if (port == 0) {
                port = listener.getLocalPort();
            }
            udp.add(NioTransport.open(
                    new InetSocketAddress(local.getAddress(), listener.getLocalPort()),
                    link.udpReceiveBufferBytes(),
                    link.udpSendBufferBytes()));
        }
    }

    /** The wildcard address, in whichever family it is written, stands for all of the wanted family; another must be of it. */
    private static InetSocketAddress ofFamily(InetSocketAddress address, AddressFamily family) {
        InetAddress ip = address.getAddress();
        if (ip.isAnyLocalAddress()) {
            return new InetSocketAddress(any(family == AddressFamily.IPV4 || !NioTransport.ipv6Available() ? 4 : 16), address.getPort());
        }
        return family.includes(ip) ? address : null;
    }

    private static InetAddress any(int addressBytes) {
        try {
            return InetAddress.getByAddress(new byte[addressBytes]);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of " + addressBytes + " bytes is always accepted", e);
        }
    }

    private static ServerSocket listen(InetSocketAddress address) throws TransportException {
        ServerSocket socket = null;
        try {
            socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(address, TCP_BACKLOG);
            return socket;
        } catch (IOException e) {
            closeQuietly(socket);
            throw new TransportException(
                    "cannot listen on TCP " + address.getAddress().getHostAddress() + " port " + address.getPort() + ": "
                            + e.getMessage() + "; choose another address or port, or 0 for any free port",
                    e);
        }
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

    List<InetSocketAddress> addresses() {
        return udp.stream().map(NioTransport::localAddress).toList();
    }

    int port() {
        return udp.getFirst().localAddress().getPort();
    }

    void close() {
        tcp.forEach(Listeners::closeQuietly);
        udp.forEach(NioTransport::close);
    }
}
