package org.tinc4j.bench.datapath;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tinc4j.testkit.Command;

/** One TCP stream through each tinc4j variant while a profiler looks into both JVMs; then the frames that took most. */
final class Profile {

    /** Without them samples are attributed to the next safepoint. */
    private static final List<String> PRECISE =
            List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:+DebugNonSafepoints", "-XX:+EnableDynamicAgentLoading");

    private static final int TOP = 40;

    private final Plan plan;
    private final Wire wire;
    private final PrintStream out;

    private Profile(Plan plan, Wire wire, PrintStream out) {
        this.plan = plan;
        this.wire = wire;
        this.out = out;
    }

    /** Profiles all variants of the plan. */
    static void run(Plan plan, Wire wire, PrintStream out) throws IOException, InterruptedException {
        Profile profile = new Profile(plan, wire, out);
        Path library = plan.profile() == Plan.Profiler.ASYNC ? AsyncProfiler.library(plan) : Path.of("none");
        for (String name : plan.variants()) {
            profile.variant(name, library);
        }
    }

    private void variant(String name, Path library) throws IOException, InterruptedException {
        Path directory = Scratch.empty(plan.directory().resolve("profile-" + name)).toAbsolutePath();
        List<String> jvm = new ArrayList<>(PRECISE);
        jvm.addAll(plan.jvm());
        try (Tunnel tunnel = Variants.named(name, jvm).start(wire, directory); Iperf iperf = Iperf.start(wire, tunnel, plan.congestion(), directory)) {
            if (tunnel.nodes().isEmpty()) {
                throw new IllegalArgumentException("variant " + name + " has no JVM to look into; profile tinc4j");
            }
            Measurement.warmUp(tunnel, iperf, wire, plan);
            boolean async = plan.profile() == Plan.Profiler.ASYNC;
            for (NodeProcess node : tunnel.nodes()) {
                if (async) {
                    agent(node, library, "start,event=cpu,interval=1ms");
                } else {
                    jcmd(node, "JFR.start", "name=bench", "settings=profile");
                }
            }
            double rate = Iperf.received(iperf.run(tunnel.address(wire.right()), "-t", Integer.toString(plan.seconds()))).megabitsPerSecond();
            out.printf("%s, TCP 1 stream from left to right, %.0f Mbit/s while profiled%n", name, rate);
            List<Wire.End> ends = wire.ends();
            for (int i = 0; i < ends.size(); i++) {
                NodeProcess node = tunnel.nodes().get(i);
                Path file = directory.resolve(ends.get(i).name() + (async ? ".collapsed" : ".jfr"));
                if (async) {
                    agent(node, library, "stop,collapsed,file=" + file);
                    out.println(ends.get(i).name() + ": " + file);
                    out.print(Frames.top(Files.readAllLines(file), TOP));
                } else {
                    jcmd(node, "JFR.stop", "name=bench", "filename=" + file);
                    out.println(ends.get(i).name() + ": " + file);
                    out.print(Command.require(List.of(tool("jfr"), "view", "--width", "140", "hot-methods", file.toString())));
                }
            }
        }
    }

    /** In quotes, or the JVM would take what stands before an equals sign for an option of its own. */
    private static void agent(NodeProcess node, Path library, String command) throws IOException {
        jcmd(node, "JVMTI.agent_load", library.toString(), '"' + command + '"');
    }

    private static void jcmd(NodeProcess node, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(tool("jcmd"), Long.toString(node.pid())));
        command.addAll(List.of(words));
        String answer = Command.require(command);
        if (answer.contains("return code: ") && !answer.contains("return code: 0")) {
            throw new IOException(String.join(" ", command) + ": " + answer.strip());
        }
    }

    private static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }
}
