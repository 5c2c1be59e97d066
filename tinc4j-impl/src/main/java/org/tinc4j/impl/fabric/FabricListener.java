package org.tinc4j.impl.fabric;

import java.net.InetSocketAddress;

/** A TCP port at which a host accepts connections. */
public final class FabricListener {

    private final Host host;
    private final InetSocketAddress local;
    private final StreamAcceptor acceptor;

    FabricListener(Host host, InetSocketAddress local, StreamAcceptor acceptor) {
        this.host = host;
        this.local = local;
        this.acceptor = acceptor;
    }

    /** Where it listens. */
    public InetSocketAddress local() {
        return local;
    }

    /** Accepts no more; accepted connections go on. Idempotent. */
    public void close() {
        host.remove(this);
    }

    StreamAcceptor acceptor() {
        return acceptor;
    }
}
