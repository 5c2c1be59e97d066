package org.tinc4j.impl.sptps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tinc4j.NodeKey;
import org.tinc4j.NodeName;
import org.tinc4j.impl.crypto.Aead;
import org.tinc4j.impl.crypto.ChaChaPoly;
import org.tinc4j.impl.crypto.EntropySource;

class DatagramSessionTest {

    private static final NodeKey ALICE = NodeKey.generate();
    private static final NodeKey BOB = NodeKey.generate();
    private static final byte[] LABEL = SptpsLabels.udp(new NodeName("alice"), new NodeName("bob"));

    private final Aead engine = new ChaChaPoly();
    private final Transcript.Recorder alice = new Transcript.Recorder();
    private final Transcript.Recorder bob = new Transcript.Recorder();
    private final DatagramCipher aliceCipher = new DatagramCipher(16);
    private final DatagramCipher bobCipher = new DatagramCipher(16);
    private final DatagramSession initiator = new DatagramSession(
            Role.INITIATOR, ALICE, BOB.publicKey(), LABEL, Suites.PLAIN, EntropySource.system(), aliceCipher, engine);
    private final DatagramSession responder = new DatagramSession(
            Role.RESPONDER, BOB, ALICE.publicKey(), LABEL, Suites.PLAIN, EntropySource.system(), bobCipher, engine);

