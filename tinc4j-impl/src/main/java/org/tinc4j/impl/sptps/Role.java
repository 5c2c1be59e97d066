package org.tinc4j.impl.sptps;

/** Which side of a session this is. Fixed for its whole life, also in a rekey that the responder starts. */
public enum Role {
    /** Made the TCP connection, sent the first REQ_KEY, or joins by invitation. */
    INITIATOR,
    /** The other side. */
    RESPONDER;

    Role opposite() {
        return this == INITIATOR ? RESPONDER : INITIATOR;
    }

    /** The first byte of what this role signs. */
    byte signedByte() {
        return (byte) (this == INITIATOR ? 1 : 0);
    }
}
