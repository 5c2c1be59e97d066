package org.tinc4j.impl.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CarrierWaitsTest {

    @Test
    void oneCarrierIsAlwaysLeft() {
        CarrierWaits waits = new CarrierWaits(3);
        assertThat(waits.begin()).isTrue();
        assertThat(waits.begin()).isTrue();
        assertThat(waits.begin()).isFalse();
        waits.end();
        assertThat(waits.begin()).isTrue();
    }

    @Test
    void theOnlyCarrierIsNeverHeld() {
        assertThat(new CarrierWaits(1).begin()).isFalse();
    }
}
