package org.tinc4j;

/** What happens to packets that arrive from one node and belong to another. */
public enum Forwarding {
    /** They are dropped, and the sender is told by ICMP. */
    OFF,
    /** This node passes them on by its own routing table. The default. */
    INTERNAL
}
