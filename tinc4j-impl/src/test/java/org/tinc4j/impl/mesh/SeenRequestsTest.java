package org.tinc4j.impl.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The memory for floods that were handled. */
class SeenRequestsTest {

    private final SeenRequests seen = new SeenRequests(new KeyedDigest(new Random(1)::nextBytes), 60);

    @Test
    void aFloodIsRememberedForALifetimeAndForgottenAfterTwo() {
        assertThat(seen.seen("12 a", 0)).isFalse();
        assertThat(seen.seen("12 a", 60)).isTrue();
        assertThat(seen.seen("12 b", 61)).isFalse();
        assertThat(seen.seen("12 a", 119)).isTrue();
        assertThat(seen.seen("12 a", 122)).isFalse();
    }

    @Test
    void itsMemoryIsBounded() {
        for (int i = 0; i < 100_000; i++) {
            assertThat(seen.seen("13 " + i, 1)).isFalse();
            if (i >= 20_000) {
                assertThat(seen.seen("13 " + (i - 19_999), 1)).isTrue();
            }
        }

        assertThat(seen.size()).isBetween(20_000, 40_000);
        assertThat(seen.slots()).isLessThanOrEqualTo(65_536);
    }

    @Test
    void aQuietNodeKeepsNothing() {
        for (int i = 0; i < 1000; i++) {
            seen.seen("13 " + i, 0);
        }
        seen.expire(61);
        assertThat(seen.size()).isEqualTo(1000);
        seen.expire(122);

        assertThat(seen.size()).isZero();
        assertThat(seen.slots()).isZero();
    }
}
