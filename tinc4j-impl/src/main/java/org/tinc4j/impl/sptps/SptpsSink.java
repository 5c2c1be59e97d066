package org.tinc4j.impl.sptps;

/**
 * Takes what a session hands out. Called during a call of the session, on its thread, in order.
 *
 * <p><b>Ownership.</b> Takes the arrays.
 */
public interface SptpsSink {

    /**
     * Bytes of one complete handshake record or datagram for the peer. Their order counts.
     *
     * @param wire to be sent as they are
     */
    void send(byte[] wire);

    /**
     * An application record arrived.
     *
     * @param type 0 to 127
     * @param data its content, which may be empty
     */
    void record(int type, byte[] data);

    /**
     * A handshake is complete. Records may be sealed from inside this call.
     *
     * @param renewal false for the first handshake, true for a rekey
     */
    void established(boolean renewal);
}
