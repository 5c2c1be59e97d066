package org.tinc4j.bench.datapath;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.tinc4j.testkit.Command;

/**
 * Measures what a tunnel carries and what it costs: tinc4j in several variants, C tinc 1.1, wireguard-go, and no tunnel at all, by turns on
 * one wire between two network namespaces. Needs root on Linux. Progress goes to standard error, the tables to standard output, every
 * single figure to {@code datapath.json} beside the directory of the logs.
 *
 * <p>Arguments: see {@link Plan}; variants: see {@link Variants}. With {@code measure=goodput}, {@code soak} or {@code profile} something
 * else is done instead: {@link Goodput}, {@link Soak}, {@link Profile}.
 */
public final class DataPathBenchmark {

    private final Plan plan;
    private final Wire wire;
    private final Packets packets;
    private final boolean countCalls;

    private DataPathBenchmark(Plan plan, Wire wire, Packets packets, boolean countCalls) {
        this.plan = plan;
        this.wire = wire;
        this.packets = packets;
        this.countCalls = countCalls;
    }

    /**
     * Measures.
     *
     * @param arguments see {@link Plan}
     * @throws IOException if a tunnel does not come up, a program is missing, or a file cannot be written
     * @throws InterruptedException if interrupted
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Plan plan;
        try {
            plan = Plan.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        if (!Command.run(List.of("id", "-u")).output().strip().equals("0")) {
            System.err.println("network namespaces and TUN devices need root on Linux; run this as root");
            System.exit(2);
        }
        if (plan.measure() == Plan.Measure.GOODPUT) {
            Scratch.empty(plan.directory());
            Goodput.run(plan, System.out);
            return;
        }
        String missing = Iperf.absence();
        if (!missing.isEmpty()) {
            System.err.println(missing);
            System.exit(2);
        }
        Scratch.empty(plan.directory());
        try (Wire wire = Wire.cable()) {
            if (plan.soak().isPresent()) {
                Soak.run(plan, plan.soak().get(), wire, System.out);
            } else if (plan.profile() != Plan.Profiler.NONE) {
                Profile.run(plan, wire, System.out);
            } else {
                compare(plan, wire);
            }
        }
    }

    private static void compare(Plan plan, Wire wire) throws IOException, InterruptedException {
        boolean countCalls = SystemCalls.available();
        if (!countCalls) {
            say("system calls are not counted: perf stat does not work here; install linux-perf");
        }
        try (Packets packets = Packets.start(wire, plan.directory())) {
            new DataPathBenchmark(plan, wire, packets, countCalls).rounds();
        }
    }

    static void say(String progress) {
        System.err.println(progress);
    }

    private void rounds() throws IOException, InterruptedException {
        List<Round> rounds = new ArrayList<>();
        while (Round.valid(rounds).size() < plan.rounds()) {
            if (rounds.size() == 2 * plan.rounds()) {
                throw new IOException("of " + rounds.size() + " rounds only " + Round.valid(rounds).size()
                        + " count: the wire without a tunnel collapsed in the others; use a quieter machine");
            }
            say("round " + (Round.valid(rounds).size() + 1) + " of " + plan.rounds()
                    + (Round.valid(rounds).size() < rounds.size() ? ", " + (rounds.size() - Round.valid(rounds).size()) + " do not count" : ""));
            rounds.add(round(rounds.size()));
            Files.writeString(json(), Json.of(Machine.describe(plan), rounds));
        }
        System.out.print(Table.of(Round.valid(rounds), plan.variants()));
        say("every figure: " + json());
    }

    private Path json() {
        return plan.directory().resolveSibling("datapath.json");
    }

    private Round round(int number) throws IOException, InterruptedException {
        List<String> order = new ArrayList<>(plan.variants());
        Collections.rotate(order, -number);
        Map<String, Map<Figure, Double>> results = new LinkedHashMap<>();
        double before = control();
        for (String name : order) {
            Path directory = Scratch.empty(plan.directory().resolve((number + 1) + "-" + name));
            Map<Figure, Double> figures = Measurement.of(Variants.named(name, plan.jvm()), wire, packets, plan, countCalls, directory);
            results.put(name, figures);
            say("  " + name + ": " + summary(figures));
        }
        return new Round(Math.min(before, control()), results);
    }

    private double control() throws IOException, InterruptedException {
        Path directory = Scratch.empty(plan.directory().resolve("control"));
        Variant plain = new PlainVariant();
        try (Tunnel tunnel = plain.start(wire, directory); Iperf iperf = Iperf.start(wire, tunnel, plan.congestion(), directory)) {
            return Iperf.received(iperf.run(wire.right().underlay(), "-t", "1")).megabitsPerSecond();
        }
    }

    private static String summary(Map<Figure, Double> figures) {
        return Figure.COMPARED.stream()
                .filter(figures::containsKey)
                .map(figure -> figure.longHeading() + " " + figure.text(figures.get(figure)))
                .collect(Collectors.joining(", "));
    }
}
