package org.tinc4j.bench.datapath;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the benchmark is to do, from its arguments, each {@code name=value}.
 *
 * @param variants {@code variants}: what is measured, joined by commas; see {@link Variants}
 * @param rounds {@code rounds}: how often each is measured
 * @param seconds {@code seconds}: of each TCP measurement
 * @param warmUpSeconds {@code warmup}: full load on a tinc4j tunnel before the first one
 * @param measure {@code measure}: {@code all} figures, {@code tcp} for throughput and CPU alone, {@code sockets} for one stream through the
 *     nodes' own sockets instead of iperf3's, which variants without an interface need, or {@code goodput} for one through wires that delay
 *     and lose packets, where other defaults hold
 * @param cells {@code cells}: those wires, for {@code goodput}; see {@link Cell}
 * @param congestion {@code congestion}: what the kernel's TCP controls congestion by, whatever the machine's default is
 * @param soak {@code soak}: full load for so long instead, for example {@code 10m} or {@code 90s}
 * @param profile {@code profile}: {@code jfr} or {@code async}; one stream is profiled instead
 * @param asyncProfiler {@code async}: the profiler's library; without it Maven is asked for it
 * @param jvm {@code jvm}: more arguments of the nodes' JVMs, joined by commas
 * @param directory {@code directory}: where logs and results go
 */
record Plan(
        List<String> variants,
        int rounds,
        int seconds,
        int warmUpSeconds,
        Measure measure,
        List<Cell> cells,
        String congestion,
        Optional<Duration> soak,
        Profiler profile,
        Optional<Path> asyncProfiler,
        List<String> jvm,
        Path directory) {

    /** Which figures are taken. */
    enum Measure {
        ALL,
        TCP,
        SOCKETS,
        GOODPUT
    }

    /** What looks into the JVMs. */
    enum Profiler {
        NONE,
        JFR,
        ASYNC
    }

    private static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("variants", "veth,wireguard-go,c-tinc,tinc4j"),
            Map.entry("rounds", "5"),
            Map.entry("seconds", "3"),
            Map.entry("warmup", "10"),
            Map.entry("measure", "all"),
            Map.entry("soak", ""),
            Map.entry("profile", "none"),
            Map.entry("async", ""),
            Map.entry("jvm", ""),
            Map.entry("directory", "target/datapath"),
            Map.entry("congestion", "cubic"));

    private static final Map<String, String> GOODPUT_DEFAULTS = Map.of(
            "variants",
                    "large-buffer,in-process+large-buffer,in-process-left+large-buffer,in-process-right+large-buffer",
            "rounds", "3",
            "seconds", "20",
            "cells", "0/1,0/50,0/200,0.1/1,0.1/50,0.1/200,1/1,1/50,1/200,5/1,5/50,5/200,0.1/50/2/0.5");

    /**
     * Reads the arguments.
     *
     * @throws IllegalArgumentException saying which argument is wrong, and what there is
     */
    static Plan parse(String... arguments) {
        Map<String, String> values = new TreeMap<>(DEFAULTS);
        if (List.of(arguments).contains("measure=goodput")) {
            values.putAll(GOODPUT_DEFAULTS);
        }
        for (String argument : arguments) {
            String[] parts = argument.split("=", 2);
            if (parts.length != 2 || values.replace(parts[0], parts[1]) == null) {
                throw new IllegalArgumentException(
                        "argument \"" + argument + "\" is not understood; known are " + values.keySet() + " as name=value");
            }
        }
        List<String> variants = words(values.get("variants"));
        variants.forEach(Variants::check);
        return new Plan(
                variants,
                positive("rounds", values.get("rounds")),
                positive("seconds", values.get("seconds")),
                positive("warmup", values.get("warmup")),
                measure(values.get("measure")),
                words(values.getOrDefault("cells", "")).stream().map(Cell::parse).toList(),
                values.get("congestion"),
                values.get("soak").isEmpty() ? Optional.empty() : Optional.of(duration(values.get("soak"))),
                profiler(values.get("profile")),
                values.get("async").isEmpty() ? Optional.empty() : Optional.of(Path.of(values.get("async"))),
                words(values.get("jvm")),
                Path.of(values.get("directory")));
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(","));
    }

    private static int positive(String name, String text) {
        if (!text.matches("[1-9]\\d{0,5}")) {
            throw new IllegalArgumentException(name + "=" + text + " is not a number from 1 on");
        }
        return Integer.parseInt(text);
    }

    private static Measure measure(String text) {
        for (Measure measure : Measure.values()) {
            if (measure.name().equalsIgnoreCase(text)) {
                return measure;
            }
        }
        throw new IllegalArgumentException("measure=" + text + " is neither all nor tcp nor sockets nor goodput");
    }

    private static Duration duration(String text) {
        if (!text.matches("[1-9]\\d{0,5}[smh]")) {
            throw new IllegalArgumentException("soak=" + text + " is not a time like 90s, 10m or 2h");
        }
        return Duration.parse("PT" + text);
    }

    private static Profiler profiler(String text) {
        for (Profiler profiler : Profiler.values()) {
            if (profiler.name().equalsIgnoreCase(text)) {
                return profiler;
            }
        }
        throw new IllegalArgumentException("profile=" + text + " is neither jfr nor async nor none");
    }
}
