package org.tinc4j.impl.meta;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.junit.Lifecycle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.tinc4j.CipherSuite;
import org.tinc4j.NodeKey;
import org.tinc4j.NodeName;
import org.tinc4j.NodePublicKey;
import org.tinc4j.impl.crypto.EntropySource;
import org.tinc4j.impl.wire.MetaRequest;

/** A whole meta connection, from anybody's first byte to an authentic peer's last. */
class MetaSessionJazzerTest {

    private static final NodeName SELF = new NodeName("alice");
    private static final NodeKey KEY = NodeKey.generate();
    private static final NodeKey PEER_KEY = NodeKey.generate();
    private static final EntropySource ENTROPY = out -> Arrays.fill(out, (byte) 7);
    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 655);

    private final Told told = new Told();
    private final HostilePeer peer = new HostilePeer(PEER_KEY, SELF, KEY.publicKey(), ENTROPY);
    private final MetaSession session =
            new MetaSession(1, MetaSession.Origin.ACCEPTED, null, ADDRESS, ADDRESS, SELF, KEY, ENTROPY, 0, told);

    static Stream<byte[]> beginnings() {
        return Stream.of(
                        "0 mallory 17.7\n",
                        "0 mallory 17.7\n\0\101\200\0",
                        "0 ?AQIDBA 17.1\n",
                        "0 ^0123 0\n",
                        "0 alice 17.7\n",
                        "0 mallory 17.0\n",
                        "0 mallory 18.9")
                .map(MetaSessionJazzerTest::bytes);
    }

    /** The first byte says into pieces of which length the rest is cut. */
    @MethodSource("beginnings")
    @FuzzTest(lifecycle = Lifecycle.PER_EXECUTION)
    void anybody(byte[] data) {
        session.start();
        int piece = data.length == 0 ? 1 : 1 + (data[0] & 0xff);
        for (int at = 0; at < data.length; at += piece) {
            byte[] bytes = Arrays.copyOfRange(data, at, Math.min(data.length, at + piece));
            session.received(bytes, bytes.length);
        }
        assertThat(session.active()).isFalse();
        assertThat(told.failures).isEqualTo(session.closed() ? 1 : 0);
    }

    static Stream<byte[]> sayings() {
        return Stream.of(
                        "4 655 10 700000c\n10 1f2e mallory 10.7.0.0/24\n8\n9\n3",
                        "4 655 10 700000c\n17 20\n00000000000000000000\n17 3\nabcd",
                        "4 655 10 700000c\n21 14\n!00000000000000\n8",
                        "4 655 10 700000c\n15 mallory alice 15 AQIDBA\n16 mallory alice AQIDBA -1 -1 -1 0",
                        "8",
                        "4 655 10 700000c\n!\0\1\0a")
                .map(MetaSessionJazzerTest::bytes);
    }

    /** Each line is a record of an authentic peer; what stands behind an exclamation mark is sent outside of records. */
    @MethodSource("sayings")
    @FuzzTest(lifecycle = Lifecycle.PER_EXECUTION)
    void anAuthenticPeer(byte[] data) {
        session.start();
        pump();
        assertThat(peer.established()).isTrue();
        for (String line : new String(data, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            if (line.startsWith("!")) {
                peer.raw(bytes(line.substring(1)));
            } else {
                peer.record(bytes(line));
            }
            pump();
        }
        assertThat(told.failures).isEqualTo(session.closed() ? 1 : 0);
        assertThat(told.afterFailure).isFalse();
    }

    private void pump() {
        for (byte[] bytes = peer.next(); bytes != null; bytes = peer.next()) {
            session.received(bytes, bytes.length);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** What the session told. */
    private final class Told implements MetaEvents {
        private int failures;
        private boolean afterFailure;

        @Override
        public void write(MetaSession from, byte[] bytes) {
            peer.receive(bytes);
        }

        @Override
        public CipherSuite suiteOf(NodeName name) {
            return CipherSuite.CHACHA20_POLY1305;
        }

        @Override
        public Optional<NodePublicKey> keyOf(NodeName name) {
            return name.equals(HostilePeer.NAME) ? Optional.of(PEER_KEY.publicKey()) : Optional.empty();
        }

        @Override
        public Optional<MetaRequest.Ack> authenticated(MetaSession from, NodeName name) {
            return Optional.of(new MetaRequest.Ack(655, 1, MetaSession.MINOR << 24));
        }

        @Override
        public void activated(MetaSession from, NodeName name, MetaRequest.Ack ack) {
            assertThat(name).isEqualTo(HostilePeer.NAME);
            note();
        }

        @Override
        public void request(MetaSession from, NodeName name, MetaRequest request, String text) {
            assertThat(text).doesNotContain("\n").hasSizeLessThanOrEqualTo(2176);
            note();
        }

        @Override
        public void packet(MetaSession from, NodeName name, byte[] frame) {
            note();
        }

        @Override
        public void sealedPacket(MetaSession from, NodeName name, byte[] packet) {
            assertThat(packet).hasSizeGreaterThanOrEqualTo(12);
            note();
        }

        @Override
        public void failed(MetaSession from, String reason) {
            assertThat(reason).doesNotContain("\n", "\r", "\0", "\u001b");
            failures++;
        }

        private void note() {
            afterFailure |= failures > 0;
        }
    }
}
