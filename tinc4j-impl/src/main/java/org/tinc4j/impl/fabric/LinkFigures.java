package org.tinc4j.impl.fabric;

import java.time.Duration;
import org.tinc4j.testing.LinkConditions;

/** {@link LinkConditions} in the units of the events, worked out once and not for each datagram. No bandwidth limit is 0. */
record LinkFigures(
        LinkConditions conditions,
        long latencyNanos,
        long jitterNanos,
        double loss,
        double duplication,
        double reordering,
        long bitsPerSecond,
        int mtuBytes,
        boolean udpBlocked) {

    /** From a host to itself. */
    static final LinkFigures LOOPBACK = of(LinkConditions.DEFAULT.withLatency(Duration.ZERO).withMtu(65535));

    static LinkFigures of(LinkConditions conditions) {
        return new LinkFigures(
                conditions,
                conditions.latency().toNanos(),
                conditions.jitter().toNanos(),
                conditions.loss(),
                conditions.duplication(),
                conditions.reordering(),
                conditions.bandwidthBitsPerSecond().orElse(0),
                conditions.mtuBytes(),
                conditions.udpBlocked());
    }
}
