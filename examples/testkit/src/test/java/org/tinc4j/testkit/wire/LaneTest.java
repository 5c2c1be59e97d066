package org.tinc4j.testkit.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a direction of the wire does to packets that are numbered. */
class LaneTest {

    private static final int PACKETS = 10_000;

    private final QueueDevice from = new QueueDevice();
    private final QueueDevice to = new QueueDevice();
    private final Lane lane = new Lane(from, to);
    private final List<QueueDevice> devices = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    @AfterEach
    void threadsEndWithTheirDevices() throws InterruptedException {
        devices.forEach(QueueDevice::close);
        for (Thread thread : threads) {
            thread.interrupt();
            thread.join();
        }
    }

    private void carry(Conditions conditions) {
        carry(lane, from, conditions);
    }

    private void carry(Lane by, QueueDevice source, Conditions conditions) {
        by.conditions(conditions, 42);
        IntStream.range(0, PACKETS).forEach(source::put);
        start(source, by::readForEver);
        start(source, by::writeForEver);
    }

    private void start(QueueDevice source, Work work) {
        devices.add(source);
        threads.add(Thread.ofPlatform().start(() -> untilClosed(work)));
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void untilClosed(Work work) {
        try {
            work.run();
        } catch (Exception expected) {
            // The device was closed, or the thread interrupted: the end of the test.
        }
    }

    @Test
    void aPerfectWireBringsEverythingInOrder() throws InterruptedException {
        carry(Conditions.PERFECT);

        assertThat(to.take(PACKETS)).isEqualTo(IntStream.range(0, PACKETS).boxed().toList());
        assertThat(lane.counters()).isEqualTo(new LaneCounters(PACKETS, 0, 0, 0, 0, 0));
    }

    @Test
    void whatIsNotLostKeepsItsOrderAndTheShareIsTheOneAskedFor() throws InterruptedException {
        carry(Conditions.PERFECT.losing(0.1).delaying(Duration.ofMillis(1)));
        List<Integer> arrived = to.takeUntil(PACKETS - 1);

        assertThat(arrived).isSorted().doesNotHaveDuplicates();
        assertThat(lane.counters().lost()).isEqualTo(PACKETS - arrived.size());
        assertThat(lane.counters().lost() / (double) PACKETS).isCloseTo(0.1, within(0.01));
    }

    @Test
    void theSameSeedLosesTheSamePackets() throws InterruptedException {
        carry(Conditions.PERFECT.losing(0.1));
        QueueDevice otherFrom = new QueueDevice();
        QueueDevice otherTo = new QueueDevice();
        carry(new Lane(otherFrom, otherTo), otherFrom, Conditions.PERFECT.losing(0.1).delaying(Duration.ofMillis(2)));

        assertThat(otherTo.takeUntil(PACKETS - 1)).isEqualTo(to.takeUntil(PACKETS - 1));
    }

    @Test
    void nothingArrivesBeforeItsTime() throws InterruptedException {
        long start = System.nanoTime();
        carry(Conditions.PERFECT.delaying(Duration.ofMillis(30)));

        to.take(1);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(30));
    }

    @Test
    void doubledPacketsComeTwiceNextToEachOther() throws InterruptedException {
        carry(Conditions.PERFECT.doubling(0.05));
        List<Integer> arrived = to.takeUntil(PACKETS - 1);

        assertThat(arrived).isSorted();
        assertThat(arrived.stream().distinct().count()).isEqualTo(PACKETS);
        assertThat(lane.counters().twice() / (double) PACKETS).isCloseTo(0.05, within(0.01));
    }

    @Test
    void latePacketsAreOvertakenAndNothingElseIs() throws InterruptedException {
        carry(Conditions.PERFECT.reordering(0.02, Duration.ofMillis(50)));
        List<Integer> arrived = to.take(PACKETS);
        long late = lane.counters().late();

        assertThat(arrived).doesNotHaveDuplicates().hasSize(PACKETS);
        assertThat(late / (double) PACKETS).isCloseTo(0.02, within(0.01));
        int highest = -1;
        int overtaken = 0;
        for (int number : arrived) {
            if (number < highest) {
                overtaken++;
            }
            highest = Math.max(highest, number);
        }
        assertThat(overtaken).isPositive().isLessThanOrEqualTo((int) late);
    }

    @Test
    void tooManyOnTheirWayAreCountedAsNoLossOfTheConditions() throws InterruptedException {
        lane.conditions(Conditions.PERFECT.delaying(Duration.ofHours(1)), 42);
        IntStream.range(0, 20_000).forEach(from::put);
        start(from, lane::readForEver);

        from.awaitEmpty();
        assertThat(lane.counters().lost()).isZero();
        assertThat(lane.counters().overflowed()).isPositive();
    }

    @Test
    void conditionsSurviveTheCommandLine() {
        Conditions all = new Conditions(Duration.ofMillis(25), 0.001, 0.005, 0.02, Duration.ofNanos(1));

        assertThat(Conditions.parse(all.word())).isEqualTo(all);
        assertThatThrownBy(() -> Conditions.PERFECT.losing(1.5)).hasMessageContaining("1.5");
    }

    @Test
    void countersSurviveTheAnswer() {
        LaneCounters there = new LaneCounters(9, 8, 7, 6, 5, 4);
        LaneCounters back = new LaneCounters(1, 1, 1, 1, 1, 1);

        assertThat(LaneCounters.parse(there.word() + " " + back.word())).containsExactly(there, back);
        assertThat(there.since(back)).isEqualTo(new LaneCounters(8, 7, 6, 5, 4, 3));
    }
}
