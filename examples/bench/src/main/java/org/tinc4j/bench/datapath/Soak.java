package org.tinc4j.bench.datapath;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Full load for a long time, one TCP connection a minute; between two, what the daemons hold. Two values stand for left and right. */
final class Soak {

    private static final int STEP_SECONDS = 60;
    private static final String ROW = "%-8s %8s %14s %14s %12s %14s %16s%n";

    private final Wire wire;
    private final Tunnel tunnel;
    private final PrintStream out;

    private Soak(Wire wire, Tunnel tunnel, PrintStream out) {
        this.wire = wire;
        this.tunnel = tunnel;
        this.out = out;
    }

    /** Runs every variant for the whole time, one after the other. */
    static void run(Plan plan, Duration time, Wire wire, PrintStream out) throws IOException, InterruptedException {
        for (String name : plan.variants()) {
            Path directory = Scratch.empty(plan.directory().resolve("soak-" + name));
            Variant variant = Variants.named(name, plan.jvm());
            out.println(name + ", TCP 1 stream for " + time.toSeconds() + " s; pairs are left and right");
            try (Tunnel tunnel = variant.start(wire, directory); Iperf iperf = Iperf.start(wire, tunnel, plan.congestion(), directory)) {
                new Soak(wire, tunnel, out).run(iperf, time.toSeconds());
            }
        }
    }

    private void run(Iperf iperf, long seconds) throws IOException, InterruptedException {
        out.printf(ROW, "seconds", "Mbit/s", "heap MiB", "RSS MiB", "descriptors", "longest GC ms", "checksum errors");
        List<Long> errorsBefore = checksumErrors();
        for (long past = 0; past < seconds; ) {
            long step = Math.min(STEP_SECONDS, seconds - past);
            double rate = Iperf.received(iperf.run(tunnel.address(wire.right()), "-t", Long.toString(step))).megabitsPerSecond();
            past += step;
            List<Long> errors = checksumErrors();
            out.printf(
                    ROW,
                    past,
                    String.format(Locale.ROOT, "%.0f", rate),
                    heap(),
                    numbers(rss(), 0),
                    pair(descriptors()),
                    longestPauses(),
                    pair(List.of(errors.get(0) - errorsBefore.get(0), errors.get(1) - errorsBefore.get(1))));
        }
    }

    /** After a collection, so that growth is a leak. */
    private String heap() throws IOException {
        List<Double> mebibytes = new ArrayList<>();
        for (NodeProcess node : tunnel.nodes()) {
            mebibytes.add(Double.parseDouble(node.ask("heap")) / (1 << 20));
        }
        return numbers(mebibytes, 1);
    }

    private List<Double> rss() throws IOException {
        List<Double> mebibytes = new ArrayList<>();
        for (long pid : tunnel.processes()) {
            mebibytes.add(Proc.rssMebibytes(pid));
        }
        return mebibytes;
    }

    private List<Long> descriptors() throws IOException {
        List<Long> counts = new ArrayList<>();
        for (long pid : tunnel.processes()) {
            counts.add(Proc.descriptors(pid));
        }
        return counts;
    }

    private String longestPauses() throws IOException {
        List<Double> millis = new ArrayList<>();
        for (NodeProcess node : tunnel.nodes()) {
            millis.add(GcLog.read(List.of(node.gcLog())).longestMillis());
        }
        return numbers(millis, 1);
    }

    private List<Long> checksumErrors() {
        return wire.ends().stream().map(end -> end.netns().counter("Tcp", "InCsumErrors")).toList();
    }

    private static String numbers(List<Double> values, int digits) {
        return pair(values.stream().map(value -> String.format(Locale.ROOT, "%." + digits + "f", value)).toList());
    }

    private static String pair(List<?> values) {
        return values.isEmpty() ? "-" : values.stream().map(Object::toString).collect(Collectors.joining(" "));
    }
}
