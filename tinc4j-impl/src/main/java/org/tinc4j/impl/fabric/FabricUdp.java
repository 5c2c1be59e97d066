package org.tinc4j.impl.fabric;

import java.net.InetSocketAddress;

/** One bound UDP socket of a host. */
public final class FabricUdp {

    private final Host host;
    private final InetSocketAddress local;
    private final DatagramSink sink;

    FabricUdp(Host host, InetSocketAddress local, DatagramSink sink) {
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
        throw new UnsupportedOperationException(host + " " + sink);
    }

    /** Receives no more; what is under way already still arrives elsewhere. Idempotent. */
    public void close() {
        throw new UnsupportedOperationException();
    }
}
