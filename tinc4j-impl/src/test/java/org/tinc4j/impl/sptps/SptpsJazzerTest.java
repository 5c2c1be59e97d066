package org.tinc4j.impl.sptps;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.junit.Lifecycle;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.tinc4j.CipherSuite;
import org.tinc4j.NodeKey;
import org.tinc4j.impl.crypto.Aead;
import org.tinc4j.impl.crypto.AeadKey;
import org.tinc4j.impl.crypto.ChaChaPoly;
import org.tinc4j.impl.crypto.EntropySource;

/** Records and datagrams of anybody, and of a peer that has the keys but keeps to nothing else. */
class SptpsJazzerTest {

    private static final NodeKey ALICE = NodeKey.generate();
    private static final NodeKey BOB = NodeKey.generate();
    private static final byte[] LABEL = SptpsLabels.invitation();
    private static final EntropySource ENTROPY = out -> Arrays.fill(out, (byte) 7);
    private static final int WINDOW_BYTES = 4;

    private final Transcript.Recorder bob = new Transcript.Recorder();
    private final Aead engine = new ChaChaPoly();

    /** What the initiator sends to become established. */
    private static List<byte[]> handshake() {
        Transcript.Recorder toBob = new Transcript.Recorder();
        Transcript.Recorder toAlice = new Transcript.Recorder();
        StreamSession initiator = new StreamSession(Role.INITIATOR, ALICE, BOB.publicKey(), LABEL, CipherSuite.CHACHA20_POLY1305, ENTROPY);
        StreamSession responder = new StreamSession(Role.RESPONDER, BOB, ALICE.publicKey(), LABEL, CipherSuite.CHACHA20_POLY1305, ENTROPY);
        initiator.start(toBob);
        responder.start(toAlice);
        byte[] kex = toAlice.sent.getFirst();
        initiator.receive(kex, 0, kex.length, toBob);
        return toBob.sent;
    }

    static Stream<byte[]> streams() {
        List<byte[]> sent = handshake();
        return Stream.of(sent.get(0), joined(sent.get(0), sent.get(1)), new byte[] {0, 0, (byte) 128}, new byte[] {(byte) 255, (byte) 255, 0});
    }

    @MethodSource("streams")
    @FuzzTest(lifecycle = Lifecycle.PER_EXECUTION)
    void stream(byte[] data) {
        StreamSession session = new StreamSession(Role.RESPONDER, BOB, ALICE.publicKey(), LABEL, CipherSuite.CHACHA20_POLY1305, ENTROPY);
        session.start(bob);
        int offset = 0;
        int consumed;
        while ((consumed = session.receive(data, offset, data.length - offset, bob)) > 0) {
            offset += consumed;
        }
        assertThat(session.failure() == null).isEqualTo(consumed == StreamSession.INCOMPLETE);
    }

    static Stream<byte[]> messages() {
        List<byte[]> sent = handshake();
        byte[] kex = Arrays.copyOfRange(sent.get(0), 3, sent.get(0).length);
        byte[] sig = Arrays.copyOfRange(sent.get(1), 3, sent.get(1).length);
        return Stream.of(framed(kex), joined(framed(kex), framed(sig)), joined(framed(kex), framed(sig), framed(kex), framed(sig)),
                framed(new byte[0]));
    }

    /** Each message behind a byte with its length, as authentic records of an established session and before. */
    @MethodSource("messages")
    @FuzzTest(lifecycle = Lifecycle.PER_EXECUTION)
    void handshakeMessages(byte[] data) {
        DatagramCipher cipher = new DatagramCipher(WINDOW_BYTES);
        DatagramSession session = new DatagramSession(Role.RESPONDER, BOB, ALICE.publicKey(), LABEL, Suites.PLAIN, ENTROPY, cipher, engine);
        session.start(bob);
        int seqno = 0;
        for (byte[] message : unframed(data)) {
            if (session.established()) {
                session.handshakeRecord(message, bob);
            } else {
                ByteBuffer datagram = ByteBuffer.allocate(5 + message.length);
                datagram.putInt(seqno++).put((byte) RecordType.HANDSHAKE).put(message);
                session.receiveHandshake(datagram.array(), bob);
            }
        }
        assertThat(session.failed()).isEqualTo(session.failure() != null);
    }

    static Stream<byte[]> datagrams() {
        return Stream.of(
                joined(framed(new byte[] {0, 0, 0, 2, 0, 1}), framed(new byte[] {0, 0, 0, 2, 0, 1})),
                joined(framed(new byte[] {0, 0, 0, 40, 0}), framed(new byte[] {0, 0, 0, 3, (byte) 128})),
                framed(new byte[] {-1, -1, -1, -1, 127}),
                framed(new byte[] {0, 0, 1, 0, (byte) 200}));
    }

    /** Each datagram behind a byte with its length: as it came, then sealed under a key the session has. No number is taken twice. */
    @MethodSource("datagrams")
    @FuzzTest(lifecycle = Lifecycle.PER_EXECUTION)
    void datagram(byte[] data) {
        DatagramCipher cipher = new DatagramCipher(WINDOW_BYTES);
        cipher.incomingNext(key());
        cipher.promoteIncoming();
        AeadKey key = key();
        Set<Integer> taken = new HashSet<>();
        for (byte[] content : unframed(data)) {
            assertThat(cipher.open(engine, ByteBuffer.wrap(content.clone()), 0, content.length, 0)).isNegative();
            if (content.length < DatagramCipher.HEADER_BYTES) {
                continue;
            }
            ByteBuffer sealed = ByteBuffer.allocate(content.length + Aead.TAG_BYTES).put(content);
            int seqno = sealed.getInt(0);
            engine.seal(key, seqno, sealed, 4, content.length - 4);
            byte[] bytes = sealed.array().clone();
            long opened = cipher.open(engine, sealed, 0, sealed.capacity(), 0);
            if (opened >= 0) {
                assertThat(taken.add(seqno)).isTrue();
                assertThat(DatagramCipher.typeOf(opened)).isEqualTo(content[4] & 0xff).isLessThanOrEqualTo(128);
                assertThat(DatagramCipher.dataLengthOf(opened)).isEqualTo(content.length - DatagramCipher.HEADER_BYTES);
                assertThat(Arrays.copyOf(sealed.array(), content.length)).isEqualTo(content);
                assertThat(cipher.open(engine, ByteBuffer.wrap(bytes), 0, bytes.length, 0)).isNegative();
            } else {
                assertThat(DatagramCipher.describe(opened)).isNotBlank();
            }
        }
    }

    private static AeadKey key() {
        byte[] key = new byte[AeadKey.BYTES];
        Arrays.fill(key, (byte) 9);
        return new AeadKey(CipherSuite.CHACHA20_POLY1305, key);
    }

    private static byte[] framed(byte[] content) {
        return joined(new byte[] {(byte) content.length}, content);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static List<byte[]> unframed(byte[] data) {
        List<byte[]> parts = new ArrayList<>();
        for (int at = 0; at < data.length; ) {
            int end = Math.min(data.length, at + 1 + (data[at] & 0xff));
            parts.add(Arrays.copyOfRange(data, at + 1, end));
            at = end;
        }
        return parts;
    }
}
