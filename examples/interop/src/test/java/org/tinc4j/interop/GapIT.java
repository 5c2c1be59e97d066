package org.tinc4j.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A wire that is dead for a moment stops a stream for about as long as the kernel's TCP takes to notice, and no longer. */
class GapIT {

    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final long BYTES = 512L << 20;

    /** More than a first flight, and far from the end. */
    private static final int SEGMENTS_BEFORE = 50_000;

    /** Longer than the flight of a stream, so all of it is lost: far more datagrams than the replay window has room for. */
    private static final Duration GAP = Duration.ofMillis(100);

    @Test
    void aStreamGoesOnAfterAGap() {
        try (Mesh mesh = Mesh.of("gap")) {
            MeshNode left = mesh.node(Mesh.Program.JAVA, "left");
            MeshNode right = mesh.node(Mesh.Program.JAVA, "right");
            mesh.dial(left, right).start(LIMIT);
            Traffic.awaitPing(left, right, LIMIT);

            CompletableFuture<Void> stream = CompletableFuture.runAsync(() -> Traffic.stream(left, right, BYTES));
            await("segments at the receiver").atMost(LIMIT).pollInterval(Duration.ofMillis(20)).until(() -> segments(right) > SEGMENTS_BEFORE);
            mesh.lan().blockUdp();
            await("the gap").pollDelay(GAP).until(() -> true);
            assertThat(stream).as("the stream, when the gap ends").isNotDone();
            mesh.lan().unblockUdp();

            // Where eight segments that TCP sends at doubling intervals were dropped for their far numbers, this took 25 s and more.
            assertThat(stream).succeedsWithin(LIMIT);
        }
    }

    private static long segments(MeshNode node) {
        return node.site().netns().counter("Tcp", "InSegs");
    }
}
