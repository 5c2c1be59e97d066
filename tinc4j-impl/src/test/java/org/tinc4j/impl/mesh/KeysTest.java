package org.tinc4j.impl.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tinc4j.CipherSuite;
import org.tinc4j.NodeName;
import org.tinc4j.NodePublicKey;
import org.tinc4j.Peer;
import org.tinc4j.TincBase64;
import org.tinc4j.event.TincEvent;
import org.tinc4j.impl.crypto.ChaChaPoly;
import org.tinc4j.impl.crypto.Vectors;
import org.tinc4j.impl.sptps.DatagramCipher;
import org.tinc4j.impl.sptps.DatagramSession;
import org.tinc4j.impl.sptps.Role;
import org.tinc4j.impl.sptps.SptpsLabels;
import org.tinc4j.impl.sptps.SptpsSink;
import org.tinc4j.impl.sptps.Suites;

/** Data keys: made over relays, renewed, crossed, lost. */
class KeysTest {

    private final MeshHarness harness = new MeshHarness(31);

    private MeshTestNode hub;
    private MeshTestNode left;
    private MeshTestNode right;

    private void threeInARow() {
        threeInARow("left", "right", builder -> builder);
    }

    private void threeInARow(
            String leftName, String rightName, java.util.function.UnaryOperator<org.tinc4j.Tinc.Builder> options) {
        hub = harness.node("hub", options);
        left = harness.node(leftName, options);
        right = harness.node(rightName, options);
        harness.connect(left, hub);
        harness.connect(right, hub);
        assertThat(harness.converge(Duration.ofSeconds(3))).isTrue();
    }

    private static long renewals(MeshTestNode node, MeshTestNode with) {
        return node.events.stream()
                .filter(event -> event instanceof TincEvent.KeyRenewed key && key.node().equals(with.name) && key.renewal())
                .count();
    }

    @Test
    void aRemovedPeerLosesItsKeyAndItsTunnel() {
        MeshTestNode a = harness.node("a");
        MeshTestNode b = harness.node("b");
        harness.connect(a, b);
        harness.run(Duration.ofSeconds(3));
        assertThat(b.peer(a).established()).isTrue();
        b.mesh.removePeer(a.name, harness.now());

        assertThat(b.peer(a).key).isNull();
        assertThat(b.peer(a).tunnel.cipher()).isNull();
    }

    @Test
    void aSealedDatagramTooLongForAnOldHopIsDropped() {
        MeshTestNode bob = harness.node("bob");
        Neighbour old = Neighbour.active(harness, bob, "old");
        old.say("12 e0 old bob 192.0.2.1 655 c 10");
        harness.run(Duration.ofMillis(50));
        MeshNode node = bob.mesh.state().known(old.name);
        node.route = new org.tinc4j.impl.graph.Path(old.name, old.name, 1, 1, 0, false, node.route.lastEdge());

        assertThat(bob.mesh.sendSealed(node.tunnel, new byte[1952], harness.now())).isFalse();
    }

