package org.tinc4j.impl.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tinc4j.NodeClosedException;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.Pollable;

/** This thread is one reader of the group, a virtual thread another. */
@Timeout(10)
class ReaderGroupTest {

    /** After which nothing that came before is near. */
    private static final long LATER_NANOS = 10L * HotWait.NEAR_NANOS;

    private final ReaderGroup group = new ReaderGroup();
    private final Source mine = new Source();
    private final Source theirs = new Source();
    private final List<Thread> others = new ArrayList<>();

    @FunctionalInterface
    private interface Lending {
        void run() throws IOException;
    }

    /** Has as many bytes as it is told, or fails. */
    private final class Source implements Pollable {
        final AtomicInteger looks = new AtomicInteger();
        volatile int bytes;
        volatile IOException failure;
        Pollable waitedWith;
        int waitedNanos;
        Lending whileWaiting = () -> {};

        int look() throws IOException {
            looks.incrementAndGet();
            if (failure != null) {
                throw failure;
            }
            return bytes;
        }

        ReaderGroup.Member join() {
            return group.join(this, this::look, 0);
        }

        @Override
        public int poll(PacketBatch batch) {
            throw new UnsupportedOperationException("nobody polls here");
        }

        @Override
        public boolean awaitWithin(int nanos, Pollable with) throws IOException {
            waitedWith = with;
            waitedNanos = nanos;
            whileWaiting.run();
            return true;
        }

        @Override
        public void await(StandIn standIn) {
            throw new UnsupportedOperationException("nobody parks here");
        }
    }

    /** The other reader finds nothing, and lends its source: what becomes of that. */
    private CompletableFuture<Boolean> theOtherLends() {
        return lends(theirs);
    }

    private CompletableFuture<Boolean> lends(Source source) {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        Thread reader = another(() -> {
            try {
                result.complete(group.lend(source.join()));
            } catch (IOException e) {
                result.completeExceptionally(e);
            }
        });
        await().until(() -> reader.getState() == Thread.State.WAITING);
        return result;
    }

    private Thread another(Runnable reader) {
        Thread thread = Thread.ofVirtual().start(reader);
        others.add(thread);
        return thread;
    }

    @AfterEach
    void end() throws InterruptedException {
        for (Thread other : others) {
            other.interrupt();
            other.join();
        }
    }

    @Test
    void theLastOneAwakeMustWaitForItself() throws IOException {
        assertThat(group.lend(mine.join())).isFalse();
    }

    @Test
    void whoIsAwakeLooksAtWhatIsLent() {
        mine.join();
        CompletableFuture<Boolean> lent = theOtherLends();
        assertThat(group.help()).isFalse();
        theirs.bytes = 100;
        assertThat(group.help()).isTrue();
        assertThat(theirs.looks).hasValue(2);
        assertThat(lent).isNotDone();
    }

