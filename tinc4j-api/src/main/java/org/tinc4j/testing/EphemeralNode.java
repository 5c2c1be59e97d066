package org.tinc4j.testing;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.tinc4j.Peer;
import org.tinc4j.Subnet;
import org.tinc4j.Tinc;
import org.tinc4j.TincNode;
import org.tinc4j.config.PeerSettings;

/**
 * A node of an {@link EphemeralMesh}: a {@link TincNode} that can be stopped, killed and started again, and stays the same object.
 *
 * <p>Its methods throw no checked exceptions, since a test can do nothing about them: what a {@link TincNode} would throw as an
 * {@link java.io.IOException} comes as a {@link java.io.UncheckedIOException} around it, an interruption as an
 * {@link IllegalStateException} with the thread's interrupted status set. While it does not run they throw
 * {@link IllegalStateException}, but for {@link #name}, {@link #close}, {@link #listen} and what is declared here. A listener stays through all
 * its lives, and so do access rules; peers and subnets that were added while it ran are gone with that life.
 *
 * <p><b>Threads.</b> Any. In virtual time one at a time is served, and a call that waits runs the whole mesh on the caller.
 */
public interface EphemeralNode extends TincNode {

    /**
     * Whether it runs.
     *
     * @return true from its start on until it is stopped or killed, or has failed
     */
    boolean running();

    /** Leaves the mesh in order, as {@link #close} does: says farewell to its neighbours. Does nothing if it does not run. */
    void stop();

    /** Dies as if its host had lost power: nobody is told, and its connections stay open at the other end. Does nothing if it does not run. */
    void kill();

    /**
     * Starts it again, with its name, key and addresses.
     *
     * @throws IllegalStateException if it runs
     */
    void start();

    /**
     * Starts it again with other options, which stay.
     *
     * @param change what to change; called on top of what the node was started with so far
     * @throws IllegalStateException if it runs
     */
    void start(UnaryOperator<Tinc.Builder> change);

    /** Stops it if it runs, and starts it again at once. */
    default void restart() {
        stop();
        start();
    }

    /**
     * Its address on the mesh, which belongs to it from the beginning.
     *
     * @return for example {@code 10.99.0.1}
     */
    InetAddress address();

    /**
     * Where its host is on the network underneath.
     *
     * @return address and port, as the host itself knows them: private ones behind a NAT
     */
    InetSocketAddress hostAddress();

    @Override
    void awaitReachable(String peer, Duration timeout);

    @Override
    Optional<Duration> ping(String peer);

    @Override
    Optional<Duration> ping(InetAddress address, Duration timeout);

    @Override
    default void addPeer(String peer, Consumer<Peer> options) {
        Peer collected = new Peer(new org.tinc4j.NodeName(peer));
        options.accept(collected);
        addPeer(collected.settings());
    }

    @Override
    void addPeer(PeerSettings settings);

    @Override
    boolean removePeer(String peer);

    @Override
    void addSubnet(Subnet subnet);

    @Override
    boolean removeSubnet(Subnet subnet);
}
