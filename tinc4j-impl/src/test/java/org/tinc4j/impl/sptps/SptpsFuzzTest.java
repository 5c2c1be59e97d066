package org.tinc4j.impl.sptps;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tinc4j.CipherSuite;
import org.tinc4j.NodeKey;
import org.tinc4j.impl.crypto.Aead;
import org.tinc4j.impl.crypto.ChaChaPoly;
import org.tinc4j.impl.crypto.EntropySource;

/** Whatever bytes come in, nothing is thrown, nothing is delivered that was not sealed, and an established datagram session goes on. */
class SptpsFuzzTest {

    private static final NodeKey ALICE = NodeKey.generate();
    private static final NodeKey BOB = NodeKey.generate();
    private static final byte[] LABEL = SptpsLabels.invitation();

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final Aead engine = new ChaChaPoly();
    private final Transcript.Recorder alice = new Transcript.Recorder();
    private final Transcript.Recorder bob = new Transcript.Recorder();

    @AfterEach
    void printSeed() {
        System.out.println("seed " + seed);
    }

    @Test
    void streamSessionSurvivesDamagedHandshakes() {
        Transcript transcript = new Transcript("sptps-stream.json", Role.RESPONDER);
        List<byte[]> fromInitiator = handshakeOfAlice(transcript);
        for (int i = 0; i < 400; i++) {
            StreamSession session = new StreamSession(
                    Role.RESPONDER, transcript.localKey(), transcript.remoteKey(), transcript.label(), CipherSuite.CHACHA20_POLY1305,
                    new Transcript("sptps-stream.json", Role.RESPONDER).entropy());
            session.start(bob);
            feedAll(session, damaged(concatenated(fromInitiator)));
        }
    }

    @Test
    void streamSessionSurvivesRandomBytes() {
        for (int i = 0; i < 20_000; i++) {
            // A valid start now and then, so that more than the length field is reached.
            byte[] bytes = randomBytes(200);
            if (bytes.length > 3 && random.nextBoolean()) {
                bytes[0] = 0;
                bytes[1] = (byte) random.nextInt(67);
                bytes[2] = (byte) 128;
            }
            StreamSession session =
                    new StreamSession(Role.RESPONDER, BOB, ALICE.publicKey(), LABEL, CipherSuite.CHACHA20_POLY1305, EntropySource.system());
            feedAll(session, bytes);
        }
    }

    @Test
    void streamSessionDeliversNothingFromDamagedRecords() {
        for (int round = 0; round < 60; round++) {
            StreamSession initiator =
                    new StreamSession(Role.INITIATOR, ALICE, BOB.publicKey(), LABEL, CipherSuite.CHACHA20_POLY1305, EntropySource.system());
            StreamSession responder =
                    new StreamSession(Role.RESPONDER, BOB, ALICE.publicKey(), LABEL, CipherSuite.CHACHA20_POLY1305, EntropySource.system());
            initiator.start(alice);
            responder.start(bob);
            for (int i = 0; i < 2; i++) {
                byte[] toBob = alice.sent.removeFirst();
                responder.receive(toBob, 0, toBob.length, bob);
                byte[] toAlice = bob.sent.removeFirst();
                initiator.receive(toAlice, 0, toAlice.length, alice);
            }
            bob.said.clear();
            byte[] record = initiator.seal(random.nextInt(128), randomBytes(300));
            byte[] damaged = damaged(record);
            int consumed = responder.receive(damaged, 0, damaged.length, bob);
            boolean whole = damaged.length >= record.length
                    && Arrays.equals(damaged, 0, record.length, record, 0, record.length);
            assertThat(consumed).isEqualTo(whole ? record.length : Math.min(consumed, 0));
            assertThat(bob.said).hasSize(whole ? 1 : 0);
        }
    }

    @Test
    void datagramHandshakeSurvivesJunk() {
        for (int i = 0; i < 20_000; i++) {
            byte[] junk = randomBytes(100);
            if (junk.length >= 5 && random.nextBoolean()) {
                Arrays.fill(junk, 0, 4, (byte) 0);
                junk[4] = (byte) 128;
            }
            DatagramSession session = session(Role.RESPONDER, BOB, ALICE, new DatagramCipher(16));
            session.receiveHandshake(junk, bob);
            assertThat(session.established()).isFalse();
        }
    }

