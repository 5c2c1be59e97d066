package org.tinc4j.impl.fabric;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** A machine on the network, with one interface and one address. */
public final class Host {

    private final Fabric fabric;
    private final String name;
    private final InetAddress address;
    private final Optional<NatBox> nat;

    Host(Fabric fabric, String name, InetAddress address, Optional<NatBox> nat) {
        this.fabric = fabric;
        this.name = name;
        this.address = address;
        this.nat = nat;
    }

    /** As it was given. */
    public String name() {
        return name;
    }

    /** Its only address; a private one behind a NAT box. */
    public InetAddress address() {
        return address;
    }

    /** The box it is behind. */
    public Optional<NatBox> nat() {
        return nat;
    }

    /** Whether it has power. */
    public boolean isUp() {
        throw new UnsupportedOperationException(fabric.toString());
    }

    /** The MTU of its own interface, which {@link FabricUdp#send} knows; 1500 unless changed. */
    public int interfaceMtuBytes() {
        throw new UnsupportedOperationException();
    }

    /** Changes the MTU of its own interface; 576 to 65535. */
    public void interfaceMtuBytes(int bytes) {
        throw new UnsupportedOperationException();
    }

    /**
     * Opens a UDP socket.
     *
     * @param port 0 for any free one
     * @throws java.net.BindException if the port is in use, or the host is down
     */
    public FabricUdp bindUdp(int port, DatagramSink sink) throws java.net.BindException {
        throw new UnsupportedOperationException();
    }

    /**
     * Accepts TCP connections.
     *
     * @param port 0 for any free one
     * @throws java.net.BindException if the port is in use, or the host is down
     */
    public FabricListener listen(int port, StreamAcceptor acceptor) throws java.net.BindException {
        throw new UnsupportedOperationException();
    }

    /**
     * Dials. The sink hears {@link StreamSink#connected} after a round trip, or {@link StreamSink#failed}: refused, where the host is up
     * and nobody listens; timed out after five seconds, where nothing comes back. {@link FabricStream#abort()} gives up earlier.
     *
     * @throws java.net.BindException if the host is down, or has no free port
     */
    public FabricStream connect(InetSocketAddress to, StreamSink sink) throws java.net.BindException {
        throw new UnsupportedOperationException();
    }

    /** How many sockets it has open: UDP, listeners, and ends of streams, those included that still send what was written before their close. */
    public int openSockets() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String toString() {
        return name + " " + address.getHostAddress();
    }
}
