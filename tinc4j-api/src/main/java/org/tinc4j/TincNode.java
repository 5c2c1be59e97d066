package org.tinc4j;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.tinc4j.config.PeerSettings;
import org.tinc4j.event.TincListener;

/**
 * A running node of a mesh. The object is the node: {@link #close()} ends everything it started.
 *
 * <p><b>Threads.</b> Every method may be called from any thread. Those that wait block the caller, which may be a virtual thread.
 */
public interface TincNode extends AutoCloseable {

    /**
     * The node's own name.
     *
     * @return as configured
     */
    NodeName name();

    /**
     * The mesh as it is now.
     *
     * @return an immutable snapshot
     */
    NodeStatus status();

    /**
     * Waits until a node can be reached through the meta connections.
     *
     * @param peer its name
     * @param timeout how long to wait
     * @throws UnreachableException if it did not become reachable in time, saying what is known of it
     * @throws NodeClosedException if this node is closed
     * @throws InterruptedException if interrupted
     * @throws IllegalArgumentException if the name is illegal or this node's own
     */
    void awaitReachable(String peer, Duration timeout) throws IOException, InterruptedException;

    /**
     * Sends an ICMP echo request to a node over the mesh and waits up to 5 s for its answer, repeating it each second.
     *
     * <p>The destination is the node's first host subnet (/32 or /128), or the first address of its first range.
     *
     * @param peer its name
     * @return the round trip of the request that was answered; empty when none was
     * @throws UnreachableException if the node is unknown or announces no subnet
     * @throws NodeClosedException if this node is closed
     * @throws InterruptedException if interrupted
     */
    Optional<Duration> ping(String peer) throws IOException, InterruptedException;

    /**
     * As {@link #ping(String)}, for an address of the mesh.
     *
     * @param address IPv4 or IPv6
     * @param timeout how long to wait, repeating the request each second
     * @return the round trip of the request that was answered; empty when none was
     * @throws UnreachableException if this node has no address of that family to send from
     * @throws NodeClosedException if this node is closed
     * @throws InterruptedException if interrupted
     */
    Optional<Duration> ping(InetAddress address, Duration timeout) throws IOException, InterruptedException;

    /**
     * Raw IP packets, for a node whose device is in-process.
     *
     * @return the same port at every call
     * @throws IllegalStateException if the device is not in-process
     */
    PacketPort packets();

    /**
     * Adds a listener.
     *
     * @param listener told of every event from now on
     * @return closing it removes the listener
     */
    Subscription listen(TincListener listener);

    /**
     * Makes a peer known, and dials it unless told otherwise. Replaces what was known of it; its connection is ended if the key
     * changes.
     *
     * @param peer its name
     * @param options key, endpoints and the rest
     * @throws org.tinc4j.config.ConfigException if that does not fit together
     * @throws NodeClosedException if this node is closed
     */
    default void addPeer(String peer, Consumer<Peer> options) throws IOException {
        Peer collected = new Peer(new NodeName(peer));
        options.accept(collected);
        addPeer(collected.settings());
    }

    /**
     * Makes a peer known, and dials it if its settings say so. Replaces what was known of it; its connection is ended if the key changes.
     *
     * @param settings all of it
     * @throws org.tinc4j.config.ConfigException if that does not fit together
     * @throws NodeClosedException if this node is closed
     */
    void addPeer(PeerSettings settings) throws IOException;

    /**
     * Forgets a peer's key and endpoints and ends the connection with it. It stays in the mesh if others have a connection to it.
     *
     * @param peer its name
     * @return false if it was not configured
     * @throws NodeClosedException if this node is closed
     */
    boolean removePeer(String peer) throws IOException;

    /** Dials every configured peer now that is not connected, forgetting all back-off: the network came back. */
    void reconnect();

    /**
     * Announces another range as this node's own.
     *
     * @param subnet a range
     * @throws NodeClosedException if this node is closed
     */
    void addSubnet(Subnet subnet) throws IOException;

    /**
     * Withdraws a range.
     *
     * @param subnet as announced, weight included
     * @return false if it was not announced
     * @throws NodeClosedException if this node is closed
     */
    boolean removeSubnet(Subnet subnet) throws IOException;

    /** Leaves the mesh: ends every thread, socket, device and callback it started. Waits for them; idempotent; throws nothing. */
    @Override
    void close();

    /** A listener's registration. */
    interface Subscription extends AutoCloseable {
        /** Removes the listener; idempotent. */
        @Override
        void close();
    }
}
