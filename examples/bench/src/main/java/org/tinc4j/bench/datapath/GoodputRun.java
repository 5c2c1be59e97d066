package org.tinc4j.bench.datapath;

import java.util.Map;
import org.tinc4j.DropReason;
import org.tinc4j.testkit.wire.LaneCounters;

/**
 * One stream of a variant in a cell, and what became of its packets.
 *
 * @param cell the conditions
 * @param variant whose sockets
 * @param round from 1 on
 * @param stream how it went
 * @param there what the wire did to packets of the sender
 * @param back what it did to those of the receiver
 * @param drops packets that systems and nodes dropped, both ends together, by reason
 */
record GoodputRun(
        Cell cell,
        String variant,
        int round,
        GoodputStream stream,
        LaneCounters there,
        LaneCounters back,
        Map<String, Long> drops) {

    /** Packets lost by anything but the conditions. A replayed one is the second of two. */
    long otherLoss() {
        long wire = there.overflowed() + there.refused() + back.overflowed() + back.refused();
        return wire + drops.values().stream().mapToLong(Long::longValue).sum() - drops.getOrDefault(DropReason.REPLAYED.name(), 0L);
    }
}
