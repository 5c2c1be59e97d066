package org.tinc4j.impl.fabric;

/** What a host knows of a datagram it wanted to send. */
public enum SendOutcome {
    /** It left the host. Whether it arrives, nobody knows. */
    SENT,
    /** Longer than the MTU of the host's own interface. */
    TOO_LONG,
    /** The socket is closed, the host is down, or there is no such destination. */
    FAILED
}
