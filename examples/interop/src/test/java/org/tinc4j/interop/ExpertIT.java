package org.tinc4j.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tinc4j.testkit.ChildProcess;

/**
 * The stack of a node beside the kernel's, as somebody sees them who looks at the packets between: every checksum is right, and tshark's
 * expert has nothing to say but what belongs to the flow.
 */
@RequiresTincd
class ExpertIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int PINGS = 3;

    /** The least that IPv6 allows: what is no longer travels by UDP after the first probes, and nothing changes its way, and its place, later. */
    private static final int MTU = 1280;

    /** As tincd counts: with an Ethernet header. */
    private static final int PROVEN_BYTES = MTU + 14;

    @Test
    void theExpertNotesNothingButWhatBelongsToTheFlow() throws IOException {
        try (Mesh mesh = Mesh.of("expert")) {
            CTincd daemon = mesh.tincd("daemon");
            JavaNode java = mesh.java("java").inProcess();
            mesh.dial(java, daemon);
            mesh.start(LIMIT);
            Traffic.awaitPing(daemon, java, LIMIT);
            daemon.site().netns().mtu("tun0", MTU);
            await("UDP both ways").atMost(LIMIT).untilAsserted(() -> {
                Traffic.ping(daemon, java.site().overlay4(), 1); // Probing is driven by traffic.
                assertThat(daemon.view(java).orElseThrow().pmtuBytes()).isGreaterThanOrEqualTo(PROVEN_BYTES);
                assertThat(java.view(daemon).orElseThrow().pmtuBytes()).isGreaterThanOrEqualTo(PROVEN_BYTES);
            });
            List<Capture.Packet> packets;
            try (Capture capture = Capture.start(daemon, "tun0")) {
                runFlows(daemon, java);
                for (String address : List.of(java.site().overlay4(), java.site().overlay6())) {
                    assertThat(Traffic.ping(daemon, address, PINGS).received()).isEqualTo(PINGS);
                }
                packets = capture.stop(java.site().overlay4());
            }
            assertThat(FlowJudge.faults(packets, java.site())).as("in the capture beside %s", daemon.site().log()).isEmpty();
        }
    }

    /** All flows, dialled from either side, over either IP version. */
    private static void runFlows(CTincd daemon, JavaNode java) throws IOException {
        java.ask("flows");
        try (ChildProcess kernel = ChildProcess.start(
                        daemon.site().netns().wrap(JavaProgram.command(Flows.class)), daemon.site().directory().resolve("flows.log"));
                BufferedReader out = kernel.process().inputReader(StandardCharsets.UTF_8);
                BufferedWriter in = kernel.process().outputWriter(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).as(kernel.logText()).isEqualTo(NodeProcess.READY);
            for (boolean ipv6 : new boolean[] {false, true}) {
                assertThat(java.ask("dial-flows " + (ipv6 ? daemon.site().overlay6() : daemon.site().overlay4()))).containsExactly(Flows.FINE);
                in.write((ipv6 ? java.site().overlay6() : java.site().overlay4()) + "\n");
                in.flush();
                assertThat(out.readLine()).isEqualTo(Flows.FINE);
            }
            assertThat(java.ask("flow-failures")).isEmpty();
        }
    }
}
