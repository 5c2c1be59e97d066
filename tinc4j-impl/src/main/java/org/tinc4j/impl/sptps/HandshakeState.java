package org.tinc4j.impl.sptps;

import java.util.Arrays;
import org.tinc4j.impl.crypto.Ecdh;

/** Where a {@link Handshake} stands. Names as in tinc SPTPS, "State machine". */
sealed interface HandshakeState {

    /** Wipes what is secret in this state. */
    default void destroy() {}

    /** Nothing was sent yet. Left by start, to {@link AwaitingKex}. */
    record Unstarted() implements HandshakeState {}

    /** Own KEX sent. Left by the peer's KEX, to {@link AwaitingSig}. */
    record AwaitingKex(Round round, Ecdh ephemeral, byte[] localKex) implements HandshakeState {
        @Override
        public void destroy() {
            ephemeral.destroy();
        }
    }

    /** Both KEX known. Left by the peer's SIG: to {@link Idle} in the first round, to {@link AwaitingAck} in a renewal. */
    record AwaitingSig(Round round, Ecdh ephemeral, byte[] localKex, byte[] remoteKex) implements HandshakeState {
        @Override
        public void destroy() {
            ephemeral.destroy();
        }
    }

    /** Own ACK sent. Left by the peer's ACK, to {@link Idle}. */
    record AwaitingAck() implements HandshakeState {}

    /** Established. Left by a rekey from here, to {@link AwaitingKex}, or by the peer's KEX, to {@link AwaitingSig}. */
    record Idle() implements HandshakeState {}

    /** Dead, for the reason given. Never left. */
    record Failed(String reason) implements HandshakeState {}

    /** The two directions' keys of one handshake; wiped once they were handed on. */
    record Keys(byte[] initiatorToResponder, byte[] responderToInitiator) {
        byte[] sentBy(Role role) {
            return role == Role.INITIATOR ? initiatorToResponder : responderToInitiator;
        }

        void destroy() {
            Arrays.fill(initiatorToResponder, (byte) 0);
            Arrays.fill(responderToInitiator, (byte) 0);
        }
    }
}
