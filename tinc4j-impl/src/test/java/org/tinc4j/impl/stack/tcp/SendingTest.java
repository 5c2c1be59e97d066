package org.tinc4j.impl.stack.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SendingTest {

    private static final long SECOND = 1_000_000_000L;
    private static final int MSS = Script.MSS;

    @Test
    void bulkGoesOutAsOneSuperSegmentWithinTheInitialWindow() {
        Script script = Script.established();
        script.write(60_000);
        Script.Sent first = script.next();
        assertThat(first.length()).isEqualTo(10 * MSS);
        assertThat(first.mss()).isEqualTo(MSS);
        script.nothing();
    }

    @Test
    void theSendBufferIsBounded() {
        Script script = Script.established();
        assertThat(script.write(1 << 20)).isEqualTo(64 << 10);
        assertThat(script.connection.writable()).isZero();
        assertThat(script.write(1)).isZero();
    }

    @Test
    void acknowledgmentsMakeRoom() {
        Script script = Script.established();
        script.write(1 << 20);
        script.peer().ack(1 + 10 * MSS).send();
        assertThat(script.connection.writable()).isPositive();
        assertThat(script.last().length()).isPositive();
    }

    @Test
    void smallSegmentsWaitForEarlierSmallOnes() {
        Script script = Script.established();
        script.write("a");
        assertThat(script.next().text()).isEqualTo("a");
        script.write("b");
        script.write("c");
        script.nothing();
        script.peer().ack(2).send();
        assertThat(script.next().text()).isEqualTo("bc");
    }

    @Test
    void noDelaySendsAtOnce() {
        Script script = Script.established();
        script.connection.noDelay(true);
        script.write("a");
        script.write("b");
        assertThat(script.next().text()).isEqualTo("a");
        assertThat(script.next().text()).isEqualTo("b");
    }

    @Test
    void aFinTakesTheHeldTailAlong() {
        Script script = Script.established();
        script.write("a");
        script.next();
        script.write("b");
        script.nothing();
        script.connection.shutdownOutput(script.now, script);
        Script.Sent last = script.next();
        assertThat(last.text()).isEqualTo("b");
        assertThat(last.has(TcpFlags.FIN)).isTrue();
    }

    @Test
    void thePeersWindowIsKept() {
        Script script = Script.established(Script.SETTINGS, 3000);
        script.write(10_000);
        assertThat(script.next().length()).isEqualTo(2 * MSS);
        // Not the 104 bytes that are left: silly window avoidance.
        script.nothing();
    }

    @Test
    void aSmallWindowOfHalfTheLargestIsUsed() {
        Script script = Script.established(Script.SETTINGS, 1000);
        script.write(10_000);
        assertThat(script.next().length()).isEqualTo(1000);
        script.peer().ack(1001).window(4).send();
        assertThat(script.next().length()).isEqualTo(512);
        script.peer().ack(1513).window(2).send();
        script.nothing();
    }

    @Test
    void aClosedWindowIsProbedForever() {
        Script script = Script.established();
        script.write(5 * MSS);
        script.next();
        script.peer().ack(1 + 5 * MSS).window(0).send();
        script.write("more");
        script.nothing();
        int probes = 0;
        long silence = 0;
        while (probes < 20) {
            long before = script.now;
            script.advance(script.connection.nextDeadlineNanos() - script.now);
            if (script.sent.isEmpty()) {
                continue;
            }
            Script.Sent probe = script.next();
            assertThat(probe.seq()).isEqualTo(5 * MSS);
            assertThat(probe.length()).isZero();
            silence = script.now - before;
            probes++;
            script.peer().ack(1 + 5 * MSS).window(0).send();
        }
        assertThat(silence).isEqualTo(60 * SECOND);
        assertThat(script.connection.state()).isEqualTo(TcpState.ESTABLISHED);
        script.peer().ack(1 + 5 * MSS).send();
        assertThat(script.next().text()).isEqualTo("more");
    }

    @Test
    void unansweredProbesEndTheConnection() {
        Script script = Script.established();
        script.write(MSS);
        script.next();
        script.peer().ack(1 + MSS).window(0).send();
        script.write("more");
        script.advance(121 * SECOND);
        assertThat(script.connection.failure()).contains(TcpFailure.TIMED_OUT);
        assertThat(script.connection.nextDeadlineNanos()).isEqualTo(TcpConnection.NEVER);
    }

    @Test
    void aWindowLeftTooSmallIsUsedInTheEnd() {
        Script script = Script.established();
        script.write(MSS);
        script.next();
        script.peer().ack(1 + MSS).window(1).send();
        script.write(1000);
        script.nothing();
        script.advance(SECOND);
        assertThat(script.next().length()).isEqualTo(128);
    }

    @Test
    void anIdleConnectionStartsAgainFromTheInitialWindow() {
        Script script = Script.established();
        int at = 1;
        for (int i = 0; i < 6; i++) {
            script.write(1 << 20);
            int sent = 0;
            while (!script.sent.isEmpty()) {
                sent += script.next().length();
            }
            at += sent;
            script.advance(10 * Script.MS);
            script.peer().ack(at).send();
        }
        while (script.connection.unacknowledged() > 0) {
            int sent = 0;
            while (!script.sent.isEmpty()) {
                sent += script.next().length();
            }
            at += sent;
            script.peer().ack(at).send();
        }
        assertThat(script.connection.statistics().cwndBytes()).isGreaterThan(20 * MSS);
        script.advance(3 * SECOND);
        script.sent.clear();
        script.write(60_000);
        assertThat(script.connection.statistics().inFlightBytes()).isEqualTo(10 * MSS);
    }

    @Test
    void aSmallerPathMtuSendsWhatWasTooLongAgain() {
        Script script = Script.established();
        script.write(5 * MSS);
        script.next();
        script.connection.onPathMtu(1300, Script.LOCAL_ISN + 1 + 5 * MSS, script.now, script);
        script.nothing();
        script.connection.onPathMtu(1300, Script.LOCAL_ISN + 1, script.now, script);
        Script.Sent again = script.next();
        assertThat(again.seq()).isEqualTo(1);
        assertThat(again.mss()).isEqualTo(1300 - 40 - 12);
        assertThat(again.length()).isEqualTo(5 * MSS);
        assertThat(script.connection.statistics().ssthreshBytes()).isEqualTo(CongestionControl.MAX_WINDOW_BYTES);
    }

    @Test
    void aPathMtuIsNeverTakenBelowTheLeast() {
        Script script = Script.established();
        script.write(MSS);
        script.next();
        script.connection.onPathMtu(68, Script.LOCAL_ISN + 1, script.now, script);
        assertThat(script.next().mss()).isEqualTo(512 - 40 - 12);
    }

    @Test
    void sequenceNumbersWrap() {
        // The initial sequence number of the script wraps after 5000 bytes already.
        Script script = Script.established();
        script.write(10 * MSS);
        assertThat(script.next().seq()).isEqualTo(1);
        script.peer().ack(1 + 10 * MSS).send();
        assertThat(script.connection.unacknowledged()).isZero();
    }

    @Test
    void idleConnectionsGiveTheirMemoryBack() {
        Script script = Script.established();
        script.write(10 * MSS);
        script.next();
        script.peer().ack(1 + 10 * MSS).data("reply").send();
        script.read();
        assertThat(script.connection.statistics().memoryBytes()).isPositive();
        script.advance(2 * SECOND);
        assertThat(script.connection.statistics().memoryBytes()).isZero();
    }
}
