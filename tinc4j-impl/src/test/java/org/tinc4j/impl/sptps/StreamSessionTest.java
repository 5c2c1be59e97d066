package org.tinc4j.impl.sptps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tinc4j.CipherSuite;
import org.tinc4j.NodeKey;
import org.tinc4j.NodeName;
import org.tinc4j.impl.crypto.EntropySource;
import org.tinc4j.impl.crypto.Identity;

class StreamSessionTest {

    private static final NodeKey ALICE = NodeKey.generate();
    private static final NodeKey BOB = NodeKey.generate();
    private static final byte[] LABEL = SptpsLabels.tcp(new NodeName("alice"), new NodeName("bob"));

    private final Transcript.Recorder alice = new Transcript.Recorder();
    private final Transcript.Recorder bob = new Transcript.Recorder();
    private final StreamSession initiator =
            new StreamSession(Role.INITIATOR, ALICE, BOB.publicKey(), LABEL, CipherSuite.CHACHA20_POLY1305, EntropySource.system());
    private final StreamSession responder =
            new StreamSession(Role.RESPONDER, BOB, ALICE.publicKey(), LABEL, CipherSuite.CHACHA20_POLY1305, EntropySource.system());

    @ParameterizedTest
    @EnumSource(Role.class)
    void saysWhatTincSaysInAStreamSession(Role role) {
        replay("sptps-stream.json", role);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void saysWhatTincSaysInAnInvitation(Role role) {
        replay("sptps-invitation.json", role);
    }

    private static void replay(String file, Role role) {
        Transcript transcript = new Transcript(file, role);
        StreamSession session = new StreamSession(
                role, transcript.localKey(), transcript.remoteKey(), transcript.label(),
                CipherSuite.CHACHA20_POLY1305, transcript.entropy());
        transcript.replay(new Transcript.Side() {
            @Override
            public void start(SptpsSink sink) {
                session.start(sink);
            }

            @Override
            public void receive(byte[] wire, SptpsSink sink) {
                // Byte by byte: nothing may be consumed before the record is complete.
                for (int length = 0; length < wire.length; length++) {
                    assertThat(session.receive(wire, 0, length, sink)).isEqualTo(StreamSession.INCOMPLETE);
                }
                byte[] followed = Arrays.copyOf(wire, wire.length + 7);
                assertThat(session.receive(followed, 0, followed.length, sink)).as(session.failure()).isEqualTo(wire.length);
            }

            @Override
            public byte[] seal(int type, byte[] data) {
                return session.seal(type, data);
            }

            @Override
            public void rekey(SptpsSink sink) {
                session.rekey(sink);
            }
        });
        assertThat(session.established()).isTrue();
        session.destroy();
        assertThat(session.established()).isFalse();
    }

    @Test
    void labelsEqualThoseOfTheVectors() {
        assertThat(LABEL).isEqualTo(new Transcript("sptps-stream.json", Role.INITIATOR).label());
        assertThat(SptpsLabels.udp(new NodeName("alice"), new NodeName("bob")))
                .isEqualTo(new Transcript("sptps-datagram.json", Role.INITIATOR).label());
        assertThat(SptpsLabels.invitation()).isEqualTo(new Transcript("sptps-invitation.json", Role.INITIATOR).label());
    }

    @Test
    void recordsFlowWhileARekeyIsOnItsWay() {
        connect();
        initiator.rekey(alice);
        responder.rekey(bob);
        // Both started: each takes the other's KEX as the answer. A data record goes between any two handshake records.
        for (int i = 0; i < 4; i++) {
            exchange("from alice", "from bob");
        }
        assertThat(alice.rounds).containsExactly(false, true);
        assertThat(bob.rounds).containsExactly(false, true);
        assertThat(responder.failure()).isNull();
        assertThat(initiator.failure()).isNull();
    }

    @Test
    void deadSessionKeepsItsFirstReason() {
        connect();
        byte[] record = initiator.seal(0, "hello".getBytes());
        record[4] ^= 1;
        assertThat(responder.receive(record, 0, record.length, bob)).isEqualTo(StreamSession.FAILED);
        assertThat(responder.failure()).isEqualTo("record 2 of 5 bytes has a wrong tag");
        assertThat(responder.receive(new byte[0], 0, 0, bob)).isEqualTo(StreamSession.FAILED);
        assertThatThrownBy(() -> responder.seal(0, new byte[0])).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("wrong tag");
        responder.destroy();
        assertThat(responder.failure()).isEqualTo("record 2 of 5 bytes has a wrong tag");
    }

    @Test
    void rejectsASignatureByAnotherKey() {
        StreamSession impostor =
                new StreamSession(Role.INITIATOR, NodeKey.generate(), BOB.publicKey(), LABEL, CipherSuite.CHACHA20_POLY1305, EntropySource.system());
        impostor.start(alice);
        responder.start(bob);
        feed(impostor, bob, alice);
        feed(responder, alice, bob);
        assertThat(responder.failure()).startsWith("SIG of 64 bytes is no signature by the peer's key " + ALICE.publicKey());
        assertThat(bob.sent).as("a responder says nothing to an impostor").isEmpty();
    }

    @Test
    void rejectsAKexOfAnotherVersionAndOneThatIsShort() {
        initiator.start(alice);
        byte[] kex = alice.sent.removeFirst();
        kex[3] = 1;
        responder.start(bob);
        assertThat(responder.receive(kex, 0, kex.length, bob)).isEqualTo(StreamSession.FAILED);
        assertThat(responder.failure()).isEqualTo("KEX of version 1, only 0 is spoken here");

        byte[] shortKex = {0, 1, (byte) 128, 0};
        assertThat(initiator.receive(shortKex, 0, 4, alice)).isEqualTo(StreamSession.FAILED);
        assertThat(initiator.failure()).isEqualTo("KEX of 1 bytes, 65 expected");
    }

    @Test
    void rejectsALowOrderEphemeralKey() {
        // A member may sign whatever it likes, so the signature is right and the point is the neutral element.
        byte[] kex = new byte[Handshake.KEX_BYTES];
        kex[1 + Handshake.NONCE_BYTES] = 1;
        responder.start(bob);
        byte[] remoteKex = bob.sent.removeFirst();
        byte[] signature = Identity.sign(
                ALICE, new byte[] {1}, kex, Arrays.copyOfRange(remoteKex, 3, remoteKex.length), LABEL);
        assertThat(responder.receive(clear(kex), 0, 68, bob)).isEqualTo(68);
        assertThat(responder.receive(clear(signature), 0, 67, bob)).isEqualTo(StreamSession.FAILED);
        assertThat(responder.failure()).isEqualTo("the peer's ephemeral key is a point of low order");
    }

    @Test
    void rejectsALongRecordAtItsLengthField() {
        responder.start(bob);
        assertThat(responder.receive(new byte[] {0, 66}, 0, 2, bob)).isEqualTo(StreamSession.FAILED);
        assertThat(responder.failure()).contains("66 bytes").contains("at most 65");
    }

    @Test
    void limitsRecordsToTheLengthAskedFor() {
        StreamSession limited =
                new StreamSession(Role.RESPONDER, BOB, ALICE.publicKey(), LABEL, CipherSuite.CHACHA20_POLY1305, EntropySource.system(), 100);
        initiator.start(alice);
        limited.start(bob);
        feed(limited, alice, bob);
        feed(initiator, bob, alice);
        feed(limited, alice, bob);
        feed(initiator, bob, alice);
        byte[] longest = initiator.seal(1, new byte[100]);
        assertThat(limited.receive(longest, 0, longest.length, bob)).isEqualTo(longest.length);
        byte[] longer = initiator.seal(1, new byte[101]);
        assertThat(limited.receive(longer, 0, 2, bob)).isEqualTo(StreamSession.FAILED);
    }

    @Test
    void carriesTheLongestRecord() {
        connect();
        byte[] record = initiator.seal(127, new byte[StreamSession.MAX_DATA_BYTES]);
        assertThat(responder.receive(record, 0, record.length, bob)).isEqualTo(record.length);
        assertThatThrownBy(() -> initiator.seal(0, new byte[65536])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> initiator.seal(128, new byte[0])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void staysDeadWhenTheSinkEndsItFromInside() {
        initiator.start(alice);
        responder.start(bob);
        byte[] kex = bob.sent.removeFirst();
        initiator.receive(kex, 0, kex.length, new SptpsSink() {
            @Override
            public void send(byte[] wire) {
                initiator.destroy();
            }

            @Override
            public void record(int type, byte[] data) {}

            @Override
            public void established(boolean renewal) {}
        });
        assertThat(initiator.failure()).isEqualTo("the session was closed");
    }

    private void connect() {
        initiator.start(alice);
        responder.start(bob);
        feed(responder, alice, bob);
        feed(initiator, bob, alice);
        feed(responder, alice, bob);
        feed(initiator, bob, alice);
        assertThat(initiator.established()).isTrue();
        assertThat(responder.established()).isTrue();
    }

    private void exchange(String fromAlice, String fromBob) {
        alice.sent.add(initiator.seal(0, fromAlice.getBytes()));
        bob.sent.add(responder.seal(0, fromBob.getBytes()));
        feed(responder, alice, bob);
        feed(initiator, bob, alice);
    }

    private static void feed(StreamSession session, Transcript.Recorder from, Transcript.Recorder to) {
        while (!from.sent.isEmpty()) {
            byte[] record = from.sent.removeFirst();
            session.receive(record, 0, record.length, to);
        }
    }

    private static byte[] clear(byte[] message) {
        byte[] record = new byte[3 + message.length];
        record[1] = (byte) message.length;
        record[2] = (byte) 128;
        System.arraycopy(message, 0, record, 3, message.length);
        return record;
    }
}
