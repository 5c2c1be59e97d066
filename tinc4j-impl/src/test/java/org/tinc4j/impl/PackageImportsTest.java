package org.tinc4j.impl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each package is of the kind its {@code package-info.java} begins with, and imports only packages nearer to the bytes.
 *
 * <p>What pure packages and machines must not have, clock, threads, sockets and files, is refused by name.
 */
class PackageImportsTest {

    private static final Path SOURCES = Path.of("src/main/java/org/tinc4j/impl");
    private static final Pattern IMPORT = Pattern.compile("^import (?:static )?([\\w.]+);", Pattern.MULTILINE);
    private static final Pattern ENGINE_PACKAGE = Pattern.compile("org\\.tinc4j\\.impl\\.(\\w+)\\..*");

    /** Socket addresses are values; sockets are not. */
    private static final Pattern OF_DRIVERS_ONLY = Pattern.compile(
            "java\\.io\\..*|java\\.net\\.\\w*Socket|java\\.nio\\.channels\\..*|java\\.nio\\.file\\..*|java\\.time\\.(Clock|InstantSource)"
                    + "|java\\.util\\.concurrent\\.(Executor\\w*|\\w*Queue|\\w*Latch|\\w*Future|Semaphore)|org\\.slf4j\\..*");

    private static final Pattern READS_CLOCK_OR_STARTS_THREAD =
            Pattern.compile("System\\.(nanoTime|currentTimeMillis)\\(|Instant\\.now|Thread\\.(of|sleep|start)|new Thread");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            wire      | Pure:    |
            crypto    | Pure:    |
            graph     | Pure:    |
            route     | Pure:    | wire graph sptps
            sptps     | Machine: | crypto
            meta      | Machine: | wire sptps crypto
            path      | Machine: | route
            stack/tcp | Machine: |
            stack     | Driver:  | route offload wire
            proxy     | Driver:  |
            sockets   | Driver:  | stack proxy route graph
            offload   | Machine: | wire
            fabric    | Machine: |
            mesh      | Machine: | meta path route graph wire sptps crypto
            ledger    | Driver:  |
            net       | Ports:   |
            transport | Driver:  | net ledger
            datapath  | Driver:  | route offload stack wire sptps crypto graph ledger
            control   | Driver:  | mesh datapath route net ledger
            engine    | Wiring:  | control mesh datapath sockets stack transport net ledger crypto
            ephemeral | Wiring:  | engine control mesh datapath stack net ledger fabric route crypto
            """)
    void importsPointTowardsTheBytes(String name, String kind, String allowed) throws IOException {
        assertThat(Files.readString(SOURCES.resolve(name + "/package-info.java"))).startsWith("/**\n * " + kind);
        List<String> packages = allowed == null ? List.of() : List.of(allowed.split(" "));
        boolean maySeeTheWorld = kind.equals("Driver:") || kind.equals("Wiring:") || kind.equals("Ports:");
        try (Stream<Path> files = Files.list(SOURCES.resolve(name))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String source = Files.readString(file);
                Matcher matcher = IMPORT.matcher(source);
                while (matcher.find()) {
                    String imported = matcher.group(1);
                    Matcher own = ENGINE_PACKAGE.matcher(imported);
                    if (own.matches() && !own.group(1).equals(name)) {
                        assertThat(packages).as(file + " imports " + imported).contains(own.group(1));
                    }
                    if (!maySeeTheWorld) {
                        assertThat(imported).as(file.toString()).doesNotMatch(OF_DRIVERS_ONLY);
                    }
                }
                if (kind.equals("Ports:") && !file.endsWith("package-info.java")) {
                    assertThat(source).as(file.toString()).containsPattern("(?m)^public interface ");
                }
                if (!maySeeTheWorld) {
                    assertThat(source).as(file.toString()).doesNotContainPattern(READS_CLOCK_OR_STARTS_THREAD);
                }
            }
        }
    }

    @Test
    void everyPackageIsOfAKind() throws IOException {
        try (Stream<Path> packages = Files.list(SOURCES)) {
            assertThat(packages.filter(Files::isDirectory).map(Path::getFileName).map(Path::toString))
                    .containsExactlyInAnyOrder(
                            "wire", "crypto", "graph", "route", "sptps", "meta", "path", "stack", "proxy", "sockets", "offload", "fabric", "mesh",
                            "ledger", "net", "transport", "datapath", "control", "engine", "ephemeral");
        }
    }
}
