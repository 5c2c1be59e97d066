package org.tinc4j.impl.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tinc4j.NodeClosedException;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.Pollable;

/** This thread is one reader of the group, a virtual thread another. */
@Timeout(10)
class ReaderGroupTest {

    private final ReaderGroup group = new ReaderGroup();
    private final Source mine = new Source();
    private final Source theirs = new Source();
    private Thread other;

    /** Has as many bytes as it is told, or fails. */
    private final class Source implements Pollable {
        final AtomicInteger looks = new AtomicInteger();
        volatile int bytes;
        volatile IOException failure;
        Pollable waitedWith;

        int look() throws IOException {
            looks.incrementAndGet();
            if (failure != null) {
                throw failure;
            }
            return bytes;
        }

        ReaderGroup.Member member() {
            return new ReaderGroup.Member(this, this::look);
        }

        @Override
        public int poll(PacketBatch batch) {
            throw new UnsupportedOperationException("nobody polls here");
        }

        @Override
        public boolean awaitWithin(int nanos, Pollable with) throws IOException {
            waitedWith = with;
            assertThat(group.lend(member())).as("lent to one that waits").isFalse();
            return true;
        }

        @Override
        public void await() {
            throw new UnsupportedOperationException("nobody parks here");
        }
    }

    /** The other reader finds nothing, and lends its source: what becomes of that. */
    private CompletableFuture<Boolean> theOtherLends() {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        other = Thread.ofVirtual().start(() -> {
            group.wakes();
            try {
                result.complete(group.lend(theirs.member()));
            } catch (IOException e) {
                result.completeExceptionally(e);
            }
        });
        await().until(() -> other.getState() == Thread.State.WAITING);
        return result;
    }

    @AfterEach
    void end() throws InterruptedException {
        if (other != null) {
            other.interrupt();
            other.join();
        }
    }

    @Test
    void theLastOneAwakeMustWaitForItself() throws IOException {
        group.wakes();
        assertThat(group.lend(mine.member())).isFalse();
    }

    @Test
    void whoIsAwakeLooksAtWhatIsLent() {
        group.wakes();
        CompletableFuture<Boolean> lent = theOtherLends();
        assertThat(group.help()).isFalse();
        theirs.bytes = 100;
        assertThat(group.help()).isTrue();
        assertThat(theirs.looks).hasValue(2);
        assertThat(lent).isNotDone();
    }

    @Test
    void aSourceWithMuchToDoIsGivenBack() {
        group.wakes();
        CompletableFuture<Boolean> lent = theOtherLends();
        theirs.bytes = ReaderGroup.MUCH_BYTES;
        assertThat(group.help()).isTrue();
        assertThat(lent.join()).isTrue();
        assertThat(group.help()).isFalse();
        assertThat(theirs.looks).hasValue(1);
    }

    @Test
    void theLastOneAwakeGivesEverythingBackBeforeItParks() {
        group.wakes();
        CompletableFuture<Boolean> lent = theOtherLends();
        group.leaves();
        assertThat(lent.join()).isTrue();
        assertThat(theirs.looks).hasValue(0);
    }

    @Test
    void aFailureIsTheReadersOwn() {
        group.wakes();
        CompletableFuture<Boolean> lent = theOtherLends();
        theirs.failure = new NodeClosedException("closed meanwhile");
        assertThat(group.help()).isFalse();
        assertThatThrownBy(lent::join).hasCause(theirs.failure);
        assertThat(group.help()).isFalse();
        assertThat(theirs.looks).hasValue(1);
    }

    @Test
    void anInterruptedReaderEnds() {
        group.wakes();
        CompletableFuture<Boolean> lent = theOtherLends();
        other.interrupt();
        assertThatThrownBy(lent::join).hasCauseInstanceOf(InterruptedIOException.class);
        assertThat(group.help()).isFalse();
        assertThat(theirs.looks).hasValue(0);
    }

    @Test
    void waitsForItsOwnSourceAndTheLentOneTogether() throws IOException {
        group.wakes();
        assertThat(group.awaitWithin(1, mine.member())).isTrue();
        assertThat(mine.waitedWith).isSameAs(mine);
        CompletableFuture<Boolean> lent = theOtherLends();
        assertThat(group.awaitWithin(1, mine.member())).isTrue();
        assertThat(mine.waitedWith).isSameAs(theirs);
        assertThat(lent).isNotDone();
    }
}
