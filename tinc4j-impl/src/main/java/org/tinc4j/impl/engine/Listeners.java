package org.tinc4j.impl.engine;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.tinc4j.AddressFamily;
import org.tinc4j.TransportException;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.config.LinkOptions;
import org.tinc4j.config.NodeSettings;
import org.tinc4j.impl.net.Network;
import org.tinc4j.impl.net.StreamListener;
import org.tinc4j.spi.DatagramTransport;

/**
 * The listening sockets of a node: for each address a TCP and a UDP socket at the same port.
 *
 * <p>With port 0 one free port is taken from the first pair and tried for all others.
 */
final class Listeners {

    /** A port that is free for TCP may be taken for UDP; so many times another one is tried. */
    private static final int PORT_ATTEMPTS = 16;

    final List<StreamListener> tcp = new ArrayList<>();
    final List<DatagramTransport> udp = new ArrayList<>();

    private final Network network;

    private Listeners(Network network) {
        this.network = network;
    }

    static Listeners open(NodeSettings settings, Network network) throws TransportException {
        List<InetSocketAddress> wanted = settings.listen().isEmpty()
                ? List.of(new InetSocketAddress(0))
                : settings.listen();
        boolean freePort = wanted.getFirst().getPort() == 0;
        TransportException last = null;
        for (int attempt = 0; attempt < (freePort ? PORT_ATTEMPTS : 1); attempt++) {
            Listeners listeners = new Listeners(network);
            try {
                listeners.openAll(wanted, settings.link(), settings.dataPath());
                return listeners;
            } catch (TransportException e) {
                listeners.close();
                last = e;
            } catch (RuntimeException | Error e) {
                listeners.close();
                throw e;
            }
        }
        throw last;
    }

    private void openAll(List<InetSocketAddress> wanted, LinkOptions link, DataPathOptions dataPath) throws TransportException {
        int port = 0;
        for (InetSocketAddress address : wanted) {
            InetSocketAddress local = ofFamily(address, link.addressFamily());
            if (local == null) {
                throw new TransportException("listen address " + address + " is not of family " + link.addressFamily()
                        + "; change one of the two");
            }
            int here = local.getPort() != 0 ? local.getPort() : port;
            StreamListener listener = network.listen(new InetSocketAddress(local.getAddress(), here));
            tcp.add(listener);
            if (port == 0) {
                port = listener.localAddress().getPort();
            }
            udp.addAll(network.udp(
                    new InetSocketAddress(local.getAddress(), listener.localAddress().getPort()),
                    link.udpReceiveBufferBytes(),
                    link.udpSendBufferBytes(),
                    dataPath));
        }
    }

    /** The wildcard address, in whichever family it is written, stands for all of the wanted family; another must be of it. */
    private InetSocketAddress ofFamily(InetSocketAddress address, AddressFamily family) {
        InetAddress ip = address.getAddress();
        if (ip.isAnyLocalAddress()) {
            return new InetSocketAddress(any(family == AddressFamily.IPV4 || !network.ipv6Available() ? 4 : 16), address.getPort());
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

    List<InetSocketAddress> addresses() {
        return udp.stream().map(DatagramTransport::localAddress).distinct().toList();
    }

    int port() {
        return udp.getFirst().localAddress().getPort();
    }

    void close() {
        tcp.forEach(StreamListener::close);
        udp.forEach(DatagramTransport::close);
    }
}
