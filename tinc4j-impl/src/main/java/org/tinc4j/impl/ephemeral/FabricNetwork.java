package org.tinc4j.impl.ephemeral;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.tinc4j.TransportException;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.impl.fabric.Host;
import org.tinc4j.impl.ledger.Ledger;
import org.tinc4j.impl.net.Network;
import org.tinc4j.impl.net.StreamConnection;
import org.tinc4j.impl.net.StreamListener;
import org.tinc4j.spi.DatagramTransport;

/** The virtual network as one host has it, for the threads of a node. */
final class FabricNetwork implements Network {

    private final RealTime time;
    private final Host host;
    private final HostNames names;
    private final Ledger ledger;

    FabricNetwork(RealTime time, Host host, HostNames names, Ledger ledger) {
        this.time = time;
        this.host = host;
        this.names = names;
        this.ledger = ledger;
    }

    @Override
    public boolean ipv6Available() {
        return false;
    }

    @Override
    public StreamListener listen(InetSocketAddress address) throws TransportException {
        try {
            return new FabricListening(time, host, address.getPort(), ledger);
        } catch (IOException e) {
            throw refused("listen on TCP", address, e);
        }
    }

    @Override
    public List<DatagramTransport> udp(
            InetSocketAddress address, int receiveBufferBytes, int sendBufferBytes, DataPathOptions dataPath) throws TransportException {
        try {
            return List.of(new FabricTransport(time, host, address.getPort(), ledger));
        } catch (IOException e) {
            throw refused("bind UDP", address, e);
        }
    }

    private TransportException refused(String what, InetSocketAddress address, IOException cause) {
        return new TransportException("cannot " + what + " port " + address.getPort() + " on virtual host " + host.name() + ": "
                + cause.getMessage() + "; choose another port, or 0 for any free port", cause);
    }

    @Override
    public StreamConnection newConnection() {
        return new FabricConnection(time, host, ledger);
    }

    @Override
    public InetAddress[] lookUp(String name) throws UnknownHostException {
        return new InetAddress[] {names.lookUp(name)};
    }
}
