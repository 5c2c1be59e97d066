package org.tinc4j.impl.stack.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LossTest {

    private static final long SECOND = 1_000_000_000L;
    private static final int MS = Script.MS;
    private static final int MSS = Script.MSS;

    private static Script tenInFlight() {
        Script script = Script.established();
        script.write(10 * MSS);
        script.next();
        script.advance(10 * MS);
        return script;
    }

    @Test
    void threeSackedSegmentsRetransmitAtOnce() {
        Script script = tenInFlight();
        script.peer().ack(1).sack(1 + MSS, 1 + 2 * MSS).send();
        script.peer().ack(1).sack(1 + MSS, 1 + 3 * MSS).send();
        script.nothing();
        script.peer().ack(1).sack(1 + MSS, 1 + 4 * MSS).send();
        Script.Sent again = script.next();
        assertThat(again.seq()).isEqualTo(1);
        assertThat(again.length()).isEqualTo(MSS);
        script.nothing();
        TcpStatistics statistics = script.connection.statistics();
        assertThat(statistics.recoveries()).isEqualTo(1);
        assertThat(statistics.ssthreshBytes()).isEqualTo((int) (10 * MSS * 0.7));
    }

    @Test
    void oneSackedSegmentWaitsForTheReorderingWindow() {
        Script script = tenInFlight();
        script.peer().ack(1).sack(1 + MSS, 1 + 2 * MSS).send();
        script.nothing();
        // reo_wnd is a quarter of the least round trip of 10 ms.
        script.advance(2 * MS);
        script.nothing();
        script.advance(MS);
        assertThat(script.next().seq()).isEqualTo(1);
    }

    @Test
    void twoHolesAreFilledInOrder() {
        Script script = tenInFlight();
        script.peer().ack(1).sack(1 + 5 * MSS, 1 + 10 * MSS, 1 + MSS, 1 + 4 * MSS).send();
        Script.Sent first = script.next();
        assertThat(first.seq()).isEqualTo(1);
        script.advance(10 * MS);
        script.peer().ack(1 + 4 * MSS).sack(1 + 5 * MSS, 1 + 10 * MSS).send();
        int seq = script.sent.isEmpty() ? 1 + 4 * MSS : script.last().seq();
        assertThat(seq).isEqualTo(1 + 4 * MSS);
        script.advance(10 * MS);
        script.peer().ack(1 + 10 * MSS).send();
        assertThat(script.connection.statistics().cwndBytes()).isEqualTo((int) (10 * MSS * 0.7));
        assertThat(script.connection.statistics().timeouts()).isZero();
    }

    @Test
    void aLostRetransmissionIsFoundByWhatWasSentAfterIt() {
        Script script = tenInFlight();
        script.write(20 * MSS);
        script.peer().ack(1).sack(1 + MSS, 1 + 10 * MSS).send();
        assertThat(script.next().seq()).isEqualTo(1);
        int newData = 0;
        while (!script.sent.isEmpty()) {
            newData += script.next().length();
        }
        assertThat(newData).isGreaterThanOrEqualTo(MSS);
        script.advance(10 * MS);
        script.peer().ack(1).sack(1 + MSS, 1 + 11 * MSS).send();
        script.advance(3 * MS);
        assertThat(script.next().seq()).isEqualTo(1);
        assertThat(script.connection.statistics().timeouts()).isZero();
    }

    @Test
    void aLostTailIsProbedBeforeTheTimeout() {
        Script script = tenInFlight();
        script.advance(10 * MS);
        Script.Sent probe = script.next();
        assertThat(probe.seq()).isEqualTo(1 + 9 * MSS);
        assertThat(probe.length()).isEqualTo(MSS);
        assertThat(script.connection.statistics().tailProbes()).isEqualTo(1);
        script.nothing();
        script.advance(10 * MS);
        script.peer().ack(1 + 7 * MSS).sack(1 + 9 * MSS, 1 + 10 * MSS).send();
        script.advance(5 * MS);
        Script.Sent again = script.next();
        assertThat(again.seq()).isEqualTo(1 + 7 * MSS);
        assertThat(again.length()).isEqualTo(2 * MSS);
        assertThat(script.connection.statistics().timeouts()).isZero();
    }

    @Test
    void aProbeSendsNewDataIfThereAre() {
        Script script = Script.established();
        script.write(12 * MSS);
        script.next();
        script.advance(20 * MS);
        Script.Sent probe = script.next();
        assertThat(probe.seq()).isEqualTo(1 + 10 * MSS);
        assertThat(probe.length()).isEqualTo(MSS);
    }

    @Test
    void aSingleSegmentIsProbedAtTheTimeoutWhichIsSooner() {
        Script script = Script.established();
        script.write(MSS);
        script.next();
        // A probe would allow for a delayed acknowledgment: twice 10 ms and 200 ms. The timeout is 10 ms and 200 ms.
        script.advance(209 * MS);
        script.nothing();
        script.advance(2 * MS);
        assertThat(script.next().seq()).isEqualTo(1);
        assertThat(script.connection.statistics().tailProbes()).isEqualTo(1);
        assertThat(script.connection.statistics().timeouts()).isZero();
        script.advance(215 * MS);
        assertThat(script.next().seq()).isEqualTo(1);
        assertThat(script.connection.statistics().timeouts()).isEqualTo(1);
    }

    /** Round trips of 400 ms, until their variation is small. Returns what is acknowledged then. */
    private static int calm(Script script, int from) {
        int at = from;
        while (script.connection.statistics().rtoNanos() > 610L * MS) {
            script.write(1);
            script.next();
            script.advance(400 * MS);
            script.peer().ack(++at).send();
        }
        return at;
    }

    /** Two segments, of which the first arrives late, when it was sent again. Returns what is acknowledged then. */
    private static int sendAgainForNothing(Script script, int at) {
        script.write(2 * MSS);
        int echo = script.next().options().timestampValue();
        script.advance(400 * MS);
        script.peer().ack(at).sack(at + MSS, at + 2 * MSS).send();
        script.advance(400 * MS);
        assertThat(script.next().seq()).isEqualTo(at);
        script.peer().ack(at + 2 * MSS).echo(echo).sack(at, at + MSS).send();
        return calm(script, at + 2 * MSS);
    }

    @Test
    void theTimeoutWaitsForTheEndOfAReorderingWindow() {
        Script script = Script.established(Script.SETTINGS, 65535, 400 * MS);
        int at = calm(script, 1);
        for (int i = 0; i < 3; i++) {
            at = sendAgainForNothing(script, at);
        }
        // The window has grown to a round trip: 800 ms after it was sent a segment is overdue, 600 ms after it the timeout would expire.
        long before = script.connection.statistics().timeouts();
        script.write(2 * MSS);
        script.next();
        script.advance(400 * MS);
        script.peer().ack(at).sack(at + MSS, at + 2 * MSS).send();
        script.advance(390 * MS);
        script.nothing();
        script.advance(20 * MS);
        assertThat(script.next().seq()).isEqualTo(at);
        assertThat(script.connection.statistics().timeouts()).isEqualTo(before);
    }

    @Test
    void whatWasSentAgainForNothingWidensTheReorderingWindow() {
        Script script = Script.established();
        script.write(10 * MSS);
        int echo = script.next().options().timestampValue();
        script.advance(10 * MS);
        script.peer().ack(1).sack(1 + MSS, 1 + 2 * MSS).send();
        script.peer().ack(1 + 2 * MSS).send();
        script.peer().ack(1 + 2 * MSS).sack(1 + 3 * MSS, 1 + 4 * MSS).send();
        script.advance(3 * MS);
        assertThat(script.next().seq()).isEqualTo(1 + 2 * MSS);
        script.peer().ack(1 + 4 * MSS).echo(echo).sack(1 + 2 * MSS, 1 + 3 * MSS).send();
        script.peer().ack(1 + 4 * MSS).echo(echo).sack(1 + 5 * MSS, 1 + 6 * MSS).send();
        script.advance(4 * MS);
        script.nothing();
        script.advance(2 * MS);
        assertThat(script.next().seq()).isEqualTo(1 + 4 * MSS);
    }

    @Test
    void whatTheNetworkRepeatedLeavesTheReorderingWindowAsItIs() {
        Script script = tenInFlight();
        script.peer().ack(1 + 2 * MSS).sack(1, 1 + MSS).send();
        script.peer().ack(1 + 2 * MSS).sack(1 + 3 * MSS, 1 + 4 * MSS).send();
        script.advance(2 * MS);
        script.nothing();
        script.advance(MS);
        assertThat(script.next().seq()).isEqualTo(1 + 2 * MSS);
    }

    @Test
    void timeoutsSendTheFirstSegmentAndBackOff() {
        Script script = Script.established();
        script.write(10 * MSS);
        script.next();
        script.advance(25 * MS);
        assertThat(script.next().seq()).as("tail loss probe").isEqualTo(1 + 9 * MSS);
        script.advance(250 * MS);
        Script.Sent first = script.next();
        assertThat(first.seq()).isEqualTo(1);
        assertThat(first.length()).isEqualTo(MSS);
        script.nothing();
        assertThat(script.connection.statistics().cwndBytes()).isEqualTo(MSS);
        script.advance(300 * MS);
        script.nothing();
        script.advance(150 * MS);
        assertThat(script.next().seq()).isEqualTo(1);
    }

    /** Ten segments were sent, and the first three times again. */
    private static Script threeTimeouts() {
        Script script = Script.established();
        script.write(20 * MSS);
        script.next();
        script.advance(25 * MS);
        assertThat(script.next().length()).as("tail loss probe").isEqualTo(MSS);
        script.advance(220 * MS);
        assertThat(script.next().length()).isEqualTo(MSS);
        script.advance(440 * MS);
        assertThat(script.next().length()).isEqualTo(MSS);
        script.advance(880 * MS);
        return script;
    }

    @Test
    void aPathThatSwallowsFullSizedSegmentsGetsSmallerOnes() {
        Script script = threeTimeouts();
        int small = 1220 - TcpOptions.TIMESTAMPS_BYTES;
        assertThat(script.next().length()).isEqualTo(small);
        script.peer().ack(1 + small).send();
        script.peer().ack(1 + MSS).send();
        assertThat(script.last().length()).as("full-sized again").isEqualTo(MSS);

        script.advance(300 * MS);
        Script.Sent again = script.next();
        assertThat(again.seq()).isEqualTo(1 + MSS);
        assertThat(again.length()).isEqualTo(small);
        script.peer().ack(1 + MSS + small).send();
        assertThat(script.last().mss()).isEqualTo(small);
        assertThat(script.connection.statistics().mssBytes()).isEqualTo(small);
    }

    @Test
    void aPathThatWasDownForAWhileKeepsItsSegmentSize() {
        Script script = threeTimeouts();
        int small = 1220 - TcpOptions.TIMESTAMPS_BYTES;
        assertThat(script.next().length()).isEqualTo(small);
        script.peer().ack(1 + small).send();
        script.peer().ack(1 + MSS).send();
        script.peer().ack(1 + 2 * MSS).send();
        script.sent.clear();

        script.advance(300 * MS);
        assertThat(script.next().length()).isEqualTo(MSS);
        assertThat(script.connection.statistics().mssBytes()).isEqualTo(MSS);
    }

    @Test
    void everythingIsSentAgainAfterATimeout() {
        Script script = Script.established();
        script.write(10 * MSS);
        script.advance(SECOND);
        script.sent.clear();
        int at = 1;
        int rounds = 0;
        while (at < 1 + 10 * MSS && rounds++ < 20) {
            at = Math.min(at + 2 * MSS, 1 + 10 * MSS);
            script.peer().ack(at).send();
            script.advance(10 * MS);
        }
        assertThat(script.connection.unacknowledged()).isZero();
    }

    @Test
    void silenceForTheUserTimeoutEndsIt() {
        Script script = tenInFlight();
        script.advance(119 * SECOND);
        assertThat(script.connection.state()).isEqualTo(TcpState.ESTABLISHED);
        script.advance(2 * SECOND);
        assertThat(script.connection.failure()).contains(TcpFailure.TIMED_OUT);
    }

    @Test
    void aSpuriousTimeoutIsTakenBack() {
        Script script = Script.established();
        script.write(10 * MSS);
        int echo = script.next().options().timestampValue();
        script.advance(400 * MS);
        script.sent.clear();
        assertThat(script.connection.statistics().cwndBytes()).isEqualTo(MSS);
        script.peer().ack(1 + 2 * MSS).echo(echo).send();
        assertThat(script.connection.statistics().spurious()).isEqualTo(1);
        assertThat(script.connection.statistics().cwndBytes()).isGreaterThanOrEqualTo(10 * MSS);
    }

    @Test
    void anEchoOfTheRetransmissionIsNotSpurious() {
        Script script = Script.established();
        script.write(10 * MSS);
        script.next();
        script.advance(400 * MS);
        script.sent.clear();
        script.peer().ack(1 + MSS).send();
        assertThat(script.connection.statistics().spurious()).isZero();
    }

    @Test
    void reorderingIsLearntFromASegmentThatComesLate() {
        Script script = tenInFlight();
        script.peer().ack(1).sack(1 + MSS, 1 + 2 * MSS).send();
        script.peer().ack(1 + 2 * MSS).send();
        script.nothing();
        // From now on, three segments later are not enough.
        script.peer().ack(1 + 2 * MSS).sack(1 + 3 * MSS, 1 + 8 * MSS).send();
        script.nothing();
        script.advance(4 * MS);
        assertThat(script.next().seq()).isEqualTo(1 + 2 * MSS);
    }

    @Test
    void reorderingIsLearntFromARetransmissionForNothing() {
        Script script = Script.established();
        script.write(10 * MSS);
        int echo = script.next().options().timestampValue();
        script.advance(10 * MS);
        script.peer().ack(1).sack(1 + MSS, 1 + 4 * MSS).send();
        assertThat(script.next().seq()).isEqualTo(1);
        script.advance(MS);
        script.peer().ack(1 + 4 * MSS).echo(echo).send();
        assertThat(script.connection.statistics().spurious()).isEqualTo(1);
        // From now on, three segments later are not enough.
        script.peer().ack(1 + 4 * MSS).sack(1 + 5 * MSS, 1 + 9 * MSS).echo(echo).send();
        script.nothing();
        script.advance(4 * MS);
        assertThat(script.next().seq()).isEqualTo(1 + 4 * MSS);
    }

    @Test
    void withoutSackThreeDuplicatesRetransmit() {
        Script script = Script.plain();
        int mss = 1460;
        script.write(10 * mss);
        script.next();
        script.advance(10 * MS);
        script.peer().ack(1).send();
        script.peer().ack(1).send();
        script.nothing();
        script.peer().ack(1).send();
        Script.Sent again = script.next();
        assertThat(again.seq()).isEqualTo(1);
        assertThat(again.length()).isEqualTo(mss);
        script.sent.clear();
        script.peer().ack(1 + 4 * mss).send();
        assertThat(script.next().seq()).as("partial acknowledgment").isEqualTo(1 + 4 * mss);
        script.peer().ack(1 + 10 * mss).send();
        assertThat(script.connection.unacknowledged()).isZero();
        assertThat(script.connection.statistics().recoveries()).isEqualTo(1);
    }

    @Test
    void sackOfWhatWasNeverSentIsIgnored() {
        Script script = tenInFlight();
        script.peer().ack(1).sack(1 + 20 * MSS, 1 + 30 * MSS, 1 + 5 * MSS, 1 + 40 * MSS).send();
        assertThat(script.connection.statistics().inFlightBytes()).isEqualTo(10 * MSS);
    }

    @Test
    void aRenegingPeerGetsEverythingAgain() {
        Script script = tenInFlight();
        script.peer().ack(1).sack(1, 1 + 10 * MSS).send();
        script.advance(SECOND);
        assertThat(script.next().seq()).isEqualTo(1);
        script.sent.clear();
        script.peer().ack(1 + MSS).send();
        assertThat(script.next().seq()).isEqualTo(1 + MSS);
    }
}
