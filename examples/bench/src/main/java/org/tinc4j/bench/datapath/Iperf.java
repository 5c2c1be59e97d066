package org.tinc4j.bench.datapath;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tinc4j.testkit.ChildProcess;
import org.tinc4j.testkit.Command;

/** iperf3: a server at the right end, clients at the left one. The server ends with {@link #close()}. */
final class Iperf implements AutoCloseable {

    private static final String PROGRAM = "iperf3";

    private final Wire wire;
    private final Path log;
    private final ChildProcess server;

    /**
     * Bytes that arrived, and in what time.
     *
     * @param bytes of payload
     * @param seconds that took
     */
    record Flow(double bytes, double seconds) {
        double megabitsPerSecond() {
            return bytes * 8 / 1e6 / seconds;
        }

        double megabytes() {
            return bytes / 1e6;
        }
    }

    private Iperf(Wire wire, Path log, ChildProcess server) {
        this.wire = wire;
        this.log = log;
        this.server = server;
    }

    /**
     * Starts the server.
     *
     * @param tunnel what streams are to go through
     * @param congestion what they control congestion by
     */
    static Iperf start(Wire wire, Tunnel tunnel, String congestion, Path directory) throws IOException, InterruptedException {
        Congestion.choose(wire, tunnel, congestion);
        Path log = directory.resolve("iperf3.log");
        ChildProcess server = ChildProcess.start(
                wire.right().netns().wrap(List.of("sh", "-c", "exec " + PROGRAM + " -s >/dev/null")), log);
        Iperf iperf = new Iperf(wire, log, server);
        try {
            Poll.until("iperf3's server, log " + log, Duration.ofSeconds(5), () -> {
                if (!server.isAlive()) {
                    throw new IOException("iperf3 -s ended at once: " + server.logText());
                }
                return wire.right().netns().run("ss", "-Hltn", "sport = :5201").output().contains("5201");
            });
            return iperf;
        } catch (IOException | InterruptedException | RuntimeException e) {
            iperf.close();
            throw e;
        }
    }

    /** The command of a client at the left end. */
    List<String> client(String address, String... more) {
        List<String> words = new ArrayList<>(List.of(PROGRAM, "-J", "-c", address));
        words.addAll(List.of(more));
        return wire.left().netns().wrap(words);
    }

    /** Starts a client that runs beside something else. */
    ChildProcess begin(String address, String... more) {
        return ChildProcess.start(client(address, more), log);
    }

    /** Runs a client to its end. */
    String run(String address, String... more) throws IOException, InterruptedException {
        return result(begin(address, more));
    }

    /** Waits for the end of a client, or of a program that runs one: its report. */
    static String result(ChildProcess client) throws IOException, InterruptedException {
        try (client) {
            String report = new String(client.process().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = client.process().waitFor();
            Matcher error = Pattern.compile("\"error\":\\s*\"([^\"]*)\"").matcher(report);
            if (error.find() || exit != 0) {
                throw new IOException("iperf3 ended with " + exit + ": " + (error.hasMatch() ? error.group(1) : client.logText()));
            }
            return report;
        }
    }

    /** What arrived of all streams that go the way the client was asked for. */
    static Flow received(String report) {
        return flow(report, "sum_received");
    }

    /** What arrived the other way, with {@code --bidir}. */
    static Flow receivedBack(String report) {
        return flow(report, "sum_received_bidir_reverse");
    }

    private static Flow flow(String report, String sum) {
        Matcher block = Pattern.compile('"' + sum + "\":\\s*\\{([^}]*)}").matcher(report);
        if (!block.find()) {
            throw new IllegalArgumentException("no \"" + sum + "\" in iperf3's report: " + report);
        }
        return new Flow(number(block.group(1), "bytes"), number(block.group(1), "seconds"));
    }

    private static double number(String block, String field) {
        Matcher number = Pattern.compile('"' + field + "\":\\s*([-+.\\deE]+)").matcher(block);
        if (!number.find()) {
            throw new IllegalArgumentException("no \"" + field + "\" in iperf3's report: " + block);
        }
        return Double.parseDouble(number.group(1));
    }

    /** Says what is missing on this machine; nothing if all is there. */
    static String absence() {
        return Command.run(List.of(PROGRAM, "--version")).succeeded() ? "" : "iperf3 is missing; run .ci/install-tools";
    }

    @Override
    public void close() {
        server.close();
    }
}
