package org.tinc4j.impl.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.tinc4j.Broadcast;
import org.tinc4j.Forwarding;
import org.tinc4j.NodeName;
import org.tinc4j.Peer;
import org.tinc4j.Subnet;
import org.tinc4j.Tinc;
import org.tinc4j.config.RoutingOptions;

/** Flooded requests: who hears what, and whose claims are believed. */
class GossipTest {

    private final MeshHarness harness = new MeshHarness(21);

    private static UnaryOperator<Tinc.Builder> routing(boolean strict, boolean tunnelServer) {
        return builder -> builder.routing(new RoutingOptions(
                Forwarding.INTERNAL, Broadcast.SPANNING_TREE, java.util.List.of(), false, false, true, strict, tunnelServer, false));
    }

    private void settle() {
        harness.run(Duration.ofMillis(100));
    }

    @Test
    void subnetsAndEdgesReachEveryNodeOfALongRow() {
        MeshTestNode[] row = new MeshTestNode[6];
        for (int i = 0; i < row.length; i++) {
            row[i] = harness.node("n" + i);
            if (i > 0) {
                harness.connect(row[i], row[i - 1]);
            }
        }
        assertThat(harness.converge(Duration.ofSeconds(5))).isTrue();
        row[0].mesh.addSubnet(Subnet.parse("10.9.0.0/16"), harness.now());
        settle();
        assertThat(row[5].peer(row[0]).subnets).contains(Subnet.parse("10.9.0.0/16"));
        row[0].mesh.removeSubnet(Subnet.parse("10.9.0.0/16"), harness.now());
        settle();

        assertThat(row[5].peer(row[0]).subnets).doesNotContain(Subnet.parse("10.9.0.0/16"));
    }

    @Test
    void aFloodInARingDiesOut() {
        MeshTestNode[] ring = new MeshTestNode[5];
        for (int i = 0; i < ring.length; i++) {
            ring[i] = harness.node("n" + i);
        }
        for (int i = 0; i < ring.length; i++) {
            harness.connect(ring[i], ring[(i + 1) % ring.length]);
        }
        assertThat(harness.converge(Duration.ofSeconds(5))).isTrue();
        harness.run(Duration.ofSeconds(5));
        int before = harness.trace().length();
        ring[0].mesh.addSubnet(Subnet.parse("10.9.0.0/16"), harness.now());
        harness.run(Duration.ofMillis(300));

        long messages = harness.trace().substring(before).lines().filter(line -> line.contains("tcp ")).count();
        assertThat(messages).isBetween(5L, 12L);
    }

    @Test
    void aLostNodeIsForgottenByEverybodyWithItsEdges() {
        MeshTestNode a = harness.node("a");
        MeshTestNode b = harness.node("b");
        MeshTestNode c = harness.node("c");
        harness.connect(a, b);
        harness.connect(b, c);
        harness.converge(Duration.ofSeconds(3));
        b.mesh.removePeer(c.name, harness.now());
        settle();

        assertThat(a.mesh.isReachable(c.name)).isFalse();
        assertThat(a.mesh.state().edges.get(b.name, c.name)).isNull();
        assertThat(a.mesh.state().edges.get(c.name, b.name)).isNull();
    }

    @Test
    void whatAnotherSaysOfOurOwnEdgesAndSubnetsIsContradictedToTheSpeakerOnly() {
        MeshTestNode bob = harness.node("bob");
        Neighbour carl = Neighbour.active(harness, bob, "carl").reachable(bob);
        Neighbour dave = Neighbour.active(harness, bob, "dave").reachable(bob);
        carl.heard.clear();
        dave.say("12 a1 bob dave 9.9.9.9 1 0 77");
        dave.say("12 a2 bob nobody 9.9.9.9 1 0 77");
        dave.say("13 a3 bob carl");
        dave.say("10 a4 bob 10.66.0.0/16");
        dave.say("11 a5 bob 10.0.0.1");
        settle();

        assertThat(carl.heard).isEmpty();
        assertThat(dave.heard).hasSize(5);
        assertThat(dave.heard.get(0)).contains(" bob dave " + harness.host("dave").address().getHostAddress() + " 655 ");
        assertThat(dave.heard.get(1)).startsWith("13 ").endsWith(" bob nobody");
        assertThat(dave.heard.get(2)).startsWith("12 ").contains(" bob carl ");
        assertThat(dave.heard.get(3)).startsWith("11 ").endsWith(" bob 10.66.0.0/16");
        assertThat(dave.heard.get(4)).startsWith("10 ").endsWith(" bob 10.0.0.1");
    }

