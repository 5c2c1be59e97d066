package org.tinc4j.impl.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tinc4j.Peer;
import org.tinc4j.config.LinkOptions;
import org.tinc4j.event.TincEvent;
import org.tinc4j.impl.graph.Options;
import org.tinc4j.impl.wire.MetaRequest;

/** Meta connections: dialling, back-off, timeouts, duplicates, and what an ACK agrees on. */
class ConnectionsTest {

    private final MeshHarness harness = new MeshHarness(11);

    private static long downs(MeshTestNode node) {
        return node.events.stream().filter(TincEvent.ConnectionDown.class::isInstance).count();
    }

    private static List<Long> gaps(List<Double> times) {
        List<Long> gaps = new java.util.ArrayList<>();
        for (int i = 1; i < times.size(); i++) {
            gaps.add(Math.round(times.get(i) - times.get(i - 1)));
        }
        return gaps;
    }

    @Test
    void waitsFiveSecondsLongerAfterEachFailedAttempt() {
        MeshTestNode a = harness.node("a");
        MeshTestNode b = harness.node("b");
        b.stopListening();
        harness.connect(a, b);
        harness.run(Duration.ofSeconds(120));

        assertThat(gaps(a.dials)).startsWith(5L, 10L, 15L, 20L, 25L);
    }

    @Test
    void waitsNoLongerThanTheLongestPause() {
        MeshTestNode a = harness.node("a", builder -> builder.maxReconnectDelay(Duration.ofSeconds(12)));
        MeshTestNode b = harness.node("b");
        b.stopListening();
        harness.connect(a, b);
        harness.run(Duration.ofSeconds(60));

        assertThat(gaps(a.dials)).startsWith(5L, 10L, 12L, 12L);
    }

    @Test
    void anAnsweredPingEndsTheBackOff() {
        MeshTestNode a = harness.node("a");
        MeshTestNode b = harness.node("b");
        b.stopListening();
        harness.connect(a, b);
        harness.run(Duration.ofSeconds(31));
        b.listen();
        assertThat(harness.converge(Duration.ofSeconds(60))).isTrue();
        harness.run(Duration.ofSeconds(10));
        b.stopListening();
        a.dials.clear();
        b.mesh.removePeer(a.name, harness.now());
        harness.run(Duration.ofSeconds(40));

        assertThat(gaps(a.dials)).startsWith(5L, 10L, 15L);
    }

    @Test
    void dialsAgainAtOnceWhenAConnectionThatServedEnds() {
        MeshTestNode a = harness.node("a");
        MeshTestNode b = harness.node("b");
        harness.connect(a, b);
        harness.run(Duration.ofSeconds(20));
        double end = harness.seconds();
        b.mesh.putPeer(new Peer(a.name).publicKey(harness.key("stranger").publicKey()).settings(), harness.now());
        b.mesh.putPeer(new Peer(a.name).publicKey(a.key.publicKey()).settings(), harness.now());
        harness.run(Duration.ofSeconds(1));

        assertThat(a.dials.getLast() - end).isLessThan(0.1);
        assertThat(a.mesh.isReachable(b.name)).isTrue();
    }

    @Test
    void doesNotHammerAPeerThatThrowsItOutAtOnce() {
        MeshTestNode a = harness.node("a");
        MeshTestNode b = harness.node("b");
        harness.connect(a, b);
        for (int i = 0; i < 300; i++) {
            harness.run(Duration.ofMillis(100));
            b.mesh.removePeer(a.name, harness.now());
            harness.expect(b, a);
        }

        assertThat(a.dials).hasSizeLessThan(10);
    }

