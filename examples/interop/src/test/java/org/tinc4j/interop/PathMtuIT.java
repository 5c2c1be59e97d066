package org.tinc4j.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A path that takes less than Ethernet's 1500 bytes. */
@RequiresTincd
class PathMtuIT {

    private static final Duration LIMIT = Duration.ofSeconds(25);
    private static final int LINK_MTU = 1280;

    /** What is left of the link's MTU after IPv4 (20), UDP (8), the two node ids (12), and sequence number, type and tag (21). */
    private static final int PATH_MTU = LINK_MTU - 20 - 8 - 12 - 21;

    /** Probes are spread; tincd comes this close in a few seconds. */
    private static final int NEAR = 60;

    @ParameterizedTest(name = "{0} dials")
    @EnumSource
    void bothFindTheMtuOfASmallLink(Mesh.Program dialler) {
        try (Mesh mesh = Mesh.of("mtu")) {
            CTincd daemon = mesh.tincd("daemon");
            JavaNode java = mesh.java("java");
            mesh.nodes().forEach(node -> mesh.lan().mtu(mesh.host(node), LINK_MTU));
            bothFindIt(mesh, daemon, java, dialler);
        }
    }

    /** Nobody says that packets are too large; they just do not arrive. */
    @ParameterizedTest(name = "{0} dials")
    @EnumSource
    void bothFindTheMtuOfABlackHole(Mesh.Program dialler) {
        try (Mesh mesh = Mesh.of("black-hole")) {
            CTincd daemon = mesh.tincd("daemon");
            JavaNode java = mesh.java("java");
            mesh.nodes().forEach(node -> mesh.lan().silentMtu(mesh.host(node), LINK_MTU));
            // The meta connection has a path of its own to find: let its TCP know, as MSS clamping on a real path would.
            mesh.nodes().forEach(node -> node.site().netns().kernelSetting("net/ipv4/tcp_mtu_probing", 2));
            bothFindIt(mesh, daemon, java, dialler);
        }
    }

    private static void bothFindIt(Mesh mesh, CTincd daemon, JavaNode java, Mesh.Program dialler) {
        if (dialler == Mesh.Program.C) {
            mesh.dial(daemon, java);
        } else {
            mesh.dial(java, daemon);
        }
        mesh.start(LIMIT);

        // Probing is driven by traffic.
        await("both path MTUs").atMost(LIMIT).pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
            Traffic.ping(java, daemon.site().overlay4(), 1);
            Traffic.ping(daemon, java.site().overlay4(), 1);
            assertThat(daemon.view(java).orElseThrow().pmtuBytes()).as("path MTU by tincd").isBetween(PATH_MTU - NEAR, PATH_MTU);
            assertThat(java.view(daemon).orElseThrow().pmtuBytes()).as("path MTU by Java").isBetween(PATH_MTU - NEAR, PATH_MTU);
        });
        // tincd's routing counts 14 bytes of Ethernet header too; then IPv4 and ICMP headers are in front of the payload.
        int largestPayload =
                Math.min(daemon.view(java).orElseThrow().pmtuBytes(), java.view(daemon).orElseThrow().pmtuBytes()) - 14 - 20 - 8;
        assertThat(Traffic.ping(java, daemon.site().overlay4(), 5, largestPayload).lost()).isZero();
        Traffic.stream(java, daemon, 2 << 20);
        Traffic.stream(daemon, java, 2 << 20);
    }
}
