package org.tinc4j.impl.net;

import java.io.IOException;
import java.net.InetSocketAddress;

/** A listening TCP socket. One thread accepts, any closes. */
public interface StreamListener extends AutoCloseable {

    /** Waits for a connection. */
    StreamConnection accept() throws IOException;

    InetSocketAddress localAddress();

    boolean isClosed();

    /** Wakes whoever waits here. Idempotent. */
    @Override
    void close();
}
