package org.tinc4j.impl.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tinc4j.CipherSuite.AES_256_GCM;
import static org.tinc4j.CipherSuite.CHACHA20_POLY1305;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tinc4j.CipherSuite;
import org.tinc4j.Peer;
import org.tinc4j.event.TincEvent;
import org.tinc4j.impl.sptps.Role;
import org.tinc4j.impl.sptps.Suites;

/** Which cipher the tunnels of a mesh use: among our own, beside C tinc, with relays that meddle, and as configured. */
class CipherAgreementTest {

    private static final List<CipherSuite> EITHER = List.of(CHACHA20_POLY1305, AES_256_GCM);

    private final MeshHarness harness = new MeshHarness(31);

    // ---- Nothing configured ----

    private MeshTestNode hub;
    private MeshTestNode left;
    private MeshTestNode right;

    private void threeInARow() {
        hub = harness.node("hub", builder -> builder.keyLifetime(Duration.ofSeconds(30)));
        left = harness.node("left", builder -> builder.keyLifetime(Duration.ofSeconds(30)));
        right = harness.node("right", builder -> builder.keyLifetime(Duration.ofSeconds(30)));
        harness.connect(left, hub);
        harness.connect(right, hub);
        assertThat(harness.converge(Duration.ofSeconds(3))).isTrue();
    }

    private static CipherSuite suite(MeshTestNode from, MeshTestNode to) {
        assertThat(from.peer(to).established()).as("%s has keys with %s", from.name, to.name).isTrue();
        return from.peer(to).keys.session.suite();
    }

    @Test
    void twoOfOurOwnAgreeOnAesOverARelay() {
        threeInARow();
        // By then the relay knows where it sees the two, and puts that behind their answers.
        harness.run(Duration.ofSeconds(5));
        assertThat(hub.peer(left).path.confirmed()).isTrue();
        Packets.sendUdp(harness, "left", "right", 100);
        harness.run(Duration.ofSeconds(1));
        Packets.sendUdp(harness, "left", "right", 100);
        harness.run(Duration.ofSeconds(1));

        assertThat(suite(left, right)).isEqualTo(AES_256_GCM);
        assertThat(suite(right, left)).isEqualTo(AES_256_GCM);
        assertThat(suite(left, hub)).isEqualTo(AES_256_GCM);
        assertThat(right.delivered).isNotEmpty();
    }

