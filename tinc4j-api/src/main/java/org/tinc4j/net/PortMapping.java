package org.tinc4j.net;

import java.net.InetSocketAddress;

/**
 * A port that stands for another: see {@link MeshSockets#forward} and {@link MeshSockets#expose}. Ends with its node at the latest.
 *
 * <p>Half-close is passed on; once one side has sent its last, the other may be silent for four minutes before both are closed. Both sides are
 * probed when they are silent (keepalive), so a connection does not outlive its hosts.
 *
 * <p><b>Threads.</b> Any.
 */
public interface PortMapping extends AutoCloseable {

    /**
     * Where it listens, also once it is closed.
     *
     * @return address and the real port; the address may be the wildcard
     */
    InetSocketAddress address();

    /** Ends it, and the connections that go through it. Idempotent; throws nothing. */
    @Override
    void close();
}
