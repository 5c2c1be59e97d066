package org.tinc4j;

/** Why a packet was dropped. Every drop is counted under one of these; see {@link NodeStatus#drops()}. */
public enum DropReason {
    /** No subnet contains the destination. */
    NO_SUBNET,
    /** The owner of the destination is not reachable. */
    UNREACHABLE,
    /** Not IPv4 or IPv6, or its lengths contradict each other, or it contradicts what the operating system says of it. */
    MALFORMED_PACKET,
    /** The packet would go back where it came from. */
    ROUTING_LOOP,
    /** Its hop limit is used up. */
    TTL_EXCEEDED,
    /** Larger than the path takes and not to be fragmented; the sender was told by ICMP. */
    TOO_BIG,
    /** Forwarding between other nodes is switched off, or a relay would be needed and is not wanted. */
    FORWARDING_REFUSED,
    /** The sender used a source address that is not its own. */
    FOREIGN_SOURCE,
    /** No keys with the destination yet; they are being made. */
    NO_KEY,
    /** A datagram that no key opens. */
    BAD_TAG,
    /** A datagram seen before. */
    REPLAYED,
    /** A datagram far ahead of the replay window, dropped on suspicion. */
    FAR_FUTURE,
    /** A datagram older than the replay window. */
    TOO_LATE,
    /** A datagram from nobody we know. */
    UNKNOWN_SENDER,
    /** A datagram too short, or of an unknown kind. */
    MALFORMED_DATAGRAM,
    /** A queue was full. */
    QUEUE_FULL,
    /** The TCP connection it should have gone over is congested. */
    TCP_CONGESTED,
    /** The device had no room, or is closed. */
    DEVICE_REFUSED,
    /** The operating system refused to send it. */
    SEND_FAILED,
    /** Nobody in this process takes packets for this address. */
    NO_RECEIVER,
    /** A rule of {@link org.tinc4j.net.Access} denies it. */
    ACCESS_DENIED,
    /** A packet for a socket of this process whose checksum is wrong. */
    BAD_CHECKSUM,
    /** A connection whose listener has no room for it. */
    BACKLOG_FULL
}
