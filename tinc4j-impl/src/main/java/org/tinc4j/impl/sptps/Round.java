package org.tinc4j.impl.sptps;

/** Which handshake of a session it is. */
enum Round {
    /** In clear text, and without ACK. */
    FIRST,
    /** A rekey: under the keys in use, each direction switched by an ACK. */
    RENEWAL
}
