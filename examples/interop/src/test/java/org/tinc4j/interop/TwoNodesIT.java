package org.tinc4j.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A Java node and a C daemon on one Ethernet, whoever dials, over both IP versions. */
@RequiresTincd
class TwoNodesIT {

    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final int STREAM_BYTES = 8 << 20;

    @ParameterizedTest(name = "over {0}, {1} dials")
    @CsvSource({"IPV4, JAVA", "IPV4, C", "IPV6, JAVA", "IPV6, C"})
    void pingAndStreamBothWays(Mesh.Underlay underlay, Mesh.Program dialler) {
        try (Mesh mesh = Mesh.over(underlay, "two")) {
            CTincd daemon = mesh.tincd("daemon");
            JavaNode java = mesh.java("java");
            if (dialler == Mesh.Program.C) {
                mesh.dial(daemon, java);
            } else {
                mesh.dial(java, daemon);
            }
            mesh.start(LIMIT);

            Traffic.awaitPing(java, daemon, LIMIT);
            assertThat(Traffic.ping(daemon, java.site().overlay4(), 5).lost()).isZero();
            assertThat(Traffic.ping(java, daemon.site().overlay6(), 5).lost()).isZero();
            assertThat(java.pings(daemon)).as("the node's own ping").isTrue();
            await("UDP both ways").atMost(LIMIT).untilAsserted(() -> {
                assertThat(daemon.view(java).orElseThrow().udpConfirmed()).isTrue();
                assertThat(java.view(daemon).orElseThrow().udpConfirmed()).isTrue();
            });
            Traffic.stream(java, daemon, STREAM_BYTES);
            Traffic.stream(daemon, java, STREAM_BYTES);
            Traffic.stream(daemon, java, java.site().overlay6(), STREAM_BYTES / 8, 0);
        }
    }
}
