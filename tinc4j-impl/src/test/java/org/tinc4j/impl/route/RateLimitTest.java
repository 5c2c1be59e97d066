package org.tinc4j.impl.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {

    private static final long SECOND = 1_000_000_000L;

    @ParameterizedTest
    @ValueSource(longs = {0, -5 * SECOND, Long.MAX_VALUE - SECOND})
    void permitsABurstAndThenTheRate(long start) {
        RateLimit limit = RateLimit.perSecond(3);
        long state = limit.full(start);
        int permitted = 0;
        for (long t = 0; t < 10 * SECOND; t += SECOND / 100) {
            if (limit.permits(state, start + t)) {
                state = limit.taken(state, start + t);
                permitted++;
            }
            if (t == 0) {
                continue;
            }
            assertThat(permitted).as("after %d ns", t).isLessThanOrEqualTo(3 + (int) (3 * t / SECOND) + 1);
        }
        assertThat(permitted).isBetween(31, 33);
    }

    @Test
    void threeAtOnceAndNoFourth() {
        long state = RateLimit.ICMP_ERRORS.full(7);
        for (int i = 0; i < 3; i++) {
            assertThat(RateLimit.ICMP_ERRORS.permits(state, 7)).isTrue();
            state = RateLimit.ICMP_ERRORS.taken(state, 7);
        }
        assertThat(RateLimit.ICMP_ERRORS.permits(state, 7)).isFalse();
        assertThat(RateLimit.ICMP_ERRORS.permits(state, 7 + SECOND / 3)).isTrue();
    }

    @Test
    void aLongPauseFillsTheBucketNoFurtherThanFull() {
        RateLimit limit = RateLimit.perSecond(3);
        long state = limit.full(0);
        long later = 1000 * SECOND;
        for (int i = 0; i < 3; i++) {
            state = limit.taken(state, later);
        }
        assertThat(limit.permits(state, later)).isFalse();
    }
}
