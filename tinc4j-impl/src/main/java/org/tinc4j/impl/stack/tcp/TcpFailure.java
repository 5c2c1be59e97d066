package org.tinc4j.impl.stack.tcp;

/** Why a connection is CLOSED other than by both sides closing it. */
public enum TcpFailure {
    /** The peer answered our SYN with RST. */
    REFUSED,
    /** The peer sent RST. */
    RESET,
    /** Nothing was acknowledged for the user timeout, or no keep-alive probe was answered. */
    TIMED_OUT,
    /** ICMP says there is no way to the peer's network. */
    NETWORK_UNREACHABLE,
    /** ICMP says there is no way to the peer. */
    HOST_UNREACHABLE,
    /** ICMP says the peer has no such port. */
    PORT_UNREACHABLE,
    /** ICMP says a filter forbids it. */
    PROHIBITED,
    /** The application gave the connection up. */
    ABORTED
}
