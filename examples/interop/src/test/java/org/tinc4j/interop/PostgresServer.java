package org.tinc4j.interop;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.tinc4j.testkit.ChildProcess;
import org.tinc4j.testkit.Command;

/** A PostgreSQL server of the Debian package on a host of a mesh, for whoever reaches it by the mesh. */
final class PostgresServer implements AutoCloseable {

    private static final int PORT = 5432;

    private static final Path PROGRAMS = programs();

    private final Path directory;
    private final ChildProcess process;

    private PostgresServer(Path directory, ChildProcess process) {
        this.directory = directory;
        this.process = process;
    }

    private static Path programs() {
        Path all = Path.of("/usr/lib/postgresql");
        try (Stream<Path> versions = Files.exists(all) ? Files.list(all) : Stream.empty()) {
            return versions.max(Comparator.naturalOrder())
                    .orElseThrow(() -> new IllegalStateException("PostgreSQL is missing; apt-get install postgresql"))
                    .resolve("bin");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts one that lets in everybody from the mesh. */
    static PostgresServer start(MeshNode host) {
        try {
            Path directory = Files.createTempDirectory("tj-postgres");
            Command.require(List.of("chown", "postgres", directory.toString()));
            Path data = directory.resolve("data");
            Command.require(asPostgres(PROGRAMS.resolve("initdb").toString(), "-D", data.toString(), "-A", "trust", "-N"));
            Files.writeString(data.resolve("pg_hba.conf"), "host all all 10.7.0.0/16 trust\n");
            ChildProcess process = ChildProcess.start(
                    host.site().netns().wrap(asPostgres(
                            PROGRAMS.resolve("postgres").toString(), "-D", data.toString(), "-k", directory.toString(),
                            "-c", "listen_addresses=" + host.site().overlay4(), "-p", Integer.toString(PORT))),
                    host.site().directory().resolve("postgres.log"));
            await("PostgreSQL").atMost(Duration.ofSeconds(20)).until(() -> process.logText().contains("ready to accept connections"));
            return new PostgresServer(directory, process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> asPostgres(String... words) {
        List<String> all = new ArrayList<>(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"));
        all.addAll(List.of(words));
        return all;
    }

    int port() {
        return PORT;
    }

    @Override
    public void close() {
        process.close();
        Command.run(List.of("rm", "-r", directory.toString()));
    }
}