    @Test
    void aRenewalKeepsTheCipher() {
        threeInARow();
        for (int i = 0; i < 100; i++) {
            Packets.sendUdp(harness, "left", "right", 100);
            harness.run(Duration.ofSeconds(1));
        }

        assertThat(left.events).anySatisfy(event -> assertThat(event)
                .isInstanceOfSatisfying(TincEvent.KeyRenewed.class, renewed -> assertThat(renewed.renewal()).isTrue()));
        assertThat(suite(left, right)).isEqualTo(AES_256_GCM);
        assertThat(suite(right, left)).isEqualTo(AES_256_GCM);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 300_000, 1_000_000, 1_900_000, 2_500_000, 5_000_000})
    void crossingRequestsEndInOneCipher(long stagger) {
        threeInARow();
        harness.expect(left, right);
        harness.expect(right, left);
        Packets.sendUdp(harness, "left", "right", 100);
        harness.at(stagger, () -> Packets.sendUdp(harness, "right", "left", 100));
        harness.run(Duration.ofSeconds(1));

        assertThat(suite(left, right)).isEqualTo(AES_256_GCM);
        assertThat(suite(right, left)).isEqualTo(AES_256_GCM);
    }

    // ---- A scripted neighbour: C tinc, or something on the way ----

    private MeshTestNode bob;
    private Neighbour dave;

    private MeshNode bobAndDave() {
        bob = harness.node("bob");
        dave = Neighbour.active(harness, bob, "dave").reachable(bob);
        return bob.mesh.state().known(dave.name);
    }

    private void bobWantsKeys() {
        bob.mesh.onWanted(bob.mesh.state().known(dave.name).tunnel, harness.now());
        harness.run(Duration.ofMillis(5));
    }

    @Test
    void aNodeThatAnswersAsCTincDoesGetsWhatCTincSpeaks() {
        MeshNode peer = bobAndDave();
        bobWantsKeys();
        List<String> said = new TunnelScript(harness, dave, bob, Role.RESPONDER, Suites.PLAIN).run();

        assertThat(said).hasSize(2);
        assertThat(said.get(0)).matches("15 bob dave 15 [A-Za-z0-9+/-]{94} suites=aes-256-gcm smaller-name-insists");
        assertThat(said.get(1)).matches("16 bob dave [A-Za-z0-9+/-]{92} -1 -1 -1 0");
        assertThat(peer.established()).isTrue();
        assertThat(peer.keys.session.suite()).isEqualTo(CHACHA20_POLY1305);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " smaller-name-insists", " suites=rot13", " suites=", " suites=chacha20-poly1305", " aes-256-gcm"})
    void aNodeThatOffersNothingIsAnsweredAsByCTinc(String words) {
        MeshNode peer = bobAndDave();
        TunnelScript script = new TunnelScript(harness, dave, bob, Role.INITIATOR, Suites.PLAIN);
        script.words = words;
        List<String> said = script.run();

        assertThat(said).hasSize(2).allMatch(line -> line.matches("16 bob dave [A-Za-z0-9+/-]+ -1 -1 -1 0"));
        assertThat(peer.established()).isTrue();
        assertThat(peer.keys.session.suite()).isEqualTo(CHACHA20_POLY1305);
    }

    @Test
    void whoOffersAesIsAnsweredInAFieldThatRelaysPassOn() {
        MeshNode peer = bobAndDave();
        TunnelScript script = new TunnelScript(harness, dave, bob, Role.INITIATOR, List.of(AES_256_GCM));
        script.words = " suites=rot13,aes-256-gcm";
        List<String> said = script.run();

        assertThat(said).hasSize(2);
        assertThat(said.get(0)).matches("16 bob dave [A-Za-z0-9+/-]{94} 1 -1 -1 0");
        assertThat(said.get(1)).matches("16 bob dave [A-Za-z0-9+/-]{92} -1 -1 -1 0");
        assertThat(peer.keys.session.suite()).isEqualTo(AES_256_GCM);
    }

    @Test
    void anOfferForgedOnTheWayDoesNoHarm() {
        MeshNode peer = bobAndDave();
        TunnelScript script = new TunnelScript(harness, dave, bob, Role.INITIATOR, Suites.PLAIN);
        script.words = " suites=aes-256-gcm";
        script.run();

        assertThat(peer.established()).isTrue();
        assertThat(peer.keys.session.suite()).isEqualTo(CHACHA20_POLY1305);
    }

    @Test
    void anOfferTakenAwayOnTheWayLeavesTheCipherEverybodySpeaks() {
        MeshNode peer = bobAndDave();
        bobWantsKeys();
        new TunnelScript(harness, dave, bob, Role.RESPONDER, EITHER).run();

        assertThat(peer.keys.session.suite()).isEqualTo(CHACHA20_POLY1305);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 2, 255, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void aNumberThatIsNoneOfOursIsNoAnswer(int number) {
        MeshNode peer = bobAndDave();
        bobWantsKeys();
        TunnelScript script = new TunnelScript(harness, dave, bob, Role.RESPONDER, Suites.PLAIN);
        script.cipher = number;
        script.run();

        assertThat(peer.keys.session.suite()).isEqualTo(CHACHA20_POLY1305);
        assertThat(peer.established()).isTrue();
    }

    /** Dave speaks ChaCha only, and what he answers is changed on the way to a wish for AES. */
    private void forgedAnswer(MeshNode peer) {
        dave.heard.clear();
        harness.runUntil(() -> !dave.heard(15).isEmpty(), Duration.ofSeconds(11));
        assertThat(dave.heard(15)).singleElement().asString().contains(" suites=aes-256-gcm ");
        TunnelScript forged = new TunnelScript(harness, dave, bob, Role.RESPONDER, Suites.PLAIN);
        forged.cipher = 1;
        forged.run();
        assertThat(peer.established()).isFalse();
        assertThat(forged.session.failure()).contains("the peer signed for aes-256-gcm");
    }

    @Test
    void anAnswerForgedOnTheWayCostsTwoAttempts() {
        MeshNode peer = bobAndDave();
        forgedAnswer(peer);
        forgedAnswer(peer);
        harness.runUntil(() -> !dave.heard(15).isEmpty(), Duration.ofSeconds(11));

        assertThat(harness.log).anyMatch(line -> line.contains("no keys with dave for aes-256-gcm, though that was agreed twice"));
        List<String> said = new TunnelScript(harness, dave, bob, Role.RESPONDER, Suites.PLAIN).run();
        assertThat(said.getFirst()).startsWith("15 bob dave 15 ").endsWith(" smaller-name-insists").doesNotContain("suites");
        assertThat(peer.established()).isTrue();
        assertThat(peer.keys.session.suite()).isEqualTo(CHACHA20_POLY1305);
    }

    @Test
    void afterTenMinutesItIsOfferedAgain() {
        MeshNode peer = bobAndDave();
        forgedAnswer(peer);
        forgedAnswer(peer);
        assertThat(harness.runUntil(() -> peer.offerRests, Duration.ofSeconds(11))).isTrue();
        dave.heard.clear();
        harness.run(Duration.ofSeconds(570));
        assertThat(dave.heard(15)).hasSizeGreaterThan(50).noneMatch(line -> line.contains("suites"));
        dave.heard.clear();
        harness.run(Duration.ofSeconds(45));

        assertThat(dave.heard(15)).anyMatch(line -> line.contains(" suites=aes-256-gcm "));
    }

    @Test
    void aNodeThatDoesNotAnswerIsOfferedTheSameAgain() {
        bobAndDave();
        bobWantsKeys();
        harness.run(Duration.ofSeconds(10));
        dave.heard.clear();
        bobWantsKeys();

        assertThat(dave.heard(15)).singleElement().asString().contains(" suites=aes-256-gcm ");
    }

    // ---- Configured ----

    private void twoThatMeetThroughAHub(CipherSuite ofLeft, CipherSuite ofRight) {
        hub = harness.node("hub");
        left = harness.node("left");
        right = harness.node("right");
        harness.connect(left, hub);
        harness.connect(right, hub);
        set(left, right, ofLeft);
        set(right, left, ofRight);
        assertThat(harness.converge(Duration.ofSeconds(3))).isTrue();
    }

    private void set(MeshTestNode here, MeshTestNode other, CipherSuite suite) {
        if (suite == null) {
            harness.expect(here, other);
        } else {
            here.mesh.putPeer(new Peer(other.name).publicKey(other.key.publicKey()).cipher(suite).settings(), harness.now());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNodeThatIsNotSetFollowsOneThatIs(CipherSuite suite) {
        twoThatMeetThroughAHub(suite, null);
        Packets.sendUdp(harness, "left", "right", 100);
        harness.run(Duration.ofSeconds(1));

        assertThat(suite(left, right)).isEqualTo(suite);
        assertThat(suite(right, left)).isEqualTo(suite);
    }

    @ParameterizedTest
    @EnumSource
    void aNodeThatIsSetAnswersOneThatIsNot(CipherSuite suite) {
        twoThatMeetThroughAHub(null, suite);
        Packets.sendUdp(harness, "left", "right", 100);
        harness.run(Duration.ofSeconds(1));

        assertThat(suite(left, right)).isEqualTo(suite);
        assertThat(suite(right, left)).isEqualTo(suite);
    }

    @Test
    void twoThatAreSetToDifferentCiphersSaySo() {
        twoThatMeetThroughAHub(AES_256_GCM, CHACHA20_POLY1305);
        for (int i = 0; i < 25; i++) {
            Packets.sendUdp(harness, "left", "right", 100);
            harness.run(Duration.ofSeconds(1));
        }

        assertThat(left.peer(right).established()).isFalse();
        assertThat(harness.log).anyMatch(line -> line.contains("right WARN ANS_KEY of left: the peer signed for aes-256-gcm, this side is set to"
                + " chacha20-poly1305; give both sides the same SPTPSCipher (Peer.cipher) for each other"));
        assertThat(harness.log.stream().filter(line -> line.contains("left WARN no keys with right for aes-256-gcm, which SPTPSCipher"))).hasSize(2);
        set(left, right, CHACHA20_POLY1305);
        for (int i = 0; i < 12; i++) {
            Packets.sendUdp(harness, "left", "right", 100);
            harness.run(Duration.ofSeconds(1));
        }
        assertThat(suite(left, right)).isEqualTo(CHACHA20_POLY1305);
    }

    @Test
    void aMetaConnectionUsesWhatBothAreSetTo() {
        left = harness.node("left");
        right = harness.node("right");
        set(right, left, AES_256_GCM);
        left.mesh.putPeer(
                new Peer(right.name).publicKey(right.key.publicKey()).endpoint(right.ip(), MeshHarness.PORT).cipher(AES_256_GCM).settings(),
                harness.now());

        assertThat(harness.converge(Duration.ofSeconds(3))).isTrue();
        harness.run(Duration.ofSeconds(3));
        assertThat(suite(left, right)).isEqualTo(AES_256_GCM);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMetaConnectionWithOneSideSetIsRefusedAndBothSaySo(boolean diallerIsSet) {
        left = harness.node("left");
        right = harness.node("right");
        set(right, left, diallerIsSet ? CHACHA20_POLY1305 : AES_256_GCM);
        left.mesh.putPeer(
                new Peer(right.name).publicKey(right.key.publicKey()).endpoint(right.ip(), MeshHarness.PORT)
                        .cipher(diallerIsSet ? AES_256_GCM : CHACHA20_POLY1305).settings(),
                harness.now());
        harness.run(Duration.ofSeconds(7));

        assertThat(left.mesh.isReachable(right.name)).isFalse();
        assertThat(harness.log).anyMatch(line -> line.contains(" right INFO connection with left") && line.contains("the peer signed for"));
        if (diallerIsSet) {
            assertThat(harness.log).anyMatch(line -> line.contains(" left INFO connection with right")
                    && line.contains("during the handshake; right must use aes-256-gcm with this node too"));
        }
    }
}
