package org.tinc4j.impl.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One thread calls back whoever is due, whatever was asked of it meanwhile. */
class TimersTest {

    private static final long MILLI = 1_000_000;

    private final AtomicInteger started = new AtomicInteger();
    private final Timers timers = new Timers(System::nanoTime, (job, body) -> {
        started.incrementAndGet();
        Thread.ofVirtual().name(job).start(body);
    });
    private final LinkedBlockingQueue<String> called = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        timers.close();
    }

    private Timers.Timer timer(String name) {
        return new Timers.Timer(() -> called.add(name));
    }

    private String next() throws InterruptedException {
        return called.poll(10, TimeUnit.SECONDS);
    }

    @Test
    void startsItsThreadWithTheFirstDeadline() {
        assertThat(started).hasValue(0);
        timers.schedule(timer("a"), Timers.NEVER);
        assertThat(started).hasValue(0);
        timers.schedule(timer("a"), System.nanoTime() + 10_000 * MILLI);
        timers.schedule(timer("b"), System.nanoTime() + 10_000 * MILLI);
        assertThat(started).hasValue(1);
    }

    @Test
    void callsInTheOrderOfTheDeadlines() throws Exception {
        long now = System.nanoTime();
        timers.schedule(timer("late"), now + 60 * MILLI);
        timers.schedule(timer("soon"), now + 20 * MILLI);
        timers.schedule(timer("middle"), now + 40 * MILLI);

        assertThat(next()).isEqualTo("soon");
        assertThat(next()).isEqualTo("middle");
        assertThat(next()).isEqualTo("late");
    }

    @Test
    void aDeadlineThatMovesToEarlierIsKept() throws Exception {
        Timers.Timer moved = timer("moved");
        timers.schedule(moved, System.nanoTime() + 100_000 * MILLI);
        timers.schedule(moved, System.nanoTime() + MILLI);

        assertThat(next()).isEqualTo("moved");
    }

    @Test
    void aDeadlineThatMovesToLaterCostsOneEarlyCall() throws Exception {
        Timers.Timer moved = timer("moved");
        timers.schedule(moved, System.nanoTime() + 20 * MILLI);
        timers.schedule(moved, System.nanoTime() + 100_000 * MILLI);

        assertThat(next()).isEqualTo("moved");
        assertThat(called.poll(50, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void callsNobodyOnceClosed() throws Exception {
        timers.schedule(timer("a"), System.nanoTime() + 20 * MILLI);
        timers.close();

        assertThat(called.poll(60, TimeUnit.MILLISECONDS)).isNull();
    }
}