    /** Each wake-up costs two switches between threads, and looks come by the thousand. */
    @Test
    void aReaderThatLentSleepsThroughLooksAtItsSource() throws IOException, InterruptedException {
        mine.join();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        AtomicLong waits = new AtomicLong();
        Thread lender = Thread.ofPlatform().start(() -> {
            try {
                group.lend(theirs.join());
                waits.set(threads.getThreadInfo(Thread.currentThread().threadId()).getWaitedCount());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        await().until(() -> lender.getState() == Thread.State.WAITING);
        for (int i = 0; i < 100_000; i++) {
            group.help();
        }
        theirs.bytes = ReaderGroup.MUCH_BYTES;
        group.help();
        lender.join();
        assertThat(waits).hasValueLessThan(10);
    }

    @Test
    void aSourceWithMuchToDoIsGivenBack() {
        mine.join();
        CompletableFuture<Boolean> lent = theOtherLends();
        theirs.bytes = ReaderGroup.MUCH_BYTES;
        assertThat(group.help()).isTrue();
        assertThat(lent.join()).isTrue();
        assertThat(group.help()).isFalse();
        assertThat(theirs.looks).hasValue(1);
    }

    @Test
    void theLastOneAwakeGivesEverythingBackBeforeItParks() {
        ReaderGroup.Member member = mine.join();
        CompletableFuture<Boolean> lent = theOtherLends();
        group.parks(member);
        assertThat(lent.join()).isTrue();
        assertThat(theirs.looks).hasValue(0);
    }

    @Test
    void aFailureIsTheReadersOwn() {
        mine.join();
        CompletableFuture<Boolean> lent = theOtherLends();
        theirs.failure = new NodeClosedException("closed meanwhile");
        assertThat(group.help()).isFalse();
        assertThatThrownBy(lent::join).hasCause(theirs.failure);
        assertThat(group.help()).isFalse();
        assertThat(theirs.looks).hasValue(1);
    }

    @Test
    void anInterruptedReaderEnds() {
        mine.join();
        CompletableFuture<Boolean> lent = theOtherLends();
        others.getFirst().interrupt();
        assertThatThrownBy(lent::join).hasCauseInstanceOf(InterruptedIOException.class);
        assertThat(group.help()).isFalse();
        assertThat(theirs.looks).hasValue(0);
    }

    @Test
    void whoeverIsAwakeLooksAtWhatAParkedReaderWaitsFor() {
        mine.join();
        ReaderGroup.Member parked = theirs.join();
        assertThat(group.help()).isFalse();
        assertThat(theirs.looks).hasValue(0);
        group.parks(parked);
        theirs.bytes = 100;
        assertThat(group.help()).isTrue();
        group.wakes(parked);
        group.help();
        assertThat(theirs.looks).hasValue(1);
    }

    @Test
    void aReaderThatWakesWaitsUntilTheOtherHasLooked() {
        mine.join();
        Source slow = new Source();
        CompletableFuture<Void> awake = new CompletableFuture<>();
        ReaderGroup.Member[] parked = new ReaderGroup.Member[1];
        parked[0] = group.join(slow, () -> {
            Thread waking = another(() -> {
                group.wakes(parked[0]);
                awake.complete(null);
            });
            await().until(() -> waking.getState() == Thread.State.WAITING);
            assertThat(awake).isNotDone();
            return 1;
        }, 0);
        group.parks(parked[0]);
        assertThat(group.help()).isTrue();
        awake.join();
    }

    @Test
    void aParkedReaderSleepsWhileAnotherSendsTheLittleThatComesOnItsWay() {
        ReaderGroup.Member parked = mine.join();
        group.parks(parked);
        mine.bytes = ReaderGroup.MUCH_BYTES - 1;
        assertThat(group.standIn(parked, LATER_NANOS)).isTrue();
        assertThat(group.standIn(parked, 2 * LATER_NANOS)).isTrue();
        assertThat(mine.looks).hasValue(2);
        assertThat(group.wakes(parked)).isEqualTo(2 * LATER_NANOS);
    }

    @Test
    void muchIsSentOnItsWayAndWakesTheReader() {
        ReaderGroup.Member parked = mine.join();
        group.parks(parked);
        mine.bytes = ReaderGroup.MUCH_BYTES;
        assertThat(group.standIn(parked, LATER_NANOS)).isFalse();
        assertThat(mine.looks).hasValue(1);
    }

    @Test
    void whatComesSoonAfterIsTheReadersOwn() {
        ReaderGroup.Member parked = mine.join();
        group.parks(parked);
        assertThat(group.standIn(parked, LATER_NANOS)).isTrue();
        assertThat(group.standIn(parked, LATER_NANOS + HotWait.NEAR_NANOS - 1)).isFalse();
        assertThat(group.standIn(parked, LATER_NANOS + HotWait.NEAR_NANOS)).isTrue();
        assertThat(mine.looks).hasValue(2);
    }

    @Test
    void nobodyStandsInForAReaderThatIsAwake() {
        ReaderGroup.Member member = mine.join();
        assertThat(group.standIn(member, LATER_NANOS)).isFalse();
        group.parks(member);
        group.wakes(member);
        assertThat(group.standIn(member, LATER_NANOS)).isFalse();
        assertThat(mine.looks).hasValue(0);
    }

    @Test
    void nobodyStandsInWhereAnotherReaderLooks() {
        ReaderGroup.Member[] parked = new ReaderGroup.Member[1];
        parked[0] = group.join(theirs, () -> {
            assertThat(group.standIn(parked[0], LATER_NANOS)).isFalse();
            return theirs.look();
        }, 0);
        mine.join();
        group.parks(parked[0]);
        group.help();
        assertThat(theirs.looks).hasValue(1);
    }

    @Test
    void aFailureIsLeftForTheReaderToFind() {
        ReaderGroup.Member parked = mine.join();
        group.parks(parked);
        mine.failure = new IOException("read: EIO (5)");
        assertThat(group.standIn(parked, LATER_NANOS)).isFalse();
        assertThat(group.wakes(parked)).isEqualTo(LATER_NANOS);
    }

    @Test
    void aFaultOfTheProgramIsReportedByTheReader() {
        IllegalArgumentException fault = new IllegalArgumentException("segmentBytes=-1");
        ReaderGroup.Member parked = group.join(
                mine,
                () -> {
                    throw fault;
                },
                0);
        group.parks(parked);
        assertThat(group.standIn(parked, LATER_NANOS)).isFalse();
        assertThatThrownBy(() -> group.wakes(parked)).hasCause(fault);
    }

    @Test
    void nothingIsLentToOneThatWaits() throws IOException {
        ReaderGroup.Member waiting = mine.join();
        ReaderGroup.Member looking = theirs.join();
        mine.whileWaiting = () -> assertThat(group.lend(looking)).isFalse();
        assertThat(group.awaitWithin(1, waiting)).isTrue();
    }

    @Test
    void waitsForItsOwnSourceAndTheLentOneTogether() throws IOException {
        ReaderGroup.Member member = mine.join();
        assertThat(group.awaitWithin(1, member)).isTrue();
        assertThat(mine.waitedWith).isSameAs(mine);
        CompletableFuture<Boolean> lent = theOtherLends();
        assertThat(group.awaitWithin(1, member)).isTrue();
        assertThat(mine.waitedWith).isSameAs(theirs);
        assertThat(lent).isNotDone();
    }

    @Test
    void waitsShorterWhereASecondLentSourceDoesNotWaitWithIt() throws IOException {
        ReaderGroup.Member member = mine.join();
        theOtherLends();
        group.awaitWithin(2_000_000, member);
        assertThat(mine.waitedNanos).isEqualTo(2_000_000);
        lends(new Source());
        group.awaitWithin(2_000_000, member);
        assertThat(mine.waitedNanos).isEqualTo(ReaderGroup.UNWATCHED_NANOS);
    }
}
