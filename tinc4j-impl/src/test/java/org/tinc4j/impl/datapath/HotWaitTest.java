package org.tinc4j.impl.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HotWaitTest {

    private final HotWait hotWait = new HotWait();

    @Test
    void parksAtOnceBeforeTheFirstPacket() {
        assertThat(hotWait.nothing(0)).isZero();
    }

    @Test
    void waitsInTheKernelAfterAShortWait() {
        waited(1_000, 50_000);
        assertThat(hotWait.nothing(60_000)).isEqualTo(200_000);
    }

    @Test
    void parksAtOnceAfterALongWait() {
        waited(1_000, 50_000);
        waited(60_000, 1_060_000);
        assertThat(hotWait.nothing(2_000_000)).isZero();
    }

    @Test
    void countsAWaitFromItsFirstLook() {
        hotWait.nothing(0);
        waited(900_000, 1_000_000);
        assertThat(hotWait.nothing(2_000_000)).isZero();
    }

    private void waited(long fromNanos, long toNanos) {
        hotWait.nothing(fromNanos);
        hotWait.found(toNanos);
    }
}
