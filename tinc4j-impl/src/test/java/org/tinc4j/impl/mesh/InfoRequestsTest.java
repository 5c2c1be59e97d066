package org.tinc4j.impl.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.tinc4j.NodeName;
import org.tinc4j.impl.wire.MetaRequest;

/**
 * UDP_INFO and MTU_INFO at bob, between the neighbours carl and dave; x is behind dave, y behind carl.
 */
class InfoRequestsTest {

    private final MeshHarness harness = new MeshHarness(51);
    private final MeshTestNode bob = harness.node("bob");
    private final Neighbour carl = Neighbour.active(harness, bob, "carl").reachable(bob);
    private final Neighbour dave = Neighbour.active(harness, bob, "dave").reachable(bob);

    InfoRequestsTest() {
        both(dave, "dave", "x");
        both(carl, "carl", "y");
        harness.run(Duration.ofMillis(50));
        carl.heard.clear();
        dave.heard.clear();
    }

    private static void both(Neighbour speaker, String a, String b) {
        speaker.say("12 f1" + b.hashCode() % 100 + " " + a + " " + b + " 192.0.2.77 655 700000c 5");
        speaker.say("12 f2" + b.hashCode() % 100 + " " + b + " " + a + " 192.0.2.78 655 700000c 5");
    }

    private MeshNode node(String name) {
        return bob.mesh.state().known(new NodeName(name));
    }

    private void say(Neighbour who, String line) {
        who.say(line);
        harness.run(Duration.ofMillis(20));
    }

    @Test
    void packetsThatComeByWayOfOthersAreAnsweredWithWhatOneKnowsOncePerInterval() {
        for (int i = 0; i < 8; i++) {
            bob.mesh.onIndirect(node("x").tunnel, harness.now());
            harness.run(Duration.ofSeconds(1));
        }

        assertThat(dave.heard(22)).hasSize(2).first().isEqualTo("22 bob x " + bob.ip() + " 655");
        assertThat(dave.heard(23)).hasSize(2).first().isEqualTo("23 bob x 1518");
    }

    @Test
    void aNeighbourIsToldNothingSinceItSeesForItself() {
        bob.mesh.onIndirect(node("dave").tunnel, harness.now());
        harness.run(Duration.ofMillis(20));

        assertThat(dave.heard).isEmpty();
    }

    @Test
    void theAddressOfADistantNodeIsLearnedAndPassedOn() {
        say(dave, "22 x y 203.0.113.5 1234");

        assertThat(node("x").path.address().toString()).contains("203.0.113.5:1234");
        assertThat(carl.heard).containsExactly("22 x y 203.0.113.5 1234");
    }

    @Test
    void aConfirmedAddressAndThatOfANeighbourAreNotReplaced() {
        var known = MeshHarness.address("203.0.113.6");
        node("x").path.onReply(100, known, 0, harness.now());
        say(dave, "22 x y 203.0.113.5 1234");
        var ofDave = node("dave").path.address();
        say(dave, "22 dave y 203.0.113.5 1234");

        assertThat(node("x").path.address()).isEqualTo(known);
        assertThat(node("dave").path.address()).isEqualTo(ofDave);
        assertThat(carl.heard).containsExactly("22 x y 203.0.113.6 655", "22 dave y " + ofDave.getAddress().getHostAddress() + " 655");
    }

    @Test
    void whatIsNoAddressChangesNothing() {
        var before = node("x").path.address();
        say(dave, "22 x y some.host.name 1234");
        say(dave, "22 x y 1.2.3.4 99999");
        say(dave, "22 nobody y 1.2.3.4 655");
        say(dave, "22 x nobody 1.2.3.4 655");

        assertThat(node("x").path.address().getPort()).isIn(before.getPort(), 655);
        assertThat(dave.closed).isFalse();
    }

    @Test
    void aProvisionalMtuIsUsedUntilThePathIsMeasuredAndPassedOn() {
        say(dave, "23 x y 1000");

        assertThat(node("x").tunnel.mtuBytes()).isEqualTo(1000);
        assertThat(carl.heard).containsExactly("23 x y 1000");
    }

    @Test
    void aRelayLowersTheMtuToWhatItKnowsOfTheWay() {
        measured(node("x"), 900);
        say(dave, "23 x y 1518");

        assertThat(carl.heard).containsExactly("23 x y 900");
    }

    private void measured(MeshNode node, int mtu) {
        node.path.onReply(mtu, MeshHarness.address("203.0.113.6"), 0, harness.now());
        while (node.path.min() < mtu || !node.path.settled()) {
            node.path.tooLong(mtu + 1);
        }
    }

    @Test
    void anMtuLargerThanTheLargestRecordCountsAsThat() {
        say(dave, "23 x y 70000");

        assertThat(carl.heard).containsExactly("23 x y 1518");
        assertThat(node("x").tunnel.mtuBytes()).isEqualTo(1518);
    }

    @Test
    void olderNodesAreNotToldWhatTheyDoNotUnderstand() {
        Neighbour old = Neighbour.of(harness, bob, "old");
        old.ack = new MetaRequest.Ack(655, 10, 0x400000c);
        old.session.start();
        harness.run(Duration.ofMillis(100));
        old.say("12 e9 old bob 192.0.2.1 655 400000c 10");
        both(old, "old", "z");
        harness.run(Duration.ofMillis(100));
        old.heard.clear();
        bob.mesh.onIndirect(node("z").tunnel, harness.now());
        harness.run(Duration.ofMillis(20));

        assertThat(old.heard).isEmpty();
    }
}
