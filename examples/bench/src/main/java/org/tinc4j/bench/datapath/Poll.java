package org.tinc4j.bench.datapath;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for something that other processes do. */
final class Poll {

    private static final Duration PAUSE = Duration.ofMillis(50);

    private Poll() {}

    /**
     * Looks every 50 ms.
     *
     * @param what is waited for, for the message
     * @param limit how long
     * @param condition true once it is there; what it throws ends the waiting
     * @throws IOException if it does not come
     */
    static void until(String what, Duration limit, Callable<Boolean> condition) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (!call(condition)) {
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new IOException("waited " + limit.toSeconds() + " s in vain for " + what);
            }
            Thread.sleep(PAUSE);
        }
    }

    private static boolean call(Callable<Boolean> condition) throws IOException, InterruptedException {
        try {
            return condition.call();
        } catch (IOException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}
