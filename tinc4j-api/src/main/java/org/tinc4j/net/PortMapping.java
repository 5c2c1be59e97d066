package org.tinc4j.net;

import java.net.InetSocketAddress;
import java.util.Optional;

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

    /**
     * Who is behind a connection that goes through this mapping. A server behind {@link MeshSockets#forward} sees all of them come from this
     * host; {@link MeshSockets#whoIs(java.net.InetAddress)} of what it gets here says which node it is.
     *
     * @param seen the address that the server sees as the client's
     * @return the client's address at the mapped port; empty if no such connection is open, and in the moment before its first byte may go
     *         through
     */
    Optional<InetSocketAddress> origin(InetSocketAddress seen);

    /** Ends it, and the connections that go through it. Idempotent; throws nothing. */
    @Override
    void close();
}
