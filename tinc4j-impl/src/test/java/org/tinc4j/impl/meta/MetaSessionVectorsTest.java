package org.tinc4j.impl.meta;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tinc4j.CipherSuite;
import org.tinc4j.NodeKey;
import org.tinc4j.NodeName;
import org.tinc4j.NodePublicKey;
import org.tinc4j.impl.crypto.EntropySource;
import org.tinc4j.impl.crypto.Vectors;
import org.tinc4j.impl.meta.MetaSession.Origin;
import org.tinc4j.impl.wire.MetaRequest;

/** A whole meta connection between alice and bob, recorded from tinc: each side's bytes, from the ID line on. */
class MetaSessionVectorsTest {

    private static final InetSocketAddress ANYWHERE = new InetSocketAddress("192.0.2.1", 655);

    private static byte[] streamOf(String side) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (JsonNode chunk : Vectors.read("meta-session.json").get("chunks")) {
            if (chunk.get("from").textValue().equals(side)) {
                stream.writeBytes(Vectors.bytes(chunk, "bytes"));
            }
        }
        return stream.toByteArray();
    }

    /** One side, and all it wrote and heard. */
    private static final class Side implements MetaEvents {
        final MetaSession session;
        final ByteArrayOutputStream written = new ByteArrayOutputStream();
        final List<String> heard = new ArrayList<>();
        final List<byte[]> frames = new ArrayList<>();
        final List<byte[]> sealed = new ArrayList<>();
        final Deque<MetaRequest> toSay = new ArrayDeque<>();
        MetaRequest.Ack ack = new MetaRequest.Ack(1, 1, 1);
        String failure;
        private final NodePublicKey peerKey;

        Side(String name, String role, String peer, String peerRole, Origin origin) {
            JsonNode root = Vectors.read("sptps-stream.json");
            peerKey = NodePublicKey.of(Vectors.bytes(root.get(peerRole + "_identity"), "public"));
            JsonNode identity = root.get(role + "_identity");
            NodeKey key = NodeKey.of(
                    Vectors.bytes(identity, "private64"), NodePublicKey.of(Vectors.bytes(identity, "public")));
            Deque<byte[]> random = new ArrayDeque<>();
            for (JsonNode ephemeral : root.get("ephemerals")) {
                if (ephemeral.get("use").textValue().endsWith(" " + role)) {
                    random.add(Vectors.bytes(ephemeral, "nonce"));
                    random.add(Vectors.bytes(ephemeral, "ecdh_seed"));
                }
            }
            EntropySource entropy = out -> System.arraycopy(random.removeFirst(), 0, out, 0, out.length);
            session = new MetaSession(
                    1,
                    origin,
                    origin == Origin.DIALLED ? new NodeName(peer) : null,
                    ANYWHERE,
                    ANYWHERE,
                    new NodeName(name),
                    key,
                    entropy,
                    0,
                    this);
        }

        static Side alice() {
            return new Side("alice", "initiator", "bob", "responder", Origin.DIALLED);
        }

        static Side bob() {
            return new Side("bob", "responder", "alice", "initiator", Origin.ACCEPTED);
        }

        @Override
        public void write(MetaSession from, byte[] bytes) {
            written.writeBytes(bytes);
        }

        @Override
        public CipherSuite suiteOf(NodeName peer) {
            return CipherSuite.CHACHA20_POLY1305;
        }

        @Override
        public Optional<NodePublicKey> keyOf(NodeName peer) {
            return Optional.of(peerKey);
        }

        @Override
        public Optional<MetaRequest.Ack> authenticated(MetaSession from, NodeName peer) {
            return Optional.of(ack);
        }

        @Override
        public void activated(MetaSession from, NodeName peer, MetaRequest.Ack theirs) {
            heard.add(theirs.encode());
            while (!toSay.isEmpty()) {
                session.send(toSay.removeFirst());
            }
        }

        @Override
        public void request(MetaSession from, NodeName peer, MetaRequest request, String text) {
            if (!(request instanceof MetaRequest.Pong)) {
                heard.add(text);
                said.add(request);
            }
        }

        final List<MetaRequest> said = new ArrayList<>();

        @Override
        public void packet(MetaSession from, NodeName peer, byte[] frame) {
            frames.add(frame);
        }

        @Override
        public void sealedPacket(MetaSession from, NodeName peer, byte[] packet) {
            sealed.add(packet);
        }

        @Override
        public void failed(MetaSession from, String reason) {
            failure = reason;
        }

        void take(byte[] stream, Random pieces) {
            for (int at = 0; at < stream.length; ) {
                int length = Math.min(1 + pieces.nextInt(40), stream.length - at);
                byte[] piece = java.util.Arrays.copyOfRange(stream, at, at + length);
                session.received(piece, piece.length);
                at += length;
            }
        }
    }

    private static MetaRequest.Ack ackHeardBy(Side side) {
        String[] fields = side.heard.getFirst().split(" ");
        return new MetaRequest.Ack(
                Integer.parseInt(fields[1]), Integer.parseInt(fields[2]), Integer.parseUnsignedInt(fields[3], 16));
    }

    @Test
    void bothSidesUnderstandTheRecordedStreamOfTheOther() {
        Side bob = Side.bob();
        bob.take(streamOf("alice"), new Random(1));
        Side alice = Side.alice();
        alice.session.start();
        alice.take(streamOf("bob"), new Random(2));

        assertThat(bob.failure).isNull();
        assertThat(alice.failure).isNull();
        assertThat(bob.heard).hasSize(3);
        assertThat(bob.heard.get(1)).startsWith("10 ");
        assertThat(bob.heard.get(2)).startsWith("12 ");
        assertThat(bob.frames).singleElement().satisfies(frame -> assertThat(frame).hasSize(0x2a));
        assertThat(bob.sealed)
                .extracting(HexFormat.of()::formatHex)
                .containsExactly("0416a26ba554408b27d3097e00000002a29c499c8d670eb3475e24414959b059d6da1d320e398d40d27530268d4532918b30266aae");
        assertThat(alice.heard).hasSize(3);
    }

    @Test
    void theAcceptingSideWritesTheRecordedStreamByteForByte() {
        Side listener = Side.alice();
        listener.session.start();
        listener.take(streamOf("bob"), new Random(3));

        Side bob = Side.bob();
        bob.ack = ackHeardBy(listener);
        bob.toSay.addAll(listener.said);
        bob.take(streamOf("alice"), new Random(4));

        // The recording ends before bob's answer to the last PING.
        byte[] recorded = streamOf("bob");
        byte[] written = bob.written.toByteArray();
        assertThat(HexFormat.of().formatHex(written)).startsWith(HexFormat.of().formatHex(recorded));
        assertThat(written.length).isEqualTo(recorded.length + 21);
    }

    @Test
    void theDiallingSideWritesTheRecordedStreamByteForByte() {
        Side listener = Side.bob();
        listener.take(streamOf("alice"), new Random(5));

        Side alice = Side.alice();
        alice.ack = ackHeardBy(listener);
        alice.toSay.addAll(listener.said);
        alice.session.start();
        alice.take(streamOf("bob"), new Random(6));
        alice.session.send(new MetaRequest.Ping());
        alice.session.sendFrame(listener.frames.getFirst());
        alice.session.sendSealedPacket(listener.sealed.getFirst());
        alice.session.send(new MetaRequest.Ping());

        assertThat(HexFormat.of().formatHex(alice.written.toByteArray()))
                .isEqualTo(HexFormat.of().formatHex(streamOf("alice")));
    }
}