    @Test
    void aPeerWithoutAnyAddressDoesNotKeepTheNodeAwake() {
        MeshTestNode a = harness.node("a");
        Peer nowhere = new Peer(new org.tinc4j.NodeName("nowhere")).publicKey(harness.key("nowhere").publicKey());
        var settings = nowhere.settings();
        a.mesh.putPeer(
                new org.tinc4j.config.PeerSettings(
                        settings.name(), settings.publicKey(), List.of(), true, List.of(), false, false,
                        java.util.Optional.empty(), java.util.Optional.empty(), java.util.OptionalInt.empty(),
                        java.util.OptionalInt.empty(), java.util.Optional.empty()),
                harness.now());
        harness.run(Duration.ofSeconds(1));

        assertThat(a.mesh.nanosToNextTick(harness.now())).isGreaterThan(100_000_000L);
        assertThat(a.mesh.whyUnreachable(settings.name())).contains("no address of it is known");
    }

    @Test
    void anIdleNodeSleepsForASecondAtATime() {
        MeshTestNode a = harness.node("a");
        MeshTestNode b = harness.node("b");
        harness.connect(a, b);
        harness.run(Duration.ofSeconds(20));
        a.mesh.tick(harness.now());

        assertThat(a.mesh.nanosToNextTick(harness.now())).isBetween(1L, 1_000_000_000L);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void ofTwoConnectionsDialledAtOnceTheSameSurvivesOnBothSides(long seed) {
        MeshHarness mesh = new MeshHarness(seed);
        if (seed % 2 == 0) {
            // What is lost is sent again, together with what followed, and cut without regard for records.
            mesh.wire(conditions -> conditions.withLoss(0.1).withMtu(576));
        }
        MeshTestNode a = mesh.node("a");
        MeshTestNode b = mesh.node("b");
        long stagger = seed * 700_000L;
        mesh.connect(a, b);
        mesh.expect(a, b);
        mesh.at(stagger, () -> b.mesh.putPeer(mesh.dialled(a), mesh.now()));
        mesh.run(Duration.ofSeconds(4));

        assertThat(mesh.openLinks(a, b)).isEqualTo(1);
        assertThat(a.mesh.isReachable(b.name)).isTrue();
        assertThat(b.mesh.isReachable(a.name)).isTrue();
        assertThat(a.peer(b).connection.remote().getPort() == MeshHarness.PORT)
                .isNotEqualTo(b.peer(a).connection.remote().getPort() == MeshHarness.PORT);

        mesh.run(Duration.ofSeconds(60));
        assertThat(mesh.openLinks(a, b)).isEqualTo(1);
        assertThat(a.dials.size() + b.dials.size()).isLessThanOrEqualTo(2);
    }

    @Test
    void aNewConnectionReplacesAnOldOne() {
        MeshTestNode bob = harness.node("bob");
        Neighbour first = Neighbour.active(harness, bob, "dave");
        harness.run(Duration.ofSeconds(10));
        Neighbour second = Neighbour.of(harness, bob, "dave");
        second.session.start();
        harness.run(Duration.ofSeconds(1));

        assertThat(first.closed).isTrue();
        assertThat(second.session.active()).isTrue();
        assertThat(second.closed).isFalse();
    }

    @Test
    void aSilentPeerIsGivenUpWithinPingIntervalAndTimeout() {
        MeshTestNode a = harness.node("a");
        MeshTestNode b = harness.node("b");
        harness.connect(a, b);
        harness.run(Duration.ofSeconds(30));
        harness.cut(a, b);
        double since = harness.seconds();
        harness.runUntil(() -> !a.mesh.isReachable(b.name), Duration.ofSeconds(200));

        assertThat(harness.seconds() - since).isBetween(1.0, 67.0);
        harness.heal(a, b);
        assertThat(harness.converge(Duration.ofSeconds(70))).isTrue();
    }

    @Test
    void anIdleConnectionIsPingedOnceAMinuteAndLives() {
        MeshTestNode a = harness.node("a");
        MeshTestNode b = harness.node("b");
        harness.connect(a, b);
        harness.run(Duration.ofMinutes(10));

        assertThat(downs(a)).isZero();
        assertThat(harness.trace().lines().filter(line -> line.contains("tcp a>b 21 ")).count()).isBetween(10L, 30L);
    }

    @Test
    void whoeverDoesNotFinishItsHandshakeIsThrownOut() {
        MeshTestNode bob = harness.node("bob");
        Neighbour slow = Neighbour.of(harness, bob, "dave");
        slow.raw(Neighbour.ascii("0 da"));
        harness.run(Duration.ofSeconds(4));
        assertThat(slow.closed).isFalse();
        harness.run(Duration.ofSeconds(3));

        assertThat(slow.closed).isTrue();
        assertThat(bob.mesh.state().sessions).isEmpty();
    }

    @Test
    void noMoreThanSixtyFourStrangersAreHeardAtOnce() {
        MeshTestNode bob = harness.node("bob");
        for (int i = 0; i < 100; i++) {
            Neighbour.of(harness, bob, "dave" + i);
        }
        assertThat(bob.mesh.state().sessions).hasSize(64);
        harness.run(Duration.ofSeconds(7));

        assertThat(bob.mesh.state().sessions).isEmpty();
    }

    @Test
    void anUnknownNameAWrongKeyAndOurOwnNameAreRefused() {
        MeshTestNode bob = harness.node("bob");
        Neighbour stranger = Neighbour.of(harness, bob, "dave");
        stranger.raw(MeshHarness.line("0 eve 17.7"));
        Neighbour ourselves = Neighbour.of(harness, bob, "dave");
        ourselves.raw(MeshHarness.line("0 bob 17.7"));
        Neighbour old = Neighbour.of(harness, bob, "dave");
        old.raw(MeshHarness.line("0 dave 17.0"));
        Neighbour liar = Neighbour.of(harness, bob, "dave");
        bob.mesh.putPeer(
                new Peer(liar.name).publicKey(harness.key("somebody else").publicKey()).settings(), harness.now());
        liar.session.start();
        harness.run(Duration.ofSeconds(1));

        assertThat(List.of(stranger.closed, ourselves.closed, old.closed, liar.closed)).containsOnly(true);
        assertThat(bob.mesh.state().sessions).isEmpty();
    }

    @Test
    void optionsOfBothSidesAreCombined() {
        MeshTestNode bob = harness.node("bob", builder -> builder.link(new LinkOptions(
                LinkOptions.DEFAULT.addressFamily(), true, false, true, false, true, true,
                java.util.OptionalInt.empty(), java.util.OptionalInt.empty(), 32, 15180, 10, 0, 0)));
        Neighbour dave = Neighbour.of(harness, bob, "dave");
        dave.ack = new MetaRequest.Ack(1234, 31, 0x7000000 | Options.CLAMP_MSS);
        dave.session.start();
        harness.run(Duration.ofSeconds(1));

        var edge = bob.mesh.state().edges.get(bob.name, dave.name);
        assertThat(edge.options()).isEqualTo(0x7000000 | Options.CLAMP_MSS | Options.INDIRECT);
        assertThat(edge.port()).isEqualTo("1234");
        assertThat(edge.weight()).as("half of 31 and some milliseconds").isBetween(15, 18);
    }

    @Test
    void aConfiguredWeightIsAnnouncedAndAveraged() {
        MeshTestNode bob = harness.node("bob");
        Neighbour dave = Neighbour.of(harness, bob, "dave");
        bob.mesh.putPeer(new Peer(dave.name).publicKey(dave.key.publicKey()).weight(100).settings(), harness.now());
        dave.ack = new MetaRequest.Ack(655, 31, 0x700000c);
        dave.session.start();
        harness.run(Duration.ofSeconds(1));

        assertThat(dave.heard.getFirst()).startsWith("4 655 100 ");
        assertThat(bob.mesh.state().edges.get(bob.name, dave.name).weight()).isEqualTo(65);
    }

    @Test
    void anotherNodeOfOurNameMakesUsLeaveForAWhileAndDialNobody() {
        MeshTestNode bob = harness.node("bob");
        MeshTestNode other = harness.node("other");
        harness.connect(bob, other);
        Neighbour dave = Neighbour.active(harness, bob, "dave").reachable(bob);
        harness.run(Duration.ofSeconds(6));
        for (int i = 0; i < 150; i++) {
            dave.say("12 " + Integer.toHexString(1000 + i) + " bob ghost" + i + " 1.2.3.4 655 700000c 5");
            dave.say("13 " + Integer.toHexString(5000 + i) + " bob dave");
        }
        harness.run(Duration.ofSeconds(6));
        assertThat(harness.log).anyMatch(line -> line.contains("another node uses our name bob"));
        assertThat(dave.closed).isTrue();
        assertThat(bob.mesh.state().sessions).isEmpty();
        int dials = bob.dials.size();
        harness.run(Duration.ofSeconds(3));
        assertThat(bob.dials).hasSize(dials);
        harness.run(Duration.ofSeconds(20));

        assertThat(bob.mesh.isReachable(other.name)).isTrue();
    }

    @Test
    void packetsOverACongestedConnectionAreDroppedMoreAndMoreButRequestsNever() {
        int limit = 1 << 22;
        LinkOptions normal = LinkOptions.DEFAULT;
        MeshTestNode a = harness.node("a", builder -> builder.link(new LinkOptions(
                normal.addressFamily(), false, false, true, true, true, true, normal.pmtuBytes(), normal.weight(), 32, limit, 10, 0, 0)));
        MeshTestNode b = harness.node("b");
        harness.wire(conditions -> conditions.withUdpBlocked(true));
        harness.connect(a, b);
        harness.run(Duration.ofSeconds(1));
        harness.cut(a, b);
        String known = "10 ff a 10.0.0.1 " + "x".repeat(2000);
        byte[] frame = new byte[200];
        int[] sent = new int[3];
        int[] backlogs = {0, limit * 3 / 4, limit};
        for (int step = 0; step < 3; step++) {
            while (a.streamWith(b).unsentBytes() < backlogs[step]) {
                a.peer(b).connection.sendText(known);
            }
            for (int i = 0; i < 1000; i++) {
                sent[step] += a.mesh.sendFrame(a.peer(b).tunnel, frame, harness.now()) ? 1 : 0;
            }
        }
        assertThat(sent[0]).isEqualTo(1000);
        assertThat(sent[1]).isBetween(400, 600);
        assertThat(sent[2]).isLessThan(10);
        a.mesh.addSubnet(org.tinc4j.Subnet.parse("10.50.0.0/16"), harness.now());
        harness.heal(a, b);
        harness.run(Duration.ofSeconds(3));

        assertThat(b.peer(a).subnets).contains(org.tinc4j.Subnet.parse("10.50.0.0/16"));
        assertThat(downs(a)).isZero();
    }

    @Test
    void aConnectionThatStallsForAMomentGoesOn() {
        MeshTestNode a = harness.node("a");
        MeshTestNode b = harness.node("b");
        harness.connect(a, b);
        harness.run(Duration.ofSeconds(20));
        harness.cut(a, b);
        a.mesh.addSubnet(org.tinc4j.Subnet.parse("10.50.0.0/16"), harness.now());
        harness.run(Duration.ofSeconds(3));
        assertThat(b.peer(a).subnets).doesNotContain(org.tinc4j.Subnet.parse("10.50.0.0/16"));
        harness.heal(a, b);
        harness.run(Duration.ofSeconds(2));

        assertThat(b.peer(a).subnets).contains(org.tinc4j.Subnet.parse("10.50.0.0/16"));
        assertThat(downs(a) + downs(b)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whatComesInPiecesIsUnderstood(long seed) {
        MeshHarness mesh = new MeshHarness(seed);
        MeshTestNode bob = mesh.node("bob");
        Neighbour carl = Neighbour.active(mesh, bob, "carl").reachable(bob);
        Neighbour dave = Neighbour.torn(mesh, bob, "dave");
        dave.activate();
        dave.reachable(bob);
        for (int i = 0; i < 50; i++) {
            dave.say("10 a" + i + " dave 10.90." + i + ".0/24");
        }
        mesh.run(Duration.ofMillis(50));

        assertThat(bob.mesh.state().known(dave.name).subnets).hasSize(50);
        assertThat(carl.heard(10)).hasSize(50);
    }
}
