package org.tinc4j.linux.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HotWaitTest {

    private final HotWait hotWait = new HotWait();

    @Test
    void parksAtOnceBeforeTheFirstPacket() {
        assertThat(hotWait.boundNanos()).isZero();
    }

    @Test
    void waitsInTheKernelAfterAShortWait() {
        hotWait.waited(50_000);
        assertThat(hotWait.boundNanos()).isEqualTo(200_000);
    }

    @Test
    void parksAtOnceAfterALongWait() {
        hotWait.waited(50_000);
        hotWait.waited(1_000_000);
        assertThat(hotWait.boundNanos()).isZero();
    }
}
