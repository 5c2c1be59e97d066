package org.tinc4j.impl.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import org.tinc4j.TransportException;
import org.tinc4j.impl.ledger.Ledger;
import org.tinc4j.impl.net.Network;
import org.tinc4j.impl.net.StreamConnection;
import org.tinc4j.impl.net.StreamListener;
import org.tinc4j.spi.DatagramTransport;

/** The network of this machine, by the sockets of the JDK. */
public final class NioNetwork implements Network {

    private static final int TCP_BACKLOG = 128;

    private final Ledger ledger;
    private final HostNames hostNames;

    public NioNetwork(Ledger ledger) {
        this.ledger = ledger;
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
    public DatagramTransport udp(InetSocketAddress address, int receiveBufferBytes, int sendBufferBytes) throws TransportException {
        return NioTransport.open(address, receiveBufferBytes, sendBufferBytes, ledger);
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
