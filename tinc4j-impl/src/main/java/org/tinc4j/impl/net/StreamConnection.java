package org.tinc4j.impl.net;

import java.io.IOException;
import java.net.InetSocketAddress;

/** One end of a TCP connection. One thread reads, one writes, any closes. */
public interface StreamConnection extends AutoCloseable {

    /** Connects; {@link #close} from another thread ends it. */
    void connect(InetSocketAddress remote, int timeoutMillis) throws IOException;

    InetSocketAddress remote();

    InetSocketAddress local();

    /**
     * Waits for bytes.
     *
     * @return how many were read, or -1 if the other end has closed
     */
    int read(byte[] into) throws IOException;

    /** Sends bytes, waiting until there is room for them. The array is not kept. */
    void write(byte[] bytes) throws IOException;

    /** What was written still leaves. Wakes whoever waits here. Idempotent. */
    @Override
    void close();
}
