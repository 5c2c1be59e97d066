package org.tinc4j.impl.ephemeral;

import java.time.Duration;

/** How long is waited at most. */
final class Limits {

    private static final Duration MAX = Duration.ofDays(100 * 365);

    private Limits() {}

    /** In nanoseconds; longer than a lifetime is a lifetime, so that no sum overflows; less than nothing is nothing. */
    static long nanos(Duration limit) {
        return limit.isNegative() ? 0 : limit.compareTo(MAX) > 0 ? MAX.toNanos() : limit.toNanos();
    }
}
