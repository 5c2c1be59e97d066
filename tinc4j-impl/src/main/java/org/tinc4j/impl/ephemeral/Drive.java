package org.tinc4j.impl.ephemeral;

import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.tinc4j.config.NodeSettings;
import org.tinc4j.impl.fabric.Host;
import org.tinc4j.impl.fabric.Timeline;

/** What makes a mesh go: real time and threads, or virtual time on the caller. */
interface Drive {

    /** The network's clock. */
    Timeline timeline();

    /** Since the mesh was started. */
    long elapsedNanos();

    /** Nobody else changes the network until {@link #leave}. May be nested. */
    void enter();

    void leave();

    /** Lets time pass, at most so much, until something holds; not between {@link #enter} and {@link #leave} in real time. */
    boolean runUntil(BooleanSupplier condition, Duration limit);

    /** Asks nodes about themselves, one such question at a time; in real time the network goes on meanwhile, or they could not answer. */
    <T> T ask(Supplier<T> question);

    /** Starts or ends a node. In virtual time the mesh stands still meanwhile; the lock of a node's lifecycle is taken inside, never before. */
    void alter(Runnable change);

    /** Lets time begin. */
    void open();

    /** Starts a node on a host that is up. */
    Incarnation start(NodeSettings settings, Host host, long seed) throws IOException;

    /** Ends the network. */
    void close();
}
