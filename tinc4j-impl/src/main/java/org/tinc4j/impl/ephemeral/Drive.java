package org.tinc4j.impl.ephemeral;

import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
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

    /** Starts a node on a host that is up. */
    Incarnation start(NodeSettings settings, Host host, long seed) throws IOException;

    /** Ends the network. */
    void close();
}