    @Test
    void keysWithANodeNeverHeardOfAreMadeThroughARelayWithinAFewRoundTrips() {
        threeInARow();
        assertThat(left.peer(right).key).isNull();
        Packets.sendUdp(harness, left.name.value(), right.name.value(), 100);
        double start = harness.seconds();
        assertThat(harness.runUntil(
                        () -> left.peer(right).established() && right.peer(left).established(), Duration.ofSeconds(2)))
                .isTrue();

        assertThat(harness.seconds() - start).isLessThan(0.05);
        assertThat(left.peer(right).key).isEqualTo(right.key.publicKey());
        assertThat(right.peer(left).key).isEqualTo(left.key.publicKey());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 300_000, 1_000_000, 1_900_000, 2_500_000, 5_000_000})
    void crossingRequestsEndInOneSession(long stagger) {
        threeInARow();
        harness.expect(left, right);
        harness.expect(right, left);
        Packets.sendUdp(harness, "left", "right", 100);
        harness.at(stagger, () -> Packets.sendUdp(harness, "right", "left", 100));
        harness.run(Duration.ofSeconds(1));
        assertThat(left.peer(right).established()).isTrue();
        assertThat(right.peer(left).established()).isTrue();
        assertThat(left.peer(right).keys.initiator).isNotEqualTo(right.peer(left).keys.initiator);
        harness.run(Duration.ofSeconds(1));
        Packets.sendUdp(harness, "left", "right", 100);
        Packets.sendUdp(harness, "right", "left", 100);
        harness.run(Duration.ofSeconds(1));

        assertThat(left.delivered).isNotEmpty();
        assertThat(right.delivered).isNotEmpty();
    }

    @Test
    void aRequestThatCrossesOursIsLeftToRestBecauseTincdAnswersOurs() {
        MeshTestNode bob = harness.node("bob");
        Neighbour dave = Neighbour.active(harness, bob, "dave").reachable(bob);
        bob.mesh.onWanted(bob.mesh.state().known(dave.name).tunnel, harness.now());
        harness.run(Duration.ofMillis(5));
        String request = dave.heard(15).getLast();
        dave.heard.clear();
        dave.say("15 dave bob 15 " + request.split(" ")[4]);
        harness.run(Duration.ofMillis(100));
        assertThat(dave.heard).isEmpty();

        dave.heard.add(request);
        new TunnelScript(harness, dave, bob, Role.RESPONDER, Suites.PLAIN).run();

        assertThat(bob.mesh.state().known(dave.name).established()).isTrue();
        assertThat(bob.mesh.state().known(dave.name).keys.initiator).isTrue();
    }

    @Test
    void anUnansweredRequestIsRepeatedAfterTenSeconds() {
        MeshTestNode bob = harness.node("bob");
        Neighbour dave = Neighbour.active(harness, bob, "dave").reachable(bob);
        for (int i = 0; i < 25; i++) {
            bob.mesh.onWanted(bob.mesh.state().known(dave.name).tunnel, harness.now());
            harness.run(Duration.ofSeconds(1));
        }

        assertThat(dave.heard(15)).hasSize(3);
    }

    @Test
    void junkInAnAnswerDoesNotEndTheConnectionNorAnEstablishedSession() {
        threeInARow();
        Packets.sendUdp(harness, "left", "right", 100);
        harness.run(Duration.ofSeconds(1));
        var keys = left.peer(right).keys;
        hub.peer(left).connection.sendText("16 right left " + TincBase64.encode(new byte[70]) + " -1 -1 -1 0");
        hub.peer(left).connection.sendText("16 right left $$$ -1 -1 -1 0");
        harness.run(Duration.ofSeconds(1));

        assertThat(left.peer(right).keys).isSameAs(keys);
        assertThat(left.peer(right).established()).isTrue();
        assertThat(left.mesh.isReachable(hub.name)).isTrue();
    }

    @Test
    void aRelayAddsTheAddressItSeesOnceUdpToTheDestinationWorks() {
        threeInARow();
        harness.run(Duration.ofSeconds(5));
        assertThat(hub.peer(left).path.confirmed()).isTrue();
        int heard = harness.trace().length();
        left.peer(hub).connection.sendText("16 left right " + "A".repeat(90) + " -1 -1 -1 0");
        harness.run(Duration.ofMillis(10));

        int plain = 2 + 1 + 16 + ("16 left right " + "A".repeat(90) + " -1 -1 -1 0\n").length();
        int added = (" " + left.ip() + " 655").length();
        assertThat(harness.trace().substring(heard)).contains("tcp left>hub " + plain + " ", "tcp hub>right " + (plain + added) + " ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"left right", "right left"})
    void keysAreRenewedWithoutLosingAPacketWhoeverStarts(String roles) {
        String[] names = roles.split(" ");
        threeInARow(names[0], names[1], builder -> builder.keyLifetime(Duration.ofSeconds(30)));
        for (int i = 0; i < 20; i++) {
            Packets.sendUdp(harness, names[0], names[1], 100);
            harness.run(Duration.ofMillis(100));
        }
        right.delivered.clear();
        left.delivered.clear();
        for (int i = 0; i < 2000; i++) {
            Packets.sendUdp(harness, names[0], names[1], 100);
            Packets.sendUdp(harness, names[1], names[0], 100);
            harness.run(Duration.ofMillis(50));
        }
        harness.run(Duration.ofSeconds(1));

        assertThat(right.delivered).hasSize(2000);
        assertThat(left.delivered).hasSize(2000);
        assertThat(renewals(left, right)).isBetween(2L, 4L);
        assertThat(renewals(right, left)).isEqualTo(renewals(left, right));
    }

    @Test
    void theResponderRenewsWhenTheInitiatorDoesNot() {
        MeshTestNode bob = harness.node("bob", builder -> builder.keyLifetime(Duration.ofSeconds(30)));
        Neighbour dave = Neighbour.active(harness, bob, "dave").reachable(bob);
        MeshNode peer = bob.mesh.state().known(dave.name);
        new TunnelScript(harness, dave, bob, Role.INITIATOR, Suites.PLAIN).run();
        assertThat(peer.established()).isTrue();
        dave.heard.clear();
        harness.run(Duration.ofSeconds(31));
        assertThat(dave.heard(16)).isEmpty();
        harness.run(Duration.ofSeconds(3));

        assertThat(dave.heard(16)).hasSize(1);
    }

    @Test
    void aRenewalThatIsNeverAnsweredEndsInANewRequestAndHoldsNothingForever() {
        MeshTestNode bob = harness.node("bob", builder -> builder.keyLifetime(Duration.ofSeconds(30)));
        Neighbour dave = Neighbour.active(harness, bob, "dave").reachable(bob);
        MeshNode peer = bob.mesh.state().known(dave.name);
        new TunnelScript(harness, dave, bob, Role.INITIATOR, Suites.PLAIN).run();
        harness.run(Duration.ofSeconds(50));

        assertThat(dave.heard(15)).isNotEmpty();
        assertThat(peer.tunnel.held()).isFalse();
    }

    @Test
    void aPublicKeyIsLearnedOnceAndConfigurationWins() {
        MeshTestNode bob = harness.node("bob");
        Neighbour dave = Neighbour.active(harness, bob, "dave").reachable(bob);
        NodePublicKey first = harness.key("one").publicKey();
        NodePublicKey second = harness.key("two").publicKey();
        dave.say("12 a1 dave x 1.2.3.4 655 700000c 5");
        dave.say("12 a2 x dave 1.2.3.4 655 700000c 5");
        dave.say("15 x bob 20 " + first);
        dave.say("15 x bob 20 " + second);
        dave.say("15 dave bob 20 " + second);
        dave.say("15 x bob 20 rubbish");
        harness.run(Duration.ofMillis(100));
        MeshNode x = bob.mesh.state().known(new NodeName("x"));
        assertThat(x.key).isEqualTo(first);
        assertThat(bob.mesh.state().known(dave.name).key).isEqualTo(dave.key.publicKey());
        bob.mesh.putPeer(new Peer(x.name).publicKey(second).settings(), harness.now());

        assertThat(x.key).isEqualTo(second);
        assertThat(dave.closed).isFalse();
    }

    @Test
    void askedForItsKeyByAStrangerItAsksBack() {
        MeshTestNode bob = harness.node("bob");
        Neighbour dave = Neighbour.active(harness, bob, "dave").reachable(bob);
        dave.say("12 a1 dave x 1.2.3.4 655 700000c 5");
        dave.say("12 a2 x dave 1.2.3.4 655 700000c 5");
        harness.run(Duration.ofMillis(100));
        dave.heard.clear();
        dave.say("15 x bob 19");
        harness.run(Duration.ofMillis(100));

        assertThat(dave.heard).containsExactly("15 bob x 19", "15 bob x 20 " + bob.key.publicKey());
    }

    @Test
    void theRecordedSessionOfTincIsAnsweredLineByLine() {
        JsonNode identities = Vectors.read("sptps-datagram.json");
        JsonNode lines = Vectors.read("tunnelled-session.json").get("handshake_lines");
        Deque<byte[]> random = new ArrayDeque<>();
        for (JsonNode ephemeral : identities.get("ephemerals")) {
            if (ephemeral.get("use").textValue().endsWith(" responder")) {
                random.add(Vectors.bytes(ephemeral, "nonce"));
                random.add(Vectors.bytes(ephemeral, "ecdh_seed"));
            }
        }
        DatagramCipher cipher = new DatagramCipher(16);
        JsonNode own = identities.get("responder_identity");
        DatagramSession bob = new DatagramSession(
                Role.RESPONDER,
                org.tinc4j.NodeKey.of(
                        Vectors.bytes(own, "private64"), NodePublicKey.of(Vectors.bytes(own, "public"))),
                NodePublicKey.of(Vectors.bytes(identities.get("initiator_identity"), "public")),
                SptpsLabels.udp(new NodeName("alice"), new NodeName("bob")), Suites.PLAIN,
                out -> System.arraycopy(random.removeFirst(), 0, out, 0, out.length),
                cipher,
                new ChaChaPoly());
        Deque<String> said = new ArrayDeque<>();
        SptpsSink sink = new SptpsSink() {
            @Override
            public void send(byte[] wire) {
                said.add("16 bob alice " + TincBase64.encode(wire) + " -1 -1 -1 0");
            }

            @Override
            public void record(int type, byte[] data) {}

            @Override
            public void established(boolean renewal) {}
        };
        bob.start(sink);
        for (int i = 0; i < 4; i++) {
            JsonNode line = lines.get(i);
            if (line.get("from").textValue().equals("alice")) {
                String[] fields = line.get("line").textValue().split(" ");
                byte[] datagram = TincBase64.decode(fields[fields[0].equals("15") ? 4 : 3]);
                assertThat(HexFormat.of().formatHex(datagram)).isEqualTo(line.get("datagram").textValue());
                assertThat(bob.receiveHandshake(datagram, sink)).isTrue();
            } else {
                assertThat(said.removeFirst()).isEqualTo(line.get("line").textValue());
            }
        }
        assertThat(bob.established()).isTrue();
        JsonNode packet = Vectors.read("tunnelled-session.json").get("packets").get(0);
        byte[] direct = Vectors.bytes(packet, "udp_direct");
        assertThat(cipher.open(new ChaChaPoly(), ByteBuffer.wrap(direct), 12, direct.length - 12, 0)).isNotNegative();
    }

    @Test
    void anOutsiderCannotMakeANodeDropItsKeysByJunkDatagrams() {
        threeInARow();
        for (int i = 0; i < 20; i++) {
            Packets.sendUdp(harness, "left", "right", 100);
            harness.run(Duration.ofMillis(200));
        }
        var keys = right.peer(left).keys;
        byte[] junk = new byte[100];
        ByteBuffer.wrap(junk).putShort(6, (short) (left.mesh.state().self.tunnel.id() >> 32))
                .putInt(8, (int) left.mesh.state().self.tunnel.id());
        for (int i = 0; i < 60; i++) {
            right.datagram(junk.clone(), MeshHarness.address("203.0.113.1"));
            harness.run(Duration.ofSeconds(1));
        }

        assertThat(right.peer(left).keys).isSameAs(keys);
    }

    @Test
    void aNodeThatLostItsKeysIsGivenNewOnes() {
        threeInARow();
        for (int i = 0; i < 20; i++) {
            Packets.sendUdp(harness, "left", "right", 100);
            harness.run(Duration.ofMillis(200));
        }
        right.mesh.state().known(left.name).keys.session.destroy();
        right.mesh.state().known(left.name).keys = null;
        right.mesh.state().known(left.name).keyRequested = false;
        right.mesh.state().known(left.name).tunnel.cipher(null);
        right.delivered.clear();
        for (int i = 0; i < 60; i++) {
            Packets.sendUdp(harness, "left", "right", 100);
            harness.run(Duration.ofMillis(200));
        }

        assertThat(right.peer(left).established()).isTrue();
        assertThat(right.delivered).isNotEmpty();
    }

    @Test
    void aNodeThatHasOtherKeysThanItsPeerIsGivenNewOnes() {
        threeInARow();
        for (int i = 0; i < 20; i++) {
            Packets.sendUdp(harness, "left", "right", 100);
            Packets.sendUdp(harness, "right", "left", 100);
            harness.run(Duration.ofMillis(200));
        }
        // Both believe to have keys, and they do not match.
        MeshNode wrong = right.peer(left);
        wrong.tunnel.cipher().incomingNext(new org.tinc4j.impl.crypto.AeadKey(CipherSuite.CHACHA20_POLY1305, new byte[32]));
        wrong.tunnel.cipher().promoteIncoming();
        wrong.tunnel.cipher().forgetPreviousIncoming();
        right.delivered.clear();
        for (int i = 0; i < 200; i++) {
            Packets.sendUdp(harness, "left", "right", 100);
            harness.run(Duration.ofMillis(200));
        }

        assertThat(right.delivered).isNotEmpty();
    }
}
