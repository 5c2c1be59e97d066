package org.tinc4j.interop;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.tinc4j.testkit.ChildProcess;
import org.tinc4j.testkit.Command;
import org.tinc4j.testkit.TincdBinaries;

/** The C daemon, in a namespace, with a TUN interface. Controlled by its own control program. */
final class CTincd implements MeshNode {

    private static final Duration START_LIMIT = Duration.ofSeconds(10);

    // Status bits of "dump nodes".
    private static final int VALID_KEY = 0x02;
    private static final int REACHABLE = 0x10;
    private static final int UDP_CONFIRMED = 0x80;

    private final Site site;
    private final NodeFiles files;
    private final TincdBinaries binaries = TincdBinaries.require();
    private final Path runtime;
    private ChildProcess process;
    private int logStart;

    CTincd(NodeFiles files) {
        this.site = files.site();
        this.files = files;
        try {
            // The control socket lies beside the pid file, and its path must be shorter than 108 characters.
            this.runtime = Files.createTempDirectory("tj");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Site site() {
        return site;
    }

    @Override
    public void start() {
        files.write();
        if (!site.netns().isOfThisJvm()) {
            files.writeTincUp();
        }
        logStart = ChildProcess.read(site.log()).length();
        process = ChildProcess.start(
                site.netns().wrap(List.of(
                        binaries.tincd().toString(), "-c", site.directory().toString(), "--pidfile=" + pidFile(), "-D", "-d5")),
                site.log());
        await(name() + " is ready").atMost(START_LIMIT).pollInterval(Duration.ofMillis(50)).until(() -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("tincd " + name() + " ended at once: " + logText());
            }
            return logText().contains("Ready");
        });
    }

    private Path pidFile() {
        return runtime.resolve("pid");
    }

    /** What the daemon logged since its last start. */
    String logText() {
        return process.logText().substring(logStart);
    }

    /** Runs a command of the control program that must succeed, for example {@code dump edges}. */
    List<String> control(String... words) {
        List<String> command = new ArrayList<>(
                List.of(binaries.tinc().toString(), "-c", site.directory().toString(), "--pidfile=" + pidFile()));
        command.addAll(Arrays.asList(words));
        return Command.require(command).lines().toList();
    }

    @Override
    public List<NodeView> nodes() {
        return control("dump", "nodes").stream().map(CTincd::view).toList();
    }

    /** One line of "dump nodes": the name, then words and their values. */
    private static NodeView view(String line) {
        List<String> words = List.of(line.replaceAll("[()]", " ").trim().split("\\s+"));
        int status = Integer.parseInt(after(words, "status"), 16);
        return new NodeView(
                words.get(0),
                (status & REACHABLE) != 0,
                after(words, "nexthop"),
                after(words, "via"),
                (status & UDP_CONFIRMED) != 0,
                // "pmtu" is what routing enforces; "min" is what has been confirmed.
                Integer.parseInt(after(words, "min")),
                (status & VALID_KEY) != 0,
                "-");
    }

    private static String after(List<String> words, String key) {
        int at = words.indexOf(key);
        if (at < 0 || at + 1 >= words.size()) {
            throw new IllegalStateException("\"" + key + "\" is missing in \"" + String.join(" ", words) + "\"");
        }
        return words.get(at + 1);
    }

    @Override
    public int keyRenewals(String peer) {
        // It logs no line for it. But a renewal ends with the peer's ACK record, which is empty: 4 bytes of sequence number, 1 of type and
        // 16 of tag make 28 characters. The records of the first exchange are all longer.
        Pattern acknowledged = Pattern.compile("Got ANS_KEY from " + peer + " .*: 16 " + peer + " " + name() + " \\S{28} ");
        return (int) acknowledged.matcher(logText()).results().count();
    }

    /** The TCP port it really listens on, from its pid file: pid, cookie, address, the word "port", number. */
    int listeningPort() {
        return Integer.parseInt(ChildProcess.read(pidFile()).strip().split(" ")[4]);
    }

    @Override
    public void terminate() {
        process.terminate();
    }

    @Override
    public void kill() {
        process.kill();
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
        for (String leftover : List.of("pid", "pid.socket", "pid.umbilical")) {
            deleteIfThere(runtime.resolve(leftover));
        }
        deleteIfThere(runtime);
    }

    private static void deleteIfThere(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
