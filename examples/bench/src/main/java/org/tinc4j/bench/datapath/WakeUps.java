package org.tinc4j.bench.datapath;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.tinc4j.bench.Statistics;

/**
 * A virtual thread that has nothing to do with the node: it parks for 1 ms and notes how much later than that it runs again, as an
 * embedder's own would. Takes the place of all that share the carriers with the data path.
 */
final class WakeUps {

    private static final long PARK_NANOS = 1_000_000;
    private static final int MOST = 1 << 17;

    private final long[] lateNanos = new long[MOST];
    private final Thread thread = Thread.ofVirtual().name("bench wake-ups").unstarted(this::run);
    private int count;

    private WakeUps() {}

    static WakeUps begin() {
        WakeUps wakeUps = new WakeUps();
        wakeUps.thread.start();
        return wakeUps;
    }

    private void run() {
        while (count < MOST && !Thread.currentThread().isInterrupted()) {
            long start = System.nanoTime();
            LockSupport.parkNanos(PARK_NANOS);
            long late = System.nanoTime() - start - PARK_NANOS;
            // An interruption ends the last sleep early.
            if (late >= 0) {
                lateNanos[count++] = late;
            }
        }
    }

    /** Stops: median, 99th percentile and largest in microseconds. */
    String end() throws InterruptedException {
        thread.interrupt();
        thread.join();
        double[] micros = Arrays.stream(lateNanos, 0, count).mapToDouble(nanos -> nanos / 1e3).toArray();
        return String.format(
                Locale.ROOT,
                "%.1f %.1f %.1f",
                Statistics.percentile(50, micros),
                Statistics.percentile(99, micros),
                Statistics.percentile(100, micros));
    }
}
