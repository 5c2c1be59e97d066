package org.tinc4j.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/** What lies on the heap and is in use. */
final class Heap {

    /** A cleaner or reference handler may let go of something only after a collection. */
    private static final int COLLECTIONS = 3;

    private Heap() {}

    /** Bytes in use after full collections. */
    static long usedBytes() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            memory.gc();
            least = Math.min(least, memory.getHeapMemoryUsage().getUsed());
        }
        return least;
    }
}
