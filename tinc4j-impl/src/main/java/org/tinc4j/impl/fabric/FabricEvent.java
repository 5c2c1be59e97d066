package org.tinc4j.impl.fabric;

/** What a {@link FabricObserver} is told. */
public enum FabricEvent {
    /** A datagram left its host. */
    UDP_SENT("udp sent"),
    /** A datagram reached a socket. */
    UDP_DELIVERED("udp delivered"),
    /** A datagram will reach nobody; the note says why. */
    UDP_LOST("udp lost"),
    /** A host dials another. */
    TCP_DIALLED("tcp dialled"),
    /** A listener has a new connection. */
    TCP_ACCEPTED("tcp accepted"),
    /** Bytes reached the other end of a stream, in order. */
    TCP_DELIVERED("tcp delivered"),
    /** A segment has to be sent again; the note says why. */
    TCP_LOST("tcp lost"),
    /** An end of a stream is over; from is the end, the note says how. */
    TCP_ENDED("tcp ended"),
    /** A NAT box made a mapping; from is the box, to the host behind it. */
    NAT_MAPPED("nat mapped"),
    /** A NAT box forgot a mapping. */
    NAT_EXPIRED("nat expired"),
    /** A host lost power. */
    HOST_DOWN("host down"),
    /** A host has power again. */
    HOST_UP("host up");

    private final String text;

    FabricEvent(String text) {
        this.text = text;
    }

    /** For a trace. */
    public String text() {
        return text;
    }
}
