package org.tinc4j.impl.wire;

/**
 * The request numbers of the meta protocol.
 *
 * <p><b>Source.</b> tinc 1.1 meta protocol, request numbers.
 */
public enum RequestKind {
    /** Identify; the only request in clear text. */
    ID(0),
    /** Legacy handshake. */
    METAKEY(1),
    /** Legacy handshake. */
    CHALLENGE(2),
    /** Legacy handshake. */
    CHAL_REPLY(3),
    /** Port, weight, options; activates the connection. */
    ACK(4),
    /** Has no receiver. */
    STATUS(5),
    /** Has no receiver. */
    ERROR(6),
    /** Close please. */
    TERMREQ(7),
    /** Are you there? */
    PING(8),
    /** I am. */
    PONG(9),
    /** A node owns a subnet; flooded. */
    ADD_SUBNET(10),
    /** A node no longer owns a subnet; flooded. */
    DEL_SUBNET(11),
    /** A node has a meta connection to another; flooded. */
    ADD_EDGE(12),
    /** A node lost its meta connection to another; flooded. */
    DEL_EDGE(13),
    /** A node's legacy keys are void; flooded. */
    KEY_CHANGED(14),
    /** Starts a tunnel, or asks for a public key; routed. */
    REQ_KEY(15),
    /** Handshake records of a tunnel; routed. */
    ANS_KEY(16),
    /** The next record is a packet. */
    PACKET(17),
    /** Control socket only. */
    CONTROL(18),
    /** Exists only inside {@link #REQ_KEY}. */
    REQ_PUBKEY(19),
    /** Exists only inside {@link #REQ_KEY}. */
    ANS_PUBKEY(20),
    /** The next raw bytes of the stream are a sealed datagram. */
    SPTPS_PACKET(21),
    /** The UDP address of a node as seen by the hop before; routed. */
    UDP_INFO(22),
    /** Which packet size reaches a node; routed. */
    MTU_INFO(23);

    private static final RequestKind[] BY_NUMBER = values();

    private final int number;

    RequestKind(int number) {
        this.number = number;
    }

    /**
     * The number that starts the line.
     *
     * @return 0 to 23
     */
    public int number() {
        return number;
    }

    /** The kind of a number, or null if there is none. */
    static RequestKind of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    }
}
