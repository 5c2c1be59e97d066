package org.tinc4j.impl.stack.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tinc4j.impl.stack.tcp.WireSimulation.Link;

/**
 * Long transfers over wires that lose, reorder and repeat packets, in virtual time: {@code -Dwire.bytes=1000000000} moves a gigabyte over
 * each. What is sent is made up and hashed as it goes, so it needs no more memory than a short one.
 *
 * <p>Latency is from end to end; a round trip takes twice that. Both directions lose as much, acknowledgments too. One packet in a hundred is
 * late by up to the latency, one in a hundred comes twice.
 */
class LongTransferTest {

    private static final long MS = WireSimulation.MS;
    private static final long BYTES = Long.getLong("wire.bytes", 2_000_000);
    private static final TcpSettings SETTINGS = TcpSettings.defaults(1400);
    private static final long LINK_BITS = 1_000_000_000L;
    private static final int QUEUE_BYTES = 2_000_000;
    private static final double REORDERED = 0.01;
    private static final double REPEATED = 0.01;
    /** What the chunks of both buffers may hold beyond their limits: spares, and the one that is begun. */
    private static final int SLACK_BYTES = 512 << 10;
    /** What a finished transfer keeps, and what else a JVM does meanwhile. */
    private static final int HEAP_SLACK_BYTES = 16 << 20;
    /** At 5 % and 1 ms a timeout costs a hundred round trips. */
    private static final double LEAST_PART = 0.6;

    @ParameterizedTest(name = "loss {0}, latency {1} ms")
    @CsvSource({
        "0, 1", "0.001, 1", "0.01, 1", "0.05, 1",
        "0, 50", "0.001, 50", "0.01, 50", "0.05, 50",
        "0, 200", "0.001, 200", "0.01, 200", "0.05, 200"
    })
    void arriveWholeAndNeverStall(double loss, long latencyMillis) {
        long latency = latencyMillis * MS;
        Link link = Link.of(latency, loss)
                .bottleneck(LINK_BITS, QUEUE_BYTES)
                .reordering(REORDERED, latency)
                .duplicating(REPEATED);
        long heapBefore = usedHeapBytes();
        long began = System.nanoTime();
        Transfer transfer = Transfer.run(7, SETTINGS, link, link, BYTES);
        report(transfer, loss, latencyMillis, System.nanoTime() - began);
        long heapGrowth = usedHeapBytes() - heapBefore;

        transfer.assertComplete();
        assertThat(transfer.pauseNanos()).as("longest stall").isLessThan(longestStallNanos(loss, latency));
        WireSimulation simulation = transfer.simulation();
        assertThat(simulation.client.maxMemoryBytes).isLessThan(SETTINGS.maxSendBytes() + SLACK_BYTES);
        assertThat(simulation.server.maxMemoryBytes).isLessThan(SETTINGS.maxReceiveBytes() + SLACK_BYTES);
        // Both directions full of packets.
        assertThat(simulation.mostEvents).isLessThan(2 * SETTINGS.maxReceiveBytes() / simulation.client.connection.statistics().mssBytes());
        assertThat(heapGrowth).as("growth of the heap").isLessThan(HEAP_SLACK_BYTES);
        if (loss > 0) {
            assertThat(transfer.goodput()).isGreaterThan(LEAST_PART * expectedBytesPerSecond(loss, latency, 1348));
        }
    }

    private static long usedHeapBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /**
     * What is lost is found after two round trips at the latest, the second of them RACK's reordering window at its widest, or by a timeout
     * with its floor of 200 ms. It takes longer, and twice as long each time, when what is sent then is lost as well, or its
     * acknowledgment: n times in a row with a probability of q^n. The bound is the wait after as many times as are to be expected less
     * than once among all losses of the transfer.
     */
    private static long longestStallNanos(double loss, long latencyNanos) {
        double failure = 1 - (1 - loss) * (1 - loss);
        int inARow = 1;
        for (double expected = failure * BYTES / 1348; expected >= 1; expected *= failure) {
            inARow++;
        }
        return ((1L << inARow) - 1) * (4 * latencyNanos + 200 * MS);
    }

    /**
     * What the window of RFC 9438 would carry: the larger of section 5.1's 1.054 * (RTT / p)^(3/4) and what section 4.3 is as fast as,
     * sqrt(3 / 2p), in segments.
     */
    private static double expectedBytesPerSecond(double loss, long latencyNanos, int mss) {
        double rtt = 2e-9 * latencyNanos;
        double segments = Math.max(1.054 * Math.pow(rtt / loss, 0.75), Math.sqrt(1.5 / loss));
        double limit = Math.min(LINK_BITS / 8.0 * mss / (mss + 52), SETTINGS.maxSendBytes() / rtt);
        return Math.min(segments * mss / rtt, limit);
    }

    private static void report(Transfer transfer, double loss, long latencyMillis, long realNanos) {
        TcpStatistics s = transfer.simulation().client.connection.statistics();
        System.out.printf(
                Locale.ROOT,
                "loss %4.1f %%  latency %3d ms  goodput %7.0f kB/s (function %7.0f)  dropped %6d  resent %6d  recoveries %5d  timeouts %4d"
                        + "  probes %4d  spurious %5d  longest stall %6d ms  virtual %6d s  real %3d s%n",
                loss * 100,
                latencyMillis,
                transfer.goodput() / 1000,
                expectedBytesPerSecond(loss, latencyMillis * MS, s.mssBytes()) / 1000,
                transfer.simulation().dropped,
                s.bytesRetransmitted() / s.mssBytes(),
                s.recoveries(),
                s.timeouts(),
                s.tailProbes(),
                s.spurious(),
                transfer.pauseNanos() / MS,
                (transfer.simulation().now) / 1_000_000_000L,
                realNanos / 1_000_000_000L);
    }
}
