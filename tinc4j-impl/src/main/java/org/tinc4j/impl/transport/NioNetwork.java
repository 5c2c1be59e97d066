package org.tinc4j.impl.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tinc4j.TransportException;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.impl.ledger.Ledger;
import org.tinc4j.impl.net.Network;
import org.tinc4j.impl.net.StreamConnection;
import org.tinc4j.impl.net.StreamListener;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.TransportProvider;

/** The network of this machine: TCP by the sockets of the JDK, UDP too where the platform has nothing better. */
public final class NioNetwork implements Network {

    private static final int TCP_BACKLOG = 128;

    private final Ledger ledger;
    private final Optional<TransportProvider> platform;
    private final HostNames hostNames;

    /**
     * The network of this machine.
     *
     * @param ledger where its sockets are accounted
     * @param platform where UDP sockets come from; empty takes those of the JDK
     */
    public NioNetwork(Ledger ledger, Optional<TransportProvider> platform) {
        this.ledger = ledger;
        this.platform = platform;
        this.hostNames = new HostNames(ledger);
    }

    @Override
    public StreamListener listen(InetSocketAddress address) throws TransportException {
        ServerSocket socket = null;
        try {
            socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(address, TCP_BACKLOG);
            return new NioListener(socket, ledger);
        } catch (IOException e) {
            NioListener.closeQuietly(socket);
            throw new TransportException(
                    "cannot listen on TCP " + address.getAddress().getHostAddress() + " port " + address.getPort() + ": "
                            + e.getMessage() + "; choose another address or port, or 0 for any free port",
                    e);
        }
    }

    @Override
    public List<DatagramTransport> udp(
            InetSocketAddress address, int receiveBufferBytes, int sendBufferBytes, DataPathOptions dataPath) throws TransportException {
        if (platform.isEmpty()) {
            return List.of(NioTransport.open(address, receiveBufferBytes, sendBufferBytes, ledger));
        }
        List<DatagramTransport> accounted = new ArrayList<>();
        for (DatagramTransport transport : platform.get().open(address, receiveBufferBytes, sendBufferBytes, dataPath)) {
            accounted.add(new AccountedTransport(transport, ledger));
        }
        return accounted;
    }

    @Override
    public StreamConnection newConnection() {
        return NioConnection.unconnected(ledger);
    }

    @Override
    public InetAddress[] lookUp(String host) throws UnknownHostException, InterruptedException {
        return hostNames.lookUp(host);
    }

    @Override
    public boolean ipv6Available() {
        return NioTransport.ipv6Available();
    }
}
