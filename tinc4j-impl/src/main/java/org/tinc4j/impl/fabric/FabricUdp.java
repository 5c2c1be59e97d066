package org.tinc4j.impl.fabric;

import java.net.InetSocketAddress;

/** One bound UDP socket of a host. */
public final class FabricUdp {

    private final Fabric fabric;
    private final Host host;
    private final InetSocketAddress local;
    private final DatagramSink sink;

    FabricUdp(Fabric fabric, Host host, InetSocketAddress local, DatagramSink sink) {
        this.fabric = fabric;
        this.host = host;
        this.local = local;
        this.sink = sink;
    }

    /** Where it is bound: the host's own address, private behind a NAT box. */
    public InetSocketAddress local() {
        return local;
    }

    /**
     * Sends a datagram.
     *
     * @param to an address of the fabric; any other is as unreachable as one on the internet that nobody has
     * @param bytes taken: it is what the receiver gets
     */
    public SendOutcome send(InetSocketAddress to, byte[] bytes) {
        if (!isOpen() || to.isUnresolved() || to.getPort() == 0) {
            return SendOutcome.FAILED;
        }
        if (bytes.length + Datagram.HEADER_BYTES > host.interfaceMtuBytes()) {
            return SendOutcome.TOO_LONG;
        }
        new Datagram(fabric, host, local, to, bytes).send();
        return SendOutcome.SENT;
    }

    /** Receives no more; what it sent still arrives. Idempotent. */
    public void close() {
        host.remove(this);
    }

    /** A host that lost power has no socket. */
    private boolean isOpen() {
        return host.udp(local.getPort()) == this;
    }

    DatagramSink sink() {
        return sink;
    }
}