    /** How datagrams reach the session. */
    private enum Route {
        /** Everything over meta connections. */
        META,
        /** Whatever is encrypted is opened by the data path, which posts handshake records. */
        DATA_PATH
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void saysWhatTincSaysWhenAllComesOverMetaConnections(Role role) {
        replay(role, Route.META);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void saysWhatTincSaysWhenTheDataPathOpensDatagrams(Role role) {
        replay(role, Route.DATA_PATH);
    }

    private void replay(Role role, Route route) {
        Transcript transcript = new Transcript("sptps-datagram.json", role);
        DatagramCipher cipher = new DatagramCipher(16);
        DatagramSession session = new DatagramSession(
                role, transcript.localKey(), transcript.remoteKey(), transcript.label(), Suites.PLAIN, transcript.entropy(), cipher,
                engine);
        transcript.replay(new Transcript.Side() {
            @Override
            public void start(SptpsSink sink) {
                session.start(sink);
            }

            @Override
            public void receive(byte[] wire, SptpsSink sink) {
                if (route == Route.META || !session.established()) {
                    assertThat(session.receiveHandshake(wire, sink)).as(session.failure()).isTrue();
                } else {
                    openOnDataPath(session, cipher, wire, sink);
                }
            }

            @Override
            public byte[] seal(int type, byte[] data) {
                return sealData(cipher, type, data);
            }

            @Override
            public void rekey(SptpsSink sink) {
                session.rekey(sink);
                assertThat(session.rekeying()).isTrue();
            }
        });
        assertThat(session.established()).isTrue();
        assertThat(session.rekeying()).isFalse();
    }

    @Test
    void isEstablishedAfterTwoDatagramsEach() {
        connect();
        deliver("hello", aliceCipher, bobCipher);
        deliver("hello", bobCipher, aliceCipher);
    }

    @Test
    void wantsNumbersZeroAndOneInClearText() {
        initiator.start(alice);
        responder.start(bob);
        byte[] kex = alice.sent.removeFirst();
        byte[] later = kex.clone();
        later[3] = 1;
        assertThat(responder.receiveHandshake(later, bob)).isFalse();
        assertThat(responder.failed()).isTrue();
        assertThat(responder.failure()).isEqualTo("handshake datagram 1, 0 expected");
        assertThat(responder.receiveHandshake(kex, bob)).as("a dead session stays dead").isFalse();
        assertThat(responder.failure()).isEqualTo("handshake datagram 1, 0 expected");
    }

    @Test
    void refusesDataBeforeTheHandshake() {
        responder.start(bob);
        assertThat(responder.receiveHandshake(new byte[5], bob)).isFalse();
        assertThat(responder.failure()).isEqualTo("record of type 0 before the handshake is complete");
    }

    @Test
    void goesOnAfterADatagramThatIsNotAuthentic() {
        connect();
        byte[] junk = new byte[60];
        junk[3] = 50;
        assertThat(responder.receiveHandshake(junk, bob)).isFalse();
        assertThat(responder.failure()).isEqualTo("datagram of 60 bytes: wrong tag under every key");
        assertThat(responder.failed()).isFalse();
        deliver("hello", aliceCipher, bobCipher);
    }

    @Test
    void diesOfAWrongHandshakeMessageInsideAnAuthenticRecord() {
        connect();
        byte[] record = sealData(aliceCipher, RecordType.HANDSHAKE, new byte[64]);
        assertThat(responder.receiveHandshake(record, bob)).isFalse();
        assertThat(responder.failed()).isTrue();
        assertThat(responder.failure()).isEqualTo("KEX of 64 bytes, 65 expected");
        assertThat(responder.established()).isFalse();
        assertThat(bobCipher.canSeal()).as("keys stay until the session is destroyed").isTrue();
        responder.destroy();
        assertThat(bobCipher.canSeal()).isFalse();
    }

    @Test
    void reportsDataThatCameOverMetaConnections() {
        connect();
        assertThat(responder.receiveHandshake(sealData(aliceCipher, 2, new byte[] {1, 2}), bob)).isTrue();
        assertThat(bob.said).containsExactly("2:0102");
    }

    @Test
    void losesNoDatagramAroundARekeyInWhichDataOvertakesAndLags() {
        connect();
        initiator.rekey(alice);
        responder.receiveHandshake(alice.sent.removeFirst(), bob);
        initiator.receiveHandshake(bob.sent.removeFirst(), alice);
        responder.receiveHandshake(alice.sent.removeFirst(), bob);
        byte[] signature = bob.sent.removeFirst();
        byte[] ack = bob.sent.removeFirst();
        assertThat(responder.awaitingAck()).isTrue();

        byte[] laggingFromAlice = sealData(aliceCipher, 0, new byte[1]);
        initiator.receiveHandshake(signature, alice);
        assertThat(initiator.awaitingAck()).isTrue();
        // Bob's ACK is still on its way, his data under the new key is not; and the other way round.
        deliver("under the new key", bobCipher, aliceCipher);
        deliver("under the new key", aliceCipher, bobCipher);
        initiator.receiveHandshake(ack, alice);
        assertThat(initiator.awaitingAck()).isFalse();
        responder.receiveHandshake(alice.sent.removeFirst(), bob);
        assertThat(responder.rekeying()).isFalse();
        assertThat(bobCipher.open(engine, ByteBuffer.wrap(laggingFromAlice), 0, laggingFromAlice.length, 0)).isNotNegative();
        assertThat(alice.rounds).containsExactly(false, true);
        assertThat(bob.rounds).containsExactly(false, true);
    }

    @Test
    void rekeysWhileTrafficLeavesHandshakeRecordsBehindTheWindow() {
        connect();
        initiator.rekey(alice);
        while (!alice.sent.isEmpty() || !bob.sent.isEmpty()) {
            for (int i = 0; i < 200; i++) {
                deliver("traffic", aliceCipher, bobCipher);
                deliver("traffic", bobCipher, aliceCipher);
            }
            if (!alice.sent.isEmpty()) {
                assertThat(responder.receiveHandshake(alice.sent.removeFirst(), bob)).as(responder.failure()).isTrue();
            }
            if (!bob.sent.isEmpty()) {
                assertThat(initiator.receiveHandshake(bob.sent.removeFirst(), alice)).as(initiator.failure()).isTrue();
            }
        }
        assertThat(alice.rounds).containsExactly(false, true);
        assertThat(bob.rounds).containsExactly(false, true);
    }

    @Test
    void completesOneRekeyWhenBothStartIt() {
        connect();
        initiator.rekey(alice);
        responder.rekey(bob);
        initiator.rekey(alice);
        shuttle();
        assertThat(alice.rounds).containsExactly(false, true);
        assertThat(bob.rounds).containsExactly(false, true);
        deliver("hello", aliceCipher, bobCipher);
        deliver("hello", bobCipher, aliceCipher);
    }

    @Test
    void leavesTheCipherWithoutKeysWhenTheSinkEndsTheSession() {
        initiator.start(alice);
        responder.start(bob);
        responder.receiveHandshake(alice.sent.removeFirst(), bob);
        initiator.receiveHandshake(bob.sent.removeFirst(), alice);
        responder.receiveHandshake(alice.sent.removeFirst(), new SptpsSink() {
            @Override
            public void send(byte[] wire) {
                responder.destroy();
            }

            @Override
            public void record(int type, byte[] data) {}

            @Override
            public void established(boolean renewal) {
                throw new AssertionError("established after its end");
            }
        });
        assertThat(responder.established()).isFalse();
        assertThat(bobCipher.canSeal()).isFalse();
        assertThat(bobCipher.canOpen()).isFalse();
    }

    @Test
    void refusesToBeMisused() {
        connect();
        assertThatThrownBy(() -> initiator.start(alice)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new DatagramSession(
                        Role.INITIATOR, ALICE, BOB.publicKey(), LABEL, Suites.PLAIN, EntropySource.system(), aliceCipher, engine))
                .isInstanceOf(IllegalArgumentException.class);
        initiator.destroy();
        assertThatThrownBy(() -> initiator.rekey(alice)).hasMessageContaining("the session was closed");
    }

    private void connect() {
        initiator.start(alice);
        responder.start(bob);
        shuttle();
        assertThat(initiator.established()).isTrue();
        assertThat(responder.established()).isTrue();
        alice.said.clear();
        bob.said.clear();
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

    private void deliver(String text, DatagramCipher from, DatagramCipher to) {
        byte[] datagram = sealData(from, 0, text.getBytes());
        long opened = to.open(engine, ByteBuffer.wrap(datagram), 0, datagram.length, 0);
        assertThat(opened).isEqualTo(text.length());
        assertThat(new String(datagram, 5, text.length())).isEqualTo(text);
    }

    private byte[] sealData(DatagramCipher cipher, int type, byte[] data) {
        ByteBuffer memory = ByteBuffer.allocate(data.length + DatagramCipher.OVERHEAD_BYTES);
        memory.put(5, data);
        assertThat(cipher.seal(engine, type, memory, 5, data.length)).isEqualTo(memory.capacity());
        return memory.array();
    }

    private void openOnDataPath(DatagramSession session, DatagramCipher cipher, byte[] wire, SptpsSink sink) {
        byte[] copy = wire.clone();
        long opened = cipher.open(engine, ByteBuffer.wrap(copy), 0, copy.length, 0);
        assertThat(opened).as(HexFormat.of().formatHex(wire)).isNotNegative();
        byte[] data = Arrays.copyOfRange(copy, 5, 5 + DatagramCipher.dataLengthOf(opened));
        if (DatagramCipher.typeOf(opened) == RecordType.HANDSHAKE) {
            session.handshakeRecord(data, sink);
        } else {
            sink.record(DatagramCipher.typeOf(opened), data);
        }
    }
}
