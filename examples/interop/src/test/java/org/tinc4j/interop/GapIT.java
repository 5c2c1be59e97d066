package org.tinc4j.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A wire that is dead for a moment stops a stream for about as long as the kernel's TCP takes to notice, and no longer. */
@Timeout(120)
@RequiresTincd
class GapIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Four seconds or more, in which the gap lies. */
    private static final long BYTES = 1L << 30;

    /** Longer than the flight of a stream, so all of it is lost. */
    private static final Duration GAP = Duration.ofMillis(100);

    /** What the replay window has bits for. */
    private static final int WINDOW = 256;

    /**
     * TCP sends the first segment again after 0.2 s, then after 0.4 s and so on: the stream goes on 0.2 s after the gap. Where the first eight
     * datagrams are dropped for their far numbers it was 14 s.
     */
    private static final Duration NOTICE = Duration.ofSeconds(4);

    @Test
    void aStreamGoesOnAfterAGap() {
        try (Mesh mesh = Mesh.of("gap")) {
            JavaNode left = mesh.java("left");
            JavaNode right = mesh.java("right");
            mesh.dial(left, right).start(LIMIT);
            Traffic.awaitUdp(left, right, LIMIT);

            CompletableFuture<Void> stream = Traffic.flowing(left, right, BYTES, LIMIT);
            // Only what the receiver gets: without acknowledgements the sender would stop, and nothing be lost.
            right.site().netns().dropIncoming(Lan.DEVICE, "meta l4proto udp");
            await("the gap").pollDelay(GAP).until(() -> true);
            long received = right.packetsFrom(left);
            assertThat(left.packetsTo(right) - received).as("packets lost in the gap").isGreaterThan(WINDOW);
            assertThat(stream).as("the stream, when the gap ends").isNotDone();
            right.site().netns().dropNothing();

            await("the stream, after the gap").atMost(NOTICE).pollInterval(Duration.ofMillis(50)).until(
                    () -> right.packetsFrom(left) > received + WINDOW);
            assertThat(stream).succeedsWithin(LIMIT);
        }
    }
}
