package org.tinc4j;

/** How packets to a node travel. */
public enum PathKind {
    /** It is this node. */
    SELF,
    /** By UDP, straight to it. */
    DIRECT,
    /** By UDP to a node that passes them on. */
    RELAYED,
    /** Over the meta connections: UDP does not get through, or is not confirmed yet. */
    TCP,
    /** Not at all. */
    UNREACHABLE
}
