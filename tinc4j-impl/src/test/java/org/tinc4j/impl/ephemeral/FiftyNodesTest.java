package org.tinc4j.impl.ephemeral;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.tinc4j.Tinc;
import org.tinc4j.testing.EphemeralMesh;
import org.tinc4j.testing.EphemeralNode;

/** Fifty nodes in real time, in a JVM of their own with half a gigabyte of heap. */
class FiftyNodesTest {

    @Test
    void convergeAndPingAllPairsWithoutASocket() throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        Child.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        System.out.print(output);

        assertThat(child.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(output).contains("2450 of 2450 pings answered, 0 sockets open");
    }

    /** Prints what it saw. */
    static final class Child {

        private static final int NODES = 50;

        private static final int PINGS_AT_A_TIME = 16;

        /** Each makes keys at both ends first, and two cores have much to do. */
        private static final Duration PATIENCE = Duration.ofSeconds(20);

        private Child() {}

        public static void main(String[] args) throws Exception {
            long start = System.nanoTime();
            try (EphemeralMesh mesh = EphemeralMesh.builder().nodes(NODES).topology("random").everyNode(Child::patient).start();
                    ExecutorService pool = Executors.newFixedThreadPool(PINGS_AT_A_TIME, Thread.ofVirtual().factory())) {
                mesh.awaitConverged(Duration.ofMinutes(2));
                System.out.printf("%d nodes converged in %.2f s%n", NODES, (System.nanoTime() - start) / 1e9);
                List<Callable<Boolean>> pings = mesh.nodes().stream()
                        .flatMap(from -> mesh.nodes().stream().filter(to -> to != from).map(to -> ping(from, to)))
                        .toList();
                start = System.nanoTime();
                int answered = 0;
                for (Future<Boolean> ping : pool.invokeAll(pings)) {
                    answered += ping.get() ? 1 : 0;
                }
                System.out.printf("all pairs in %.2f s%n", (System.nanoTime() - start) / 1e9);
                System.out.println(answered + " of " + pings.size() + " pings answered, " + sockets() + " sockets open");
            }
        }

        /** Fifty handshakes at once on a busy machine take longer than the second that a small mesh allows them. */
        private static Tinc.Builder patient(Tinc.Builder node) {
            return node.ping(Duration.ofSeconds(10), Duration.ofSeconds(5));
        }

        private static Callable<Boolean> ping(EphemeralNode from, EphemeralNode to) {
            return () -> from.ping(to.address(), PATIENCE).isPresent();
        }

        private static long sockets() throws IOException {
            Path open = Path.of("/proc/self/fd");
            if (!Files.isDirectory(open)) {
                return 0; // Only Linux tells.
            }
            try (Stream<Path> descriptors = Files.list(open)) {
                return descriptors.filter(Child::isSocket).count();
            }
        }

        private static boolean isSocket(Path descriptor) {
            try {
                return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
            } catch (IOException e) {
                return false; // Closed meanwhile: the one the listing itself had open.
            }
        }
    }
}
