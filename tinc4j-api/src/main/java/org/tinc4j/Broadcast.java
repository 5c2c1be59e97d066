package org.tinc4j;

/** How packets to a broadcast or multicast address travel. */
public enum Broadcast {
    /** They are not sent. */
    NONE,
    /** Along the minimum spanning tree of the meta connections, as every tinc node does by default. */
    SPANNING_TREE,
    /** From the origin straight to every node it can send to directly. */
    DIRECT
}
