package org.tinc4j.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tinc4j.Offload;
import org.tinc4j.testkit.ChildProcess;

/**
 * Every offload forced off in turn, and all of them, at both of two Java nodes beside a C daemon: streams in all directions and messages
 * around every boundary come through unharmed, first over a clean Ethernet, then over one that loses, doubles and reorders datagrams; and no
 * kernel sees a wrong checksum.
 */
@RequiresTincd
class OffloadsIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long CLEAN_BYTES = 24 << 20;
    private static final long ROUGH_BYTES = 3 << 20;

    static Stream<Set<Offload>> forcedOff() {
        List<Set<Offload>> sets = new ArrayList<>();
        sets.add(Set.of());
        for (Offload offload : Offload.values()) {
            sets.add(Set.of(offload));
        }
        sets.add(EnumSet.allOf(Offload.class));
        return sets.stream();
    }

    @ParameterizedTest(name = "without {0}")
    @MethodSource("forcedOff")
    void everythingArrivesUnharmed(Set<Offload> without) {
        try (Mesh mesh = Mesh.of("offloads")) {
            JavaNode one = mesh.java("one").without(without);
            JavaNode two = mesh.java("two").without(without);
            CTincd daemon = mesh.tincd("daemon");
            mesh.dial(one, daemon).dial(two, daemon).dial(one, two);
            mesh.start(LIMIT);
            Traffic.awaitPing(one, two, LIMIT);
            Traffic.awaitPing(one, daemon, LIMIT);

            exchange(mesh, one, two, daemon, CLEAN_BYTES);
            Traffic.echo(one, two, two.site().overlay4());
            Traffic.echo(two, one, one.site().overlay6());
            Traffic.echo(one, daemon, daemon.site().overlay4());
            try (ChildProcess rough = mesh.lan().rough(1, one.site().directory().resolve("rough.log"))) {
                Traffic.awaitPing(one, two, LIMIT);
                long before = retransmissions(mesh);
                exchange(mesh, one, two, daemon, ROUGH_BYTES);
                assertThat(retransmissions(mesh)).as("retransmissions, if the wire is rough").isGreaterThan(before);
                assertThat(rough.isAlive()).as(rough.logText()).isTrue();
            }
        }
    }

    private static long retransmissions(Mesh mesh) {
        return mesh.nodes().stream().mapToLong(node -> node.site().netns().counter("Tcp", "RetransSegs")).sum();
    }

    private static void exchange(Mesh mesh, JavaNode one, JavaNode two, CTincd daemon, long bytes) {
        Traffic.stream(one, two, bytes);
        Traffic.stream(two, one, one.site().overlay6(), bytes, 0);
        Traffic.stream(one, daemon, bytes / 4);
        Traffic.stream(daemon, one, bytes / 4);
        for (MeshNode node : mesh.nodes()) {
            assertThat(node.site().netns().counter("Tcp", "InCsumErrors")).as("TcpInCsumErrors at %s", node.name()).isZero();
        }
    }
}
