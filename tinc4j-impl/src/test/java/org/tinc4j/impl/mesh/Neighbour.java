package org.tinc4j.impl.mesh;

import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.tinc4j.CipherSuite;
import org.tinc4j.NodeKey;
import org.tinc4j.NodeName;
import org.tinc4j.NodePublicKey;
import org.tinc4j.Peer;
import org.tinc4j.impl.fabric.FabricStream;
import org.tinc4j.impl.fabric.StreamEnd;
import org.tinc4j.impl.fabric.StreamSink;
import org.tinc4j.impl.meta.MetaEvents;
import org.tinc4j.impl.meta.MetaSession;
import org.tinc4j.impl.wire.MetaRequest;

/** A scripted neighbour of one node: says any line it is told to, and keeps what it hears. It sends no gossip of its own. */
final class Neighbour implements StreamSink, MetaEvents {

    final NodeName name;
    final NodeKey key;
    final MetaSession session;

    /** Requests heard, without PING and PONG, which the session handles. */
    final List<String> heard = new ArrayList<>();

    final List<byte[]> sealedPackets = new ArrayList<>();
    final List<byte[]> frames = new ArrayList<>();

    /** What it says in its ACK. */
    MetaRequest.Ack ack = new MetaRequest.Ack(655, 10, 0x700000c);

    String failure;
    boolean closed;

    private final MeshHarness harness;
    private final NodePublicKey remoteKey;

    /** Where it tears what it says; null for nowhere. */
    private final Random torn;

    private FabricStream stream;

    private Neighbour(MeshHarness harness, MeshTestNode to, String name, Random torn) {
        this.harness = harness;
        this.name = new NodeName(name);
        this.key = harness.key(name);
        this.remoteKey = to.key.publicKey();
        this.torn = torn;
        try {
            harness.host(name).connect(to.address, this);
        } catch (BindException e) {
            throw new AssertionError(e);
        }
        if (!harness.runUntil(() -> stream != null, Duration.ofSeconds(1))) {
            throw new AssertionError("no connection");
        }
        Random random = new Random(harness.seed);
        this.session = new MetaSession(
                1,
                MetaSession.Origin.DIALLED,
                to.name,
                to.address,
                stream.local(),
                this.name,
                key,
                random::nextBytes,
                harness.now(),
                this);
    }

    /** Connects as a node whose key is made known to {@code to}, and says hello. */
    static Neighbour of(MeshHarness harness, MeshTestNode to, String name) {
        return of(harness, to, name, null);
    }

    /** The same, but whatever it says goes out in pieces of random sizes. */
    static Neighbour torn(MeshHarness harness, MeshTestNode to, String name) {
        return of(harness, to, name, new Random(harness.seed));
    }

    private static Neighbour of(MeshHarness harness, MeshTestNode to, String name, Random torn) {
        to.mesh.putPeer(
                new Peer(new NodeName(name)).publicKey(harness.key(name).publicKey()).settings(), harness.now());
        return new Neighbour(harness, to, name, torn);
    }

    /** Connects and runs until the connection is active. */
    static Neighbour active(MeshHarness harness, MeshTestNode to, String name) {
        Neighbour neighbour = of(harness, to, name);
        neighbour.activate();
        return neighbour;
    }

    /** Shakes hands. */
    void activate() {
        session.start();
        if (!harness.runUntil(session::active, Duration.ofSeconds(1))) {
            throw new AssertionError("not active: " + failure + " " + harness.log);
        }
        harness.run(Duration.ofMillis(20));
    }

    /** Announces the edge from here to the node, without which it counts as unreachable. */
    Neighbour reachable(MeshTestNode to) {
        say("12 e0 " + name + " " + to.name + " 192.0.2.1 655 700000c 10");
        harness.run(Duration.ofMillis(20));
        heard.clear();
        return this;
    }

    /** Sends a line as one record. */
    void say(String line) {
        session.sendText(line);
    }

    /** Sends bytes as they are, outside of any record. */
    void raw(byte[] bytes) {
        for (int at = 0; at < bytes.length; ) {
            int length = torn == null ? bytes.length : 1 + torn.nextInt(bytes.length - at);
            stream.write(Arrays.copyOfRange(bytes, at, at + length));
            at += length;
        }
    }

    /** What it heard of one kind, by the number in front. */
    List<String> heard(int number) {
        return heard.stream().filter(line -> line.startsWith(number + " ")).toList();
    }

    @Override
    public void connected(FabricStream connected) {
        stream = connected;
    }

    @Override
    public void failed(StreamEnd reason) {
        failure = reason.text();
    }

    @Override
    public void received(byte[] bytes) {
        stream.consumed(bytes.length);
        session.received(bytes, bytes.length);
    }

    @Override
    public void writable() {
        // It says little.
    }

    @Override
    public void closed(StreamEnd reason) {
        closed = true;
    }

    @Override
    public void write(MetaSession from, byte[] bytes) {
        raw(bytes);
    }

    @Override
    public Optional<NodePublicKey> keyOf(NodeName peer) {
        return Optional.of(remoteKey);
    }

    @Override
    public CipherSuite suiteOf(NodeName peer) {
        return CipherSuite.CHACHA20_POLY1305;
    }

    @Override
    public Optional<MetaRequest.Ack> authenticated(MetaSession from, NodeName peer) {
        return Optional.of(ack);
    }

    @Override
    public void activated(MetaSession from, NodeName peer, MetaRequest.Ack theirs) {
        heard.add(theirs.encode());
    }

    @Override
    public void request(MetaSession from, NodeName peer, MetaRequest request, String line) {
        heard.add(line);
    }

    @Override
    public void packet(MetaSession from, NodeName peer, byte[] frame) {
        frames.add(frame);
    }

    @Override
    public void sealedPacket(MetaSession from, NodeName peer, byte[] packet) {
        sealedPackets.add(packet);
    }

    @Override
    public void failed(MetaSession from, String reason) {
        failure = reason;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
