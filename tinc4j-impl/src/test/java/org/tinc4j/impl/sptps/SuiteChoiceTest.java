package org.tinc4j.impl.sptps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.tinc4j.CipherSuite.AES_256_GCM;
import static org.tinc4j.CipherSuite.CHACHA20_POLY1305;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tinc4j.CipherSuite;
import org.tinc4j.NodeKey;
import org.tinc4j.NodeName;
import org.tinc4j.impl.crypto.Aead;
import org.tinc4j.impl.crypto.AeadEngines;
import org.tinc4j.impl.crypto.EntropySource;

/** Which cipher two sides of a session come to use, and what they say where they do not agree. */
class SuiteChoiceTest {

    private static final List<CipherSuite> EITHER = List.of(CHACHA20_POLY1305, AES_256_GCM);
    private static final NodeKey ALICE = NodeKey.generate();
    private static final NodeKey BOB = NodeKey.generate();
    private static final byte[] LABEL = SptpsLabels.udp(new NodeName("alice"), new NodeName("bob"));

    private final Aead engine = new AeadEngines(Optional.empty()).newEngine();
    private final Transcript.Recorder alice = new Transcript.Recorder();
    private final Transcript.Recorder bob = new Transcript.Recorder();
    private final DatagramCipher aliceCipher = new DatagramCipher(16);
    private final DatagramCipher bobCipher = new DatagramCipher(16);
    private DatagramSession initiator;
    private DatagramSession responder;

    @Test
    void theLabelSaysNothingOfWhatEverybodySpeaks() {
        assertThat(Suites.label(LABEL, CHACHA20_POLY1305)).isEqualTo(LABEL);
    }

    @Test
    void theLabelOfAnotherCipherEndsInKeyExchangeAndCipher() {
        byte[] label = Suites.label(LABEL, AES_256_GCM);

        assertThat(label).startsWith(LABEL).hasSize(LABEL.length + 2).endsWith(0, 0, 1);
        assertThat(new String(label, StandardCharsets.ISO_8859_1)).isEqualTo("tinc UDP key expansion alice bob\0\0\1");
    }

    @ParameterizedTest
    @EnumSource
    void bothSidesUseWhatBothAreSetTo(CipherSuite suite) {
        sessions(List.of(suite), List.of(suite));
        shuttle();

        assertUse(suite);
    }

    @ParameterizedTest
    @EnumSource
    void theResponderFollowsTheSignatureOfTheInitiator(CipherSuite suite) {
        sessions(List.of(suite), EITHER);
        shuttle();

        assertUse(suite);
    }

    @ParameterizedTest
    @EnumSource
    void theInitiatorChooses(CipherSuite suite) {
        sessions(EITHER, EITHER);
        initiator.choose(suite);
        shuttle();

        assertUse(suite);
    }

    @Test
    void withoutAChoiceItIsTheFirst() {
        sessions(EITHER, EITHER);
        shuttle();

        assertUse(CHACHA20_POLY1305);
    }

    @Test
    void aRenewalKeepsTheCipher() {
        sessions(EITHER, EITHER);
        initiator.choose(AES_256_GCM);
        shuttle();
        responder.rekey(bob);
        shuttle();
        initiator.rekey(alice);
        shuttle();

        assertThat(alice.rounds).containsExactly(false, true, true);
        assertUse(AES_256_GCM);
    }

    @ParameterizedTest
    @EnumSource
    void aResponderSetToAnotherCipherSaysWhatToDo(CipherSuite suite) {
        CipherSuite other = suite == AES_256_GCM ? CHACHA20_POLY1305 : AES_256_GCM;
        sessions(List.of(suite), List.of(other));
        responder.receiveHandshake(alice.sent.removeFirst(), bob);
        initiator.receiveHandshake(bob.sent.removeFirst(), alice);

        assertThat(responder.receiveHandshake(alice.sent.removeFirst(), bob)).isFalse();
        assertThat(responder.failure()).isEqualTo("the peer signed for " + suite.label() + ", this side is set to " + other.label()
                + "; give both sides the same SPTPSCipher (Peer.cipher) for each other");
        assertThat(bob.sent).as("nothing is said to who was refused").isEmpty();
        assertThat(responder.established()).isFalse();
    }

