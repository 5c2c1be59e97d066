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
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.testkit.ChildProcess;

/**
 * Offloads forced off at both of two Java nodes beside a C daemon: streams from each to the next and messages around every boundary come
 * through unharmed, first over a clean Ethernet, then over one that loses, doubles and reorders datagrams; and no kernel sees a wrong checksum.
 *
 * <p>Each offload is off in turn, then all are, over IPv4 and without io_uring, which is off by default; then all are on, and all but io_uring are
 * off. With {@code -Doffloads=all} it is every combination there is, io_uring on and off, over IPv4 and over IPv6, which takes two hours;
 * {@code -Doffloads=TSO,UDP_GRO} repeats the one without these, {@code -Doffloads=none} the one with everything. A line for each says what became
 * of it, and the nodes' logs whether the kernel refused something.
 */
@RequiresTincd
class OffloadsIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long CLEAN_BYTES = 16 << 20;
    private static final long ROUGH_BYTES = 2 << 20;

    static Stream<Arguments> forcedOff() {
        String wanted = System.getProperty("offloads", "");
        if (wanted.isEmpty()) {
            return Stream.concat(offByDefault(), Stream.of(EnumSet.noneOf(Offload.class), EnumSet.complementOf(EnumSet.of(Offload.IO_URING))))
                    .map(without -> Arguments.of(without, Mesh.Underlay.IPV4));
        }
        List<Set<Offload>> sets = switch (wanted) {
            case "all" -> subsets();
            case "none" -> List.of(Set.of());
            default -> List.of(Stream.of(wanted.split(",")).map(Offload::valueOf).collect(Collectors.toSet()));
        };
        return sets.stream().flatMap(without -> Stream.of(Mesh.Underlay.values()).map(underlay -> Arguments.of(without, underlay)));
    }

    /** The default, that without each offload, and nothing at all. */
    private static Stream<Set<Offload>> offByDefault() {
        return Stream.concat(
                Stream.of(Offload.values()).map(offload -> EnumSet.of(offload, Offload.IO_URING)), Stream.of(EnumSet.allOf(Offload.class)));
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
            assertInUse(one, without);
            assertInUse(two, without);
        } finally {
            System.out.printf("without %s over %s: %s, %d s%n", without, underlay, result, (System.nanoTime() - start) / 1_000_000_000);
        }
    }

    /** Nothing was refused, and what was forced off was off. */
    private static void assertInUse(JavaNode node, Set<Offload> without) {
        DataPathOptions options = DataPathOptions.DEFAULT.with(Offload.values()).without(without.toArray(Offload[]::new));
        assertThat(node.capabilities()).as("offloads of %s", node.name()).allSatisfy((offload, state) ->
                assertThat(state.equals(NodeProcess.ACTIVE)).as("%s: %s", offload, state).isEqualTo(options.allows(offload)));
    }

    private static long retransmissions(Mesh mesh) {
        return mesh.nodes().stream().mapToLong(node -> node.site().netns().counter("Tcp", "RetransSegs")).sum();
    }
}