    @Test
    void whatChangesNothingIsNotPassedOn() {
        MeshTestNode bob = harness.node("bob");
        Neighbour carl = Neighbour.active(harness, bob, "carl").reachable(bob);
        Neighbour dave = Neighbour.active(harness, bob, "dave").reachable(bob);
        dave.say("10 a1 dave 10.66.0.0/16");
        dave.say("12 a2 dave x 1.2.3.4 655 700000c 5");
        settle();
        carl.heard.clear();
        dave.say("10 b1 dave 10.66.0.0/16");
        dave.say("12 b2 dave x 1.2.3.4 655 700000c 5");
        dave.say("11 b3 dave 10.67.0.0/16");
        dave.say("13 b4 dave y");
        settle();

        assertThat(carl.heard).isEmpty();
    }

    @Test
    void aPinnedSubnetCannotBeClaimedByAnotherNode() {
        MeshTestNode bob = harness.node("bob");
        NodeName owner = new NodeName("owner");
        bob.mesh.putPeer(
                new Peer(owner).publicKey(harness.key("owner").publicKey()).subnet("10.5.0.0/16").settings(),
                harness.now());
        Neighbour dave = Neighbour.active(harness, bob, "dave").reachable(bob);
        dave.say("10 a1 dave 10.5.1.0/24");
        dave.say("10 a2 dave 10.6.0.0/24");
        settle();

        assertThat(bob.mesh.state().known(dave.name).subnets).containsExactly(Subnet.parse("10.6.0.0/24"));
        assertThat(dave.closed).isFalse();
    }

    @Test
    void aRequestTooLongToBePassedOnEndsItsSenderOnly() {
        MeshTestNode bob = harness.node("bob");
        Neighbour carl = Neighbour.active(harness, bob, "carl").reachable(bob);
        Neighbour dave = Neighbour.active(harness, bob, "dave").reachable(bob);
        String edge = "12 e1 dave eve 1.2.3.4 655 700000c 5 1.2.3.4 655 ";
        carl.heard.clear();
        dave.say(edge + "x".repeat(2175 - edge.length()));
        settle();
        // Padding is not kept while it waits, so it is not passed on either.
        assertThat(carl.heard).singleElement().satisfies(line -> assertThat(line).contains(" dave eve 1.2.3.4 ").hasSizeLessThan(256));
        dave.say(edge.replace("e1", "e2") + "x".repeat(2176 - edge.length()));
        settle();

        assertThat(dave.closed).isTrue();
        assertThat(carl.closed).isFalse();
    }

    @Test
    void aSubnetPinnedLaterIsTakenFromWhoeverClaimedIt() {
        MeshTestNode bob = harness.node("bob");
        Neighbour dave = Neighbour.active(harness, bob, "dave").reachable(bob);
        dave.say("10 a1 dave 10.5.1.0/24");
        dave.say("10 a2 dave 10.6.0.0/24");
        settle();
        bob.mesh.putPeer(
                new Peer(new NodeName("owner")).publicKey(harness.key("owner").publicKey()).subnet("10.5.0.0/16").settings(),
                harness.now());

        assertThat(bob.mesh.state().known(dave.name).subnets).containsExactly(Subnet.parse("10.6.0.0/24"));
    }

    @Test
    void strictSubnetsBelievesOnlyTheConfigurationAndPassesOnTheRest() {
        MeshTestNode bob = harness.node("bob", routing(true, false));
        Neighbour carl = Neighbour.active(harness, bob, "carl").reachable(bob);
        Neighbour dave = Neighbour.active(harness, bob, "dave").reachable(bob);
        bob.mesh.putPeer(
                new Peer(dave.name).publicKey(dave.key.publicKey()).subnet("10.5.0.0/16").settings(), harness.now());
        carl.heard.clear();
        dave.say("10 a1 dave 10.5.0.0/16");
        dave.say("10 a2 dave 10.6.0.0/16");
        settle();

        assertThat(bob.mesh.state().known(dave.name).subnets).containsExactly(Subnet.parse("10.5.0.0/16"));
        assertThat(carl.heard).containsExactlyInAnyOrder("10 a1 dave 10.5.0.0/16", "10 a2 dave 10.6.0.0/16");
    }

