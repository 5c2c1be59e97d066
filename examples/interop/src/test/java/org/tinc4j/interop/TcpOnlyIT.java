package org.tinc4j.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Networks in which UDP does not get through, or is not wanted. */
@RequiresTincd
class TcpOnlyIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int STREAM_BYTES = 1 << 20;

    @ParameterizedTest(name = "{0} dials")
    @EnumSource
    void everythingGoesOverTcpOnlyWhileUdpIsBlocked(Mesh.Program dialler) {
        try (Mesh mesh = Mesh.of("tcp")) {
            CTincd daemon = mesh.tincd("daemon");
            JavaNode java = mesh.java("java");
            mesh.lan().blockUdp();
            if (dialler == Mesh.Program.C) {
                mesh.dial(daemon, java);
            } else {
                mesh.dial(java, daemon);
            }
            mesh.start(LIMIT);

            Traffic.awaitPing(java, daemon, LIMIT);
            assertThat(Traffic.ping(daemon, java.site().overlay4(), 5).lost()).isZero();
            Traffic.stream(java, daemon, STREAM_BYTES);
            Traffic.stream(daemon, java, STREAM_BYTES);
            assertThat(java.view(daemon).orElseThrow().udpConfirmed()).isFalse();
            assertThat(daemon.view(java).orElseThrow().udpConfirmed()).isFalse();

            mesh.lan().unblockUdp();
            await("UDP both ways").atMost(LIMIT).until(() -> {
                Traffic.ping(java, daemon.site().overlay4(), 1);
                return daemon.view(java).orElseThrow().udpConfirmed() && java.view(daemon).orElseThrow().udpConfirmed();
            });
        }
    }

    @ParameterizedTest(name = "{0} in the middle")
    @EnumSource
    void theMiddleRelaysWhileUdpIsBlocked(Mesh.Program middleProgram) {
        try (Mesh mesh = Mesh.of("tcp-relay")) {
            Mesh.Program endProgram = middleProgram == Mesh.Program.C ? Mesh.Program.JAVA : Mesh.Program.C;
            MeshNode left = mesh.node(endProgram, "left");
            MeshNode middle = mesh.node(middleProgram, "middle");
            MeshNode right = mesh.node(endProgram, "right");
            mesh.lan().blockUdp();
            mesh.dial(left, middle).dial(right, middle).start(LIMIT);

            Traffic.awaitPing(left, right, LIMIT);
            Traffic.awaitPing(right, left, LIMIT);
            Traffic.stream(left, right, STREAM_BYTES);
        }
    }

    /**
     * A tincd hub relays an SPTPS_PACKET to a TCPOnly leaf only while it has a data session with that leaf, and never starts one itself.
     * So this passes only because a Java leaf starts a session with its hub unasked; between two C leaves every packet is lost.
     */
    @Test
    void javaLeavesWithTcpOnlyTalkThroughADaemonHub() {
        try (Mesh mesh = Mesh.of("tcp-leaves")) {
            JavaNode left = mesh.java("left", "TCPOnly = yes");
            CTincd hub = mesh.tincd("hub");
            JavaNode right = mesh.java("right", "TCPOnly = yes");
            mesh.dial(left, hub).dial(right, hub).start(LIMIT);

            Traffic.awaitPing(left, right, LIMIT);
            Traffic.awaitPing(right, left, LIMIT);
            Traffic.stream(left, right, STREAM_BYTES);
        }
    }
}
