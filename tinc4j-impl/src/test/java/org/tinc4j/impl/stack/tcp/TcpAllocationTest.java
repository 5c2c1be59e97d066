package org.tinc4j.impl.stack.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class TcpAllocationTest {

    private static final long BYTES = 1L << 30;

    @Test
    void aSteadyStreamAllocatesNothing() {
        Pump pump = new Pump(TcpSettings.defaults(1400));
        pump.run(BYTES / 4);

        ThreadMXBean meter = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long segmentsBefore = pump.segments;
        long before = meter.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        pump.run(BYTES);
        long nanos = System.nanoTime() - start;
        long allocated = meter.getCurrentThreadAllocatedBytes() - before;
        long segments = pump.segments - segmentsBefore;

        System.out.printf(
                Locale.ROOT, "%d bytes in %d segments, %.2f ns a segment of %d bytes, %d bytes allocated%n",
                BYTES, segments, (double) nanos / segments, BYTES / segments, allocated);
        assertThat(BYTES / segments).as("bytes a segment").isGreaterThan(30_000);
        // One object a segment would be more than this.
        assertThat(allocated).isLessThan(segments * 16);
    }

    /** More than sequence numbers can count, and windows far beyond what wraps. */
    @Test
    void aStreamMayBeLongerThanFourGigabytes() {
        Pump pump = new Pump(TcpSettings.defaults(1400));
        pump.run(5L << 30);
        assertThat(pump.server.statistics().bytesReceived()).isEqualTo(5L << 30);
        assertThat(pump.client.statistics().timeouts()).isZero();
    }
}