    @Test
    void aTunnelServerTellsNobodyAboutOthers() {
        MeshTestNode bob = harness.node("bob", routing(false, true));
        Neighbour carl = Neighbour.active(harness, bob, "carl").reachable(bob);
        Neighbour dave = Neighbour.active(harness, bob, "dave");
        dave.say("12 e0 dave bob 192.0.2.1 655 700000c 10");
        dave.say("10 a1 dave 10.5.0.0/16");
        dave.say("12 a2 eve fred 1.2.3.4 655 700000c 5");
        settle();
        assertThat(carl.heard).noneMatch(line -> line.contains("dave") || line.contains("eve"));
        assertThat(dave.heard).noneMatch(line -> line.contains("carl"));
        assertThat(dave.heard(10)).isNotEmpty();
        assertThat(dave.heard(12)).isNotEmpty();
        assertThat(bob.mesh.state().known(new NodeName("eve"))).isNull();
        dave.say("7");
        settle();

        assertThat(carl.heard).noneMatch(line -> line.contains("dave"));
        assertThat(carl.closed).isFalse();
    }

    @Test
    void aTunnelServerRelaysNoKeysNeitherDatagramsAsText() {
        MeshTestNode bob = harness.node("bob", routing(false, true));
        Neighbour carl = Neighbour.active(harness, bob, "carl").reachable(bob);
        Neighbour dave = Neighbour.active(harness, bob, "dave").reachable(bob);
        carl.heard.clear();
        dave.say("15 dave carl 15 AAAA");
        dave.say("16 dave carl AAAA -1 -1 -1 0");
        dave.say("15 dave carl 21 " + org.tinc4j.TincBase64.encode(new byte[40]));
        settle();

        assertThat(carl.heard).isEmpty();
        assertThat(carl.sealedPackets).isEmpty();
    }

    @Test
    void nodesSubnetsAndEdgesAreBounded() {
        MeshTestNode bob = harness.node("bob");
        Neighbour dave = Neighbour.active(harness, bob, "dave").reachable(bob);
        MeshState state = bob.mesh.state();
        for (int i = 0; state.nodes.size() < MeshState.MAX_NODES; i++) {
            state.node(new NodeName("filler" + i));
        }
        state.subnetCount = MeshState.MAX_SUBNETS;
        dave.say("12 a1 dave onemore 1.2.3.4 655 700000c 5");
        dave.say("10 a2 dave 10.5.0.0/16");
        dave.say("10 a3 another 10.5.0.0/16");
        settle();

        assertThat(dave.closed).isFalse();
        assertThat(state.nodes).hasSize(MeshState.MAX_NODES);
        assertThat(state.known(dave.name).subnets).isEmpty();
    }

    @Test
    void anEdgeWithAddressesThatCannotBeOnesIsNotKept() {
        MeshTestNode bob = harness.node("bob");
        Neighbour dave = Neighbour.active(harness, bob, "dave").reachable(bob);
        dave.say("12 a1 dave x " + "1".repeat(1000) + " 655 700000c 5");
        settle();

        assertThat(bob.mesh.state().edges.get(dave.name, new NodeName("x"))).isNull();
        assertThat(dave.closed).isFalse();
    }

    @Test
    void noLineOfTheLogCarriesControlCharacters() {
        MeshTestNode bob = harness.node("bob");
        Neighbour dave = Neighbour.active(harness, bob, "dave").reachable(bob);
        dave.say("12 a1 dave x \u001b[2Jevil 655\u0007 700000c 5");
        dave.say("10 a1 dave \u001b[2J");
        settle();
        Neighbour rude = Neighbour.of(harness, bob, "rude");
        rude.raw(MeshHarness.line("0 \u001b[2Jx 17.7"));
        Neighbour ruder = Neighbour.of(harness, bob, "rude");
        ruder.raw(MeshHarness.line("\u001b[2J"));
        settle();

        assertThat(harness.log).allMatch(line -> line.matches("[\\x20-\\x7e]*"));
        var edges = MeshSnapshot.of(
                        bob.mesh, java.time.Instant.EPOCH, java.util.List.of(), null, java.util.Map.of(), org.tinc4j.Capabilities.NONE)
                .edges();
        assertThat(edges.toString()).matches("[\\x20-\\x7e]*");
    }
}
