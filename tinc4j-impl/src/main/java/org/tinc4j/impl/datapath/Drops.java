package org.tinc4j.impl.datapath;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.tinc4j.DropReason;

/** Counts dropped packets. Any thread. */
public final class Drops {

    private final LongAdder[] counts = new LongAdder[DropReason.values().length];

    public Drops() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    /** One packet was dropped. */
    public void count(DropReason reason) {
        counts[reason.ordinal()].increment();
    }

    /** Several packets were dropped. */
    public void count(DropReason reason, int packets) {
        counts[reason.ordinal()].add(packets);
    }

    /** Reasons that occurred, with their counts. */
    public Map<DropReason, Long> snapshot() {
        Map<DropReason, Long> snapshot = new EnumMap<>(DropReason.class);
        for (DropReason reason : DropReason.values()) {
            long count = counts[reason.ordinal()].sum();
            if (count > 0) {
                snapshot.put(reason, count);
            }
        }
        return snapshot;
    }
}
