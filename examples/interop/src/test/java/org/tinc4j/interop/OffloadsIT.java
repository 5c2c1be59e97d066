package org.tinc4j.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tinc4j.Offload;
import org.tinc4j.testkit.ChildProcess;

/**
 * Offloads forced off at both of two Java nodes beside a C daemon: streams from each to the next and messages around every boundary come
 * through unharmed, first over a clean Ethernet, then over one that loses, doubles and reorders datagrams; and no kernel sees a wrong checksum.
 *
 * <p>Each offload is off in turn, then all are, over IPv4. With {@code -Doffloads=all} it is every combination there is, over IPv4 and over
 * IPv6, which takes an hour; {@code -Doffloads=TSO,UDP_GRO} repeats the one without these. A line for each says what became of it.
 */
@RequiresTincd
class OffloadsIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long CLEAN_BYTES = 16 << 20;
    private static final long ROUGH_BYTES = 2 << 20;

    static Stream<Arguments> forcedOff() {
        String wanted = System.getProperty("offloads", "");
        if (wanted.isEmpty()) {
            return Stream.concat(
                            Stream.of(Set.<Offload>of(), EnumSet.allOf(Offload.class)), Stream.of(Offload.values()).map(EnumSet::of))
                    .map(without -> Arguments.of(without, Mesh.Underlay.IPV4));
        }
        List<Set<Offload>> sets = wanted.equals("all")
                ? subsets()
                : List.of(Stream.of(wanted.split(",")).map(Offload::valueOf).collect(Collectors.toSet()));
        return sets.stream().flatMap(without -> Stream.of(Mesh.Underlay.values()).map(underlay -> Arguments.of(without, underlay)));
    }

    private static List<Set<Offload>> subsets() {
        List<Set<Offload>> subsets = new ArrayList<>();
        subsets.add(EnumSet.noneOf(Offload.class));
        for (Offload offload : Offload.values()) {
            for (Set<Offload> subset : List.copyOf(subsets)) {
                Set<Offload> larger = EnumSet.of(offload);
                larger.addAll(subset);
                subsets.add(larger);
            }
        }
        return subsets;
    }

    @ParameterizedTest(name = "without {0} over {1}")
    @MethodSource("forcedOff")
    @Timeout(300)
    void everythingArrivesUnharmed(Set<Offload> without, Mesh.Underlay underlay) {
        long start = System.nanoTime();
        String result = "FAILED";
        try (Mesh mesh = Mesh.over(underlay, "offloads")) {
            JavaNode one = mesh.java("one").without(without);
            JavaNode two = mesh.java("two").without(without);
            CTincd daemon = mesh.tincd("daemon");
            mesh.dial(one, daemon).dial(two, daemon).dial(one, two);
            mesh.start(LIMIT);
            Ring ring = Ring.of(mesh);
            ring.awaitPings(LIMIT);

            ring.streams(CLEAN_BYTES);
            ring.each((from, to) -> Traffic.echo(from, to, to.site().overlay4()));
            ring.each((from, to) -> Traffic.echo(from, to, to.site().overlay6()));
            try (ChildProcess rough = mesh.lan().rough(1, one.site().directory().resolve("rough.log"))) {
                ring.awaitPings(LIMIT);
                long before = retransmissions(mesh);
                ring.streams(ROUGH_BYTES);
                ring.each((from, to) -> Traffic.echo(
                        from, to, underlay == Mesh.Underlay.IPV4 ? to.site().overlay4() : to.site().overlay6()));
                long retransmitted = retransmissions(mesh) - before;
                assertThat(retransmitted).as("retransmissions, if the wire is rough").isPositive();
                assertThat(rough.isAlive()).as(rough.logText()).isTrue();
                result = "unharmed, " + retransmitted + " segments sent again over the rough wire";
            }
            ring.assertNoWrongChecksums();
        } finally {
            System.out.printf("without %s over %s: %s, %d s%n", without, underlay, result, (System.nanoTime() - start) / 1_000_000_000);
        }
    }

    private static long retransmissions(Mesh mesh) {
        return mesh.nodes().stream().mapToLong(node -> node.site().netns().counter("Tcp", "RetransSegs")).sum();
    }
}
