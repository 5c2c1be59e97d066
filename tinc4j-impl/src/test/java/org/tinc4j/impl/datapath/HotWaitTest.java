package org.tinc4j.impl.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HotWaitTest {

    private final HotWait hotWait = new HotWait(0);
    private long nowNanos;

    @Test
    void parksAtOnceBeforeTheFirstPacket() {
        assertThat(hotWait.nothing(0)).isZero();
    }

    @Test
    void waitsInTheKernelAfterAShortWait() {
        waits(50_000);
        works(1_000);
        assertThat(hotWait.nothing(nowNanos)).isEqualTo(200_000);
    }

    @Test
    void parksAtOnceAfterALongWait() {
        waits(50_000);
        works(1_000);
        waits(1_000_000);
        works(1_000);
        assertThat(hotWait.nothing(nowNanos)).isZero();
    }

    @Test
    void countsAWaitFromItsFirstLook() {
        waits(500_000);
        waits(500_000);
        works(1_000);
        assertThat(hotWait.nothing(nowNanos)).isZero();
    }

    @Test
    void waitsForAsLongAsItWorked() {
        waits(1_000_000);
        works(300_000);
        works(300_000);
        assertThat(hotWait.nothing(nowNanos)).isEqualTo(600_000);
    }

    @Test
    void waitsForTwoMillisecondsAtMost() {
        works(1_000_000_000);
        assertThat(hotWait.nothing(nowNanos)).isEqualTo(2_000_000);
    }

    @Test
    void whatItWaitedForIsSpent() {
        works(1_000_000);
        waits(700_000);
        works(1_000);
        assertThat(hotWait.nothing(nowNanos)).isEqualTo(301_000);
    }

    @Test
    void tricklingPacketsDoNotHoldTheCarrier() {
        works(2_000_000);
        for (int i = 0; i < 10; i++) {
            waits(1_000_000);
            works(10_000);
        }
        assertThat(hotWait.nothing(nowNanos)).isZero();
    }

    @Test
    void aWaitCountsFromWhatAnotherHandled() {
        hotWait.nothing(nowNanos);
        nowNanos += 5_000_000;
        hotWait.woke(nowNanos);
        hotWait.handled(nowNanos - 150_000);
        works(1_000);
        assertThat(hotWait.nothing(nowNanos)).isEqualTo(200_000);
    }

    @Test
    void whatAnotherHandledBeforeTheWaitDoesNotCount() {
        waits(1_000_000);
        works(1_000);
        waits(100_000);
        hotWait.handled(0);
        works(1_000);
        assertThat(hotWait.nothing(nowNanos)).isEqualTo(200_000);
    }

    private void works(long nanos) {
        nowNanos += nanos;
        hotWait.found(nowNanos);
    }

    private void waits(long nanos) {
        hotWait.nothing(nowNanos);
        nowNanos += nanos;
        hotWait.woke(nowNanos);
    }
}
