package org.tinc4j.interop;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tinc4j.testkit.ChildProcess;
import org.tinc4j.testkit.Command;

/**
 * The example daemon, {@code java -jar tinc4jd.jar}, with a TUN interface that its {@code tinc-up} script configures. It has no control
 * socket: what it sees is known from the scripts it runs, each of which writes a line.
 */
final class JavaDaemon implements MeshNode {

    /** What the other end of the mesh would call the network. */
    static final String NETNAME = "itnet";

    private static final Duration START_LIMIT = Duration.ofSeconds(20);
    private static final List<String> SCRIPTS =
            List.of("tinc-up", "tinc-down", "host-up", "host-down", "subnet-up", "subnet-down");

    private final Site site;
    private final NodeFiles files;
    private ChildProcess process;
    private int logStart;

    JavaDaemon(NodeFiles files) {
        this.site = files.site();
        this.files = files;
    }

    @Override
    public Site site() {
        return site;
    }

    /** Writes the configuration, so that a test may change it before the start. */
    NodeFiles write() {
        files.write();
        files.writeTincUp();
        SCRIPTS.forEach(this::record);
        return files;
    }

    /** Lets a script, besides what it does, write its name, the node and the subnet. */
    void record(String script) {
        Path file = site.directory().resolve(script);
        String commands = ChildProcess.read(file).replace("#!/bin/sh\n", "");
        files.writeScript(script, commands + "echo \"" + script + " ${NODE-} ${SUBNET-}\" >>" + record() + "\n");
    }

    private Path record() {
        return site.directory().resolve("scripts-that-ran");
    }

    Path pidFile() {
        return site.directory().resolve("pid");
    }

    @Override
    public void start() {
        if (ChildProcess.read(site.directory().resolve("tinc-down")).isEmpty()) {
            write();
        }
        logStart = ChildProcess.read(site.log()).length();
        process = ChildProcess.start(
                site.netns().wrap(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        System.getProperty("tinc4jd.jar"),
                        "-c", site.directory().toString(),
                        "--net=" + NETNAME,
                        "--pidfile", pidFile().toString(),
                        "-D",
                        "-o", "LogLevel=2")),
                site.log());
        await(name() + " is ready").atMost(START_LIMIT).pollInterval(Duration.ofMillis(50)).until(() -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("tinc4jd " + name() + " ended at once: " + logText());
            }
            return logText().contains("tinc4jd - ready");
        });
    }

    /** What it wrote on standard error since its last start. */
    String logText() {
        return process.logText().substring(logStart);
    }

    /** The scripts that ran: name, node, subnet. */
    List<String> scripts() {
        return ChildProcess.read(record()).lines().map(String::strip).toList();
    }

    /** Sends it a signal, for example {@code HUP}. */
    void signal(String name) {
        Command.require(List.of("kill", "-" + name, Long.toString(process.process().pid())));
    }

    /** Asks it to end, and waits. */
    int exitStatus() {
        process.terminate();
        return process.process().exitValue();
    }

    @Override
    public List<NodeView> nodes() {
        Map<String, Boolean> reachable = new LinkedHashMap<>();
        for (String line : scripts()) {
            String[] words = line.split(" ");
            if (words[0].startsWith("host-")) {
                reachable.put(words[1], words[0].equals("host-up"));
            }
        }
        return reachable.entrySet().stream()
                .map(node -> new NodeView(node.getKey(), node.getValue(), "-", "-", false, 0, false, "-"))
                .toList();
    }

    @Override
    public int keyRenewals(String peer) {
        throw new UnsupportedOperationException("no script tells of key renewals");
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
    }
}
