package org.tinc4j.impl.sptps;

import org.tinc4j.impl.crypto.AeadKey;

/** What a {@link Handshake} asks of the session it belongs to. Called in the order in which things must happen. */
interface HandshakeOutput {

    /** Sends a handshake record, under the outgoing key if there is one by now. */
    void send(byte[] message);

    /** From now on everything is sent under this key. */
    void switchOutgoing(AeadKey key);

    /** The peer will switch to this key: derived, and possibly used by datagrams that overtake the ACK. */
    void prepareIncoming(AeadKey key);

    /** The peer has switched to the key prepared last. */
    void switchIncoming();

    /** The handshake is complete. */
    void established(Round round);
}
