package org.tinc4j.impl.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tinc4j.impl.crypto.Vectors;

/**
 * What a node does with single requests of an active neighbour, compared with what tincd did. The node is {@code bob} and owns
 * 10.77.0.2/32; {@code dave} speaks, {@code carl} is the one others are passed on to.
 */
class ToleranceTest {

    private final MeshHarness harness = new MeshHarness(5);
    private final MeshTestNode bob =
            harness.node("bob", builder -> builder.subnet("10.77.0.2"));
    private final Neighbour carl = Neighbour.active(harness, bob, "carl").reachable(bob);
    private final Neighbour dave = Neighbour.active(harness, bob, "dave").reachable(bob);

    private boolean closed() {
        return dave.closed;
    }

    private void say(String line) {
        carl.heard.clear();
        dave.heard.clear();
        dave.say(line);
        harness.run(Duration.ofMillis(50));
    }

    static Stream<String[]> recorded() {
        List<String[]> cases = new ArrayList<>();
        for (JsonNode one : Vectors.read("request-handling.json").get("cases")) {
            cases.add(new String[] {one.get("request").textValue(), one.get("outcome").textValue()});
        }
        return cases.stream();
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @MethodSource("recorded")
    void handlesASingleRequestAsTincdDid(String request, String outcome) {
        int before = harness.trace().length();
        say(request);

        assertThat(closed()).as("closed; log %s", harness.log).isEqualTo(outcome.equals("close"));
        switch (outcome) {
            case "close", "accept" -> {}
            case "ignore" -> {
                assertThat(dave.heard).isEmpty();
                assertThat(carl.heard).isEmpty();
            }
            case "accept and forward unchanged" -> assertThat(carl.heard).containsExactly(request);
            case "answer 9" -> assertThat(harness.trace().substring(before)).contains("tcp bob>dave 21 ");
            case "answer ADD_EDGE" -> assertThat(dave.heard).singleElement().asString().startsWith("12 ").contains(" bob dave ");
            case "answer DEL_EDGE" -> assertThat(dave.heard).singleElement().asString().startsWith("13 ").endsWith(" bob xyz");
            case "answer DEL_SUBNET" ->
                assertThat(dave.heard).singleElement().asString().startsWith("11 ").endsWith(" bob 10.99.0.0/16");
            case "answer ADD_SUBNET" ->
                assertThat(dave.heard).singleElement().asString().startsWith("10 ").endsWith(" bob 10.77.0.2");
            case "answer ANS_PUBKEY" ->
                assertThat(dave.heard).containsExactly("15 bob dave 20 " + bob.key.publicKey());
            default -> throw new AssertionError("unknown outcome " + outcome);
        }
    }

    @Test
    void handlesOnlyTheFirstOfTwoRequestsInOneRecord() {
        say("10 a1 dave 10.90.0.1\n10 a2 dave 10.90.0.2");

        assertThat(closed()).isFalse();
        assertThat(bob.mesh.state().known(dave.name).subnets).hasSize(1);
    }

    @Test
    void passesAnEdgeWithSurplusFieldsOnUnchanged() {
        say("12 2 dave q 1.2.3.4 655 700000c 5 1.2.3.4 655 more");

        assertThat(carl.heard).containsExactly("12 2 dave q 1.2.3.4 655 700000c 5 1.2.3.4 655 more");
    }

    @Test
    void ignoresAnIdenticalFloodedRequestTheSecondTime() {
        say("10 b1 dave 10.90.0.1");
        say("10 b1 dave 10.90.0.1");

        assertThat(carl.heard).isEmpty();
    }

    @Test
    void acceptsKeyChangedAndPassesItOn() {
        say("14 99 dave");

        assertThat(carl.heard).containsExactly("14 99 dave");
    }

    @Test
    void closesWhenAPacketHasAnotherLengthThanAnnounced() {
        dave.say("17 20");
        say("x".repeat(18)); // 19 bytes with the newline

        assertThat(closed()).isTrue();
    }

    @Test
    void dropsAPacketOfTheRightLengthThatIsJunk() {
        dave.say("17 20");
        say("x".repeat(19));

        assertThat(closed()).isFalse();
        assertThat(bob.delivered).isEmpty();
    }

    @Test
    void ignoresAFrameThatIsAProbeSentBeforeThereWereKeys() {
        dave.session.sendFrame(new byte[18]);
        harness.run(Duration.ofMillis(20));

        assertThat(closed()).isFalse();
    }

    @Test
    void anEmptyPacketMeansThatNothingFollows() {
        dave.say("17 0");
        say("15 dave bob 19");

        assertThat(dave.heard).hasSize(1);
    }

    @Test
    void closesOnASealedPacketTooShortForItsIds() {
        say("21 11");

        assertThat(closed()).isTrue();
    }

    @Test
    void goesOnAfterASealedPacketOfUnknownIds() {
        dave.session.sendSealedPacket(new byte[60]);
        say("15 dave bob 19");

        assertThat(closed()).isFalse();
        assertThat(dave.heard).hasSize(1);
    }

    @Test
    void closesOnASecondAck() {
        say("4 655 10 700000c");

        assertThat(closed()).isTrue();
    }

    @Test
    void aClosedConnectionWithdrawsBothEdges() {
        say("7");

        assertThat(carl.heard(13)).extracting(line -> line.substring(line.indexOf(' ', 3) + 1))
                .containsExactlyInAnyOrder("bob dave", "dave bob");
    }
}
