package org.tinc4j.impl.stack.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The congestion window by itself: slow start, CUBIC, PRR, HyStart++, round trip. */
class CongestionTest {

    private static final int MSS = 1000;
    private static final long MS = 1_000_000L;

    private final CongestionControl congestion = new CongestionControl();

    private boolean ack(long una, int acked, int pipe, long now) {
        return congestion.acknowledged(una, una + pipe, acked, acked, pipe, true, MSS, 50 * MS, 50 * MS, now);
    }

    @Test
    void beginsWithTenSegments() {
        congestion.begin(MSS, false);
        assertThat(congestion.cwnd()).isEqualTo(10 * MSS);
    }

    @Test
    void beginsWithOneSegmentWhenTheSynWasLost() {
        congestion.begin(MSS, true);
        assertThat(congestion.cwnd()).isEqualTo(MSS);
    }

    @Test
    void doublesInARoundOfSlowStart() {
        congestion.begin(MSS, false);
        for (int i = 1; i <= 10; i++) {
            ack(i * MSS, MSS, 10 * MSS, i);
        }
        assertThat(congestion.cwnd()).isEqualTo(20 * MSS);
    }

    @Test
    void doesNotGrowWhenTheWindowWasNotUsed() {
        congestion.begin(MSS, false);
        congestion.acknowledged(1000, 2000, MSS, MSS, MSS, false, MSS, MS, MS, 1);
        assertThat(congestion.cwnd()).isEqualTo(10 * MSS);
    }

    @Test
    void recoveryEndsAtSevenTenths() {
        congestion.begin(MSS, false);
        congestion.lossFound(1, 10_001, 9 * MSS, MSS);
        assertThat(congestion.phase()).isEqualTo(CongestionControl.Phase.RECOVERY);
        assertThat(congestion.ssthresh()).isEqualTo(7 * MSS);

        boolean ended = ack(10_001, 10_000, 7 * MSS, 100 * MS);

        assertThat(ended).isTrue();
        assertThat(congestion.cwnd()).isEqualTo(7 * MSS);
        assertThat(congestion.phase()).isEqualTo(CongestionControl.Phase.OPEN);
    }

    @Test
    void reducesOnceInARecovery() {
        congestion.begin(MSS, false);
        congestion.lossFound(1, 10_001, 9 * MSS, MSS);
        congestion.lossFound(1, 10_001, 8 * MSS, MSS);
        assertThat(congestion.ssthresh()).isEqualTo(7 * MSS);
        assertThat(congestion.recoveries()).isEqualTo(1);
    }

    @Test
    void timeoutLeavesOneSegment() {
        congestion.begin(MSS, false);
        congestion.timeout(1, 10_001, MSS);
        assertThat(congestion.cwnd()).isEqualTo(MSS);
        assertThat(congestion.ssthresh()).isEqualTo(7 * MSS);
        int before = congestion.ssthresh();
        congestion.timeout(1, 10_001, MSS);
        assertThat(congestion.ssthresh()).as("held constant").isEqualTo(before);
    }

    @Test
    void takesBackWhatWasSpurious() {
        congestion.begin(MSS, false);
        congestion.timeout(1, 10_001, MSS);
        congestion.undo();
        assertThat(congestion.cwnd()).isEqualTo(10 * MSS);
        assertThat(congestion.phase()).isEqualTo(CongestionControl.Phase.OPEN);
        assertThat(congestion.spurious()).isEqualTo(1);
    }

    @Test
    void cubicComesBackToItsMaximumAfterK() {
        Cubic cubic = new Cubic();
        int cwnd = 1000 * MSS;
        cwnd = cubic.reduce(cwnd, MSS);
        assertThat(cwnd).isEqualTo(700 * MSS);
        // K = cbrt(300 / 0.4) = 9.09 s
        long now = 0;
        while (now < 9_086 * MS) {
            now += 100 * MS;
            cwnd = cubic.increase(cwnd, cwnd, MSS, 100 * MS, now);
        }
        assertThat((double) cwnd / MSS).isCloseTo(1000, within(20.0));
    }

    @Test
    void cubicIsNotSlowerThanRenoOnAShortPath() {
        Cubic cubic = new Cubic();
        int cwnd = cubic.reduce(20 * MSS, MSS);
        for (int round = 1; round <= 20; round++) {
            cwnd = cubic.increase(cwnd, cwnd, MSS, 10 * MS, round * 10 * MS);
        }
        // alpha = 0.53 segments a round until 20, then one.
        assertThat((double) cwnd / MSS).isGreaterThan(14 + 0.5 * 12);
    }

