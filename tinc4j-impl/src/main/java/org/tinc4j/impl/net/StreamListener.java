package org.tinc4j.impl.net;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Where connections arrive. Port.
 *
 * <p><b>Threads.</b> One accepts at a time; any may close.
 */
public interface StreamListener extends AutoCloseable {

    /**
     * Blocks until somebody connects.
     *
     * @return the connection, the caller's to close
     * @throws IOException if accepting failed, which may pass; or because {@link #isClosed}, which does not
     */
    StreamConnection accept() throws IOException;

    /** Where it is bound, with its real port; also once closed. */
    InetSocketAddress localAddress();

    /** Whether {@link #close} was called. */
    boolean isClosed();

    /** Wakes a blocked {@link #accept} with an exception and frees the address. Connections that nobody accepted end. Idempotent. */
    @Override
    void close();
}