    @Test
    void aDamagedSignatureIsNotTakenForOneOfAnotherCipher() {
        sessions(Suites.PLAIN, EITHER);
        responder.receiveHandshake(alice.sent.removeFirst(), bob);
        initiator.receiveHandshake(bob.sent.removeFirst(), alice);
        byte[] signature = alice.sent.removeFirst();
        signature[20] ^= 1;

        assertThat(responder.receiveHandshake(signature, bob)).isFalse();
        assertThat(responder.failure()).contains("is no signature by the peer's key");
    }

    @Test
    void itIsTooLateToChooseOnceTheOtherKexIsThere() {
        sessions(EITHER, EITHER);
        assertThat(initiator.choosing()).isTrue();
        initiator.receiveHandshake(bob.sent.removeFirst(), alice);

        assertThat(initiator.choosing()).isFalse();
        assertThatThrownBy(() -> initiator.choose(AES_256_GCM)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void onlyAnInitiatorChoosesAndOnlyOfWhatItMayUse() {
        sessions(Suites.PLAIN, EITHER);

        assertThatThrownBy(() -> responder.choose(AES_256_GCM)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> initiator.choose(AES_256_GCM)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aStreamIsRefusedByWhoIsSetToAnotherCipher() {
        StreamSession dialled = new StreamSession(Role.INITIATOR, ALICE, BOB.publicKey(), LABEL, AES_256_GCM, EntropySource.system());
        StreamSession accepted =
                new StreamSession(Role.RESPONDER, BOB, ALICE.publicKey(), LABEL, CHACHA20_POLY1305, EntropySource.system());
        dialled.start(alice);
        accepted.start(bob);
        dialled.receive(bob.sent.getFirst(), 0, bob.sent.removeFirst().length, alice);
        accepted.receive(alice.sent.getFirst(), 0, alice.sent.removeFirst().length, bob);
        int consumed = accepted.receive(alice.sent.getFirst(), 0, alice.sent.removeFirst().length, bob);

        assertThat(consumed).isEqualTo(StreamSession.FAILED);
        assertThat(accepted.failure()).startsWith("the peer signed for aes-256-gcm, this side is set to chacha20-poly1305; ");
    }

    private void sessions(List<CipherSuite> ofInitiator, List<CipherSuite> ofResponder) {
        initiator = new DatagramSession(
                Role.INITIATOR, ALICE, BOB.publicKey(), LABEL, ofInitiator, EntropySource.system(), aliceCipher, engine);
        responder = new DatagramSession(
                Role.RESPONDER, BOB, ALICE.publicKey(), LABEL, ofResponder, EntropySource.system(), bobCipher, engine);
        initiator.start(alice);
        responder.start(bob);
    }

    private void shuttle() {
        while (!alice.sent.isEmpty() || !bob.sent.isEmpty()) {
            if (!alice.sent.isEmpty()) {
                assertThat(responder.receiveHandshake(alice.sent.removeFirst(), bob)).as(responder.failure()).isTrue();
            }
            if (!bob.sent.isEmpty()) {
                assertThat(initiator.receiveHandshake(bob.sent.removeFirst(), alice)).as(initiator.failure()).isTrue();
            }
        }
    }

    private void assertUse(CipherSuite suite) {
        assertThat(initiator.suite()).isEqualTo(suite);
        assertThat(responder.suite()).isEqualTo(suite);
        deliver(aliceCipher, bobCipher);
        deliver(bobCipher, aliceCipher);
    }

    private void deliver(DatagramCipher from, DatagramCipher to) {
        ByteBuffer memory = ByteBuffer.allocate(100 + DatagramCipher.OVERHEAD_BYTES);
        assertThat(from.seal(engine, 0, memory, DatagramCipher.HEADER_BYTES, 100)).isEqualTo(memory.capacity());
        assertThat(to.open(engine, memory, 0, memory.capacity(), 0)).isEqualTo(100);
    }
}
