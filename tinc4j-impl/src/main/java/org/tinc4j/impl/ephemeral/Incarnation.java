package org.tinc4j.impl.ephemeral;

import java.util.Map;
import java.util.Set;
import org.tinc4j.NodeName;
import org.tinc4j.Subnet;
import org.tinc4j.TincNode;
import org.tinc4j.impl.ledger.Ledger;

/** A node of the mesh from one start to the next end. */
interface Incarnation {

    /** What the embedder sees of it. */
    TincNode node();

    /** Changes whenever {@link #reachable} may have changed. */
    long version();

    /** Nodes it reaches, itself included, with the ranges they announce. */
    Map<NodeName, Set<Subnet>> reachable();

    /** Ends it; its host is down already, so nobody hears of it. */
    void die();

    /** Whether it ended by itself. */
    boolean ended();

    /** What it holds; outlives it. */
    Ledger ledger();
}
