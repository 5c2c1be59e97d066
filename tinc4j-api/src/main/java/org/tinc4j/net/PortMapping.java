package org.tinc4j.net;

import java.net.InetSocketAddress;

/**
 * A port that stands for another: see {@link MeshSockets#forward} and {@link MeshSockets#expose}.
 *
 * <p><b>Threads.</b> Any.
 */
public interface PortMapping extends AutoCloseable {

    /**
     * Where it listens.
     *
     * @return address and the real port
     */
    InetSocketAddress address();

    /** Ends it, and the connections that go through it. Idempotent; throws nothing. */
    @Override
    void close();
}
