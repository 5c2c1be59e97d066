package org.tinc4j.impl.ephemeral;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.tinc4j.testing.EphemeralMesh;
import org.tinc4j.testing.MeshTrace;
import org.tinc4j.testing.NatKind;

/** In virtual time the same seed gives the same trace, byte for byte. */
class DeterminismTest {

    private static final int RUNS = 20;

    /** Everything that is random or has an order: lossy links, a NAT, a partition, a kill, a random topology, pings. */
    private static MeshTrace run(long seed) {
        try (EphemeralMesh mesh = EphemeralMesh.builder()
                .nodes(8)
                .topology("random")
                .seed(seed)
                .conditions(link -> link.withJitter(Duration.ofMillis(3)).withLoss(0.02).withDuplication(0.02).withReordering(0.02))
                .nat("home", NatKind.PORT_RESTRICTED_CONE, "n7", "n8")
                .virtualTime()
                .traceEntries(1_000_000)
                .start()) {
            mesh.awaitConverged();
            mesh.partition(List.of("n1", "n2", "n3"), List.of("n4", "n5"));
            mesh.node("n7").ping("n2");
            mesh.node("n6").kill();
            mesh.advance(Duration.ofSeconds(10));
            mesh.node("n6").start();
            mesh.heal();
            mesh.awaitConverged();
            mesh.node("n7").ping("n6");
            mesh.node("n1").ping("n8");
            return mesh.trace();
        }
    }

    @Test
    void theSameSeedGivesTheSameTraceTwentyTimes() {
        String first = run(1).toString();
        assertThat(first.lines().count()).isGreaterThan(1000);
        for (int i = 1; i < RUNS; i++) {
            assertThat(run(1).toString()).isEqualTo(first);
        }
    }

    @Test
    void anotherSeedGivesAnotherTrace() {
        Set<String> digests = new HashSet<>();
        for (long seed = 1; seed <= 5; seed++) {
            digests.add(run(seed).digest());
        }
        assertThat(digests).hasSize(5);
    }

    /** Hash codes of identity and the order of unmodifiable sets differ from JVM to JVM: within one they cannot be found out. */
    @Test
    void anotherJvmGivesTheSameTrace() throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                        Child.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor(1, TimeUnit.MINUTES)).isTrue();

        assertThat(output.strip()).isEqualTo(run(1).digest());
    }

    /** Prints the digest. */
    static final class Child {

        private Child() {}

        public static void main(String[] args) {
            System.out.println(run(1).digest());
        }
    }
}