    @Test
    void establishedDatagramSessionGoesOnThroughJunk() {
        DatagramCipher aliceCipher = new DatagramCipher(16);
        DatagramCipher bobCipher = new DatagramCipher(16);
        DatagramSession initiator = session(Role.INITIATOR, ALICE, BOB, aliceCipher);
        DatagramSession responder = session(Role.RESPONDER, BOB, ALICE, bobCipher);
        initiator.start(alice);
        responder.start(bob);
        for (int i = 0; i < 2; i++) {
            responder.receiveHandshake(alice.sent.removeFirst(), bob);
            initiator.receiveHandshake(bob.sent.removeFirst(), alice);
        }
        bob.said.clear();
        for (int i = 0; i < 30_000; i++) {
            byte[] datagram = sealed(aliceCipher, randomBytes(100));
            byte[] junk = damaged(datagram);
            if (!Arrays.equals(junk, datagram)) {
                long code = bobCipher.open(engine, ByteBuffer.wrap(junk.clone()), 0, junk.length, 0);
                assertThat(code).as("seed %d", seed).isNegative();
                if (i % 4 == 0) {
                    assertThat(responder.receiveHandshake(junk, bob)).as("seed %d", seed).isFalse();
                }
            }
            assertThat(bobCipher.open(engine, ByteBuffer.wrap(datagram), 0, datagram.length, 0)).as("seed %d", seed)
                    .isEqualTo(datagram.length - DatagramCipher.OVERHEAD_BYTES);
        }
        assertThat(responder.failed()).isFalse();
        assertThat(bob.said).isEmpty();
    }

    @Test
    void authenticNonsenseEndsTheSessionWithoutAnException() {
        for (int i = 0; i < 100; i++) {
            DatagramCipher aliceCipher = new DatagramCipher(16);
            DatagramSession initiator = session(Role.INITIATOR, ALICE, BOB, aliceCipher);
            DatagramSession responder = session(Role.RESPONDER, BOB, ALICE, new DatagramCipher(16));
            initiator.start(alice);
            responder.start(bob);
            for (int j = 0; j < 2; j++) {
                responder.receiveHandshake(alice.sent.removeFirst(), bob);
                initiator.receiveHandshake(bob.sent.removeFirst(), alice);
            }
            for (int j = 0; j < 4 && !responder.failed(); j++) {
                byte[] nonsense = new byte[new int[] {0, 64, 65, random.nextInt(100)}[random.nextInt(4)]];
                random.nextBytes(nonsense);
                if (nonsense.length > 0 && random.nextBoolean()) {
                    nonsense[0] = 0;
                }
                responder.handshakeRecord(nonsense, bob);
            }
            bob.sent.clear();
        }
    }

    private DatagramSession session(Role role, NodeKey local, NodeKey remote, DatagramCipher cipher) {
        return new DatagramSession(role, local, remote.publicKey(), LABEL, Suites.PLAIN, EntropySource.system(), cipher, engine);
    }

    private byte[] sealed(DatagramCipher cipher, byte[] data) {
        ByteBuffer memory = ByteBuffer.allocate(data.length + DatagramCipher.OVERHEAD_BYTES);
        memory.put(5, data);
        cipher.seal(engine, 0, memory, 5, data.length);
        return memory.array();
    }

    private static List<byte[]> handshakeOfAlice(Transcript responderSide) {
        Transcript transcript = new Transcript("sptps-stream.json", Role.INITIATOR);
        Transcript.Recorder recorder = new Transcript.Recorder();
        Transcript.Recorder other = new Transcript.Recorder();
        StreamSession initiator = new StreamSession(
                Role.INITIATOR, transcript.localKey(), transcript.remoteKey(), transcript.label(),
                CipherSuite.CHACHA20_POLY1305, transcript.entropy());
        StreamSession responder = new StreamSession(
                Role.RESPONDER, responderSide.localKey(), responderSide.remoteKey(), responderSide.label(),
                CipherSuite.CHACHA20_POLY1305, responderSide.entropy());
        initiator.start(recorder);
        responder.start(other);
        byte[] kex = other.sent.removeFirst();
        initiator.receive(kex, 0, kex.length, recorder);
        return recorder.sent;
    }

    private void feedAll(StreamSession session, byte[] bytes) {
        int offset = 0;
        int consumed;
        while ((consumed = session.receive(bytes, offset, bytes.length - offset, bob)) > 0) {
            offset += consumed;
        }
        assertThat(consumed).isIn(StreamSession.INCOMPLETE, StreamSession.FAILED);
        assertThat(session.failure() == null).isEqualTo(consumed == StreamSession.INCOMPLETE);
        bob.sent.clear();
    }

    private byte[] damaged(byte[] original) {
        byte[] bytes = original.clone();
        switch (random.nextInt(5)) {
            case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(20));
            case 2 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            case 3 -> bytes[random.nextInt(Math.min(5, bytes.length))] = (byte) random.nextInt();
            default -> {
                int from = random.nextInt(bytes.length);
                byte[] noise = new byte[bytes.length - from];
                random.nextBytes(noise);
                System.arraycopy(noise, 0, bytes, from, noise.length);
            }
        }
        return bytes;
    }

    private byte[] randomBytes(int below) {
        byte[] bytes = new byte[random.nextInt(below)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] concatenated(List<byte[]> parts) {
        ByteBuffer all = ByteBuffer.allocate(parts.stream().mapToInt(part -> part.length).sum());
        parts.forEach(all::put);
        return all.array();
    }
}