    @Test
    void cubicConvergesFast() {
        Cubic cubic = new Cubic();
        cubic.reduce(100 * MSS, MSS);
        assertThat(cubic.reduce(70 * MSS, MSS)).isEqualTo(49 * MSS);
    }

    @Test
    void cubicGoesOnWhereItWasAfterAReductionForNothing() {
        Cubic undisturbed = new Cubic();
        Cubic cubic = new Cubic();
        int expected = undisturbed.reduce(100 * MSS, MSS);
        int cwnd = cubic.reduce(100 * MSS, MSS);
        for (int round = 1; round <= 100; round++) {
            expected = undisturbed.increase(expected, expected, MSS, 100 * MS, round * 100 * MS);
            cwnd = cubic.increase(cwnd, cwnd, MSS, 100 * MS, round * 100 * MS);
            if (round % 10 == 0) {
                cubic.remember();
                cubic.reduce(cwnd, MSS);
                cubic.undo();
            }
        }
        assertThat(cwnd).isEqualTo(expected);
    }

    @Test
    void prrSendsInProportionToWhatArrives() {
        Prr prr = new Prr();
        prr.begin(20 * MSS);
        int pipe = 19 * MSS;
        int sent = 0;
        for (int i = 0; i < 10; i++) {
            pipe -= MSS;
            int window = prr.window(MSS, pipe, 14 * MSS, MSS);
            int send = (window - pipe) / MSS * MSS;
            prr.sent(send);
            pipe += send;
            sent += send;
        }
        assertThat(sent).isBetween(6 * MSS, 7 * MSS);
    }

    @Test
    void prrGrowsBackWhenTheLossWasDeep() {
        Prr prr = new Prr();
        prr.begin(20 * MSS);
        // 15 of 20 lost: what arrives lets out as much and one segment more.
        assertThat(prr.window(MSS, 4 * MSS, 14 * MSS, MSS)).isEqualTo(6 * MSS);
    }

    @Test
    void hyStartLeavesSlowStartWhenTheRoundTripGrows() {
        HyStart hyStart = new HyStart();
        long una = 0;
        boolean over = false;
        int round = 0;
        for (; round < 20 && !over; round++) {
            long rtt = round < 3 ? 50 * MS : 70 * MS;
            long end = una + 20 * MSS;
            for (int i = 0; i < 20 && !over; i++) {
                una += MSS;
                over = hyStart.acknowledged(una, end + 20 * MSS, rtt);
            }
        }
        assertThat(over).isTrue();
        assertThat(round).isBetween(8, 11);
    }

    @Test
    void hyStartStaysWhileTheRoundTripStays() {
        HyStart hyStart = new HyStart();
        for (int i = 1; i < 1000; i++) {
            assertThat(hyStart.acknowledged(i * MSS, i * MSS + 20 * MSS, 50 * MS + i % 3 * MS)).isFalse();
        }
        assertThat(hyStart.growth(MSS)).isEqualTo(MSS);
    }

    @Test
    void theFirstSampleSetsTheTimeout() {
        RttEstimator rtt = new RttEstimator();
        assertThat(rtt.rtoNanos()).isEqualTo(1000 * MS);
        rtt.sample(300 * MS, 1, 0);
        assertThat(rtt.srttNanos()).isEqualTo(300 * MS);
        assertThat(rtt.rtoNanos()).isEqualTo(900 * MS);
    }

    @Test
    void theTimeoutDoublesToAMinute() {
        RttEstimator rtt = new RttEstimator();
        rtt.sample(100 * MS, 1, 0);
        rtt.backOff();
        assertThat(rtt.rtoNanos()).isEqualTo(600 * MS);
        for (int i = 0; i < 30; i++) {
            rtt.backOff();
        }
        assertThat(rtt.rtoNanos()).isEqualTo(60_000 * MS);
        rtt.progressed();
        assertThat(rtt.rtoNanos()).isEqualTo(300 * MS);
    }

    @Test
    void theLeastRoundTripIsForgottenAfterFiveMinutes() {
        RttEstimator rtt = new RttEstimator();
        rtt.sample(10 * MS, 1, 0);
        rtt.sample(30 * MS, 1, 1000 * MS);
        assertThat(rtt.minNanos()).isEqualTo(10 * MS);
        rtt.sample(30 * MS, 1, 301_000 * MS);
        assertThat(rtt.minNanos()).isEqualTo(30 * MS);
    }
}
