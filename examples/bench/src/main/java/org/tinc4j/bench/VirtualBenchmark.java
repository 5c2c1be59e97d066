package org.tinc4j.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * Forms meshes in virtual time, by turns, and prints what that took, how it grows with the number of nodes, and what nodes send when all of a
 * mesh or its hub restarts; times are medians over the rounds. Each figure is printed as it comes, and at the end what was made of them all. The
 * exit status is 1 if a goal is missed.
 *
 * <p>Left out unless asked for, because they take long: 500 nodes, which the goals are for ({@code nodes=500 rounds=1}), and storms of more than
 * 20 nodes: a hub of 100 that flaps takes a minute.
 *
 * <p>Arguments, each {@code name=value}: {@code nodes} (numbers joined by commas), {@code rounds}, {@code storm} (how many nodes; 0 for none),
 * {@code seed}, {@code json} (file for every single figure).
 */
public final class VirtualBenchmark {

    private static final List<String> TOPOLOGIES = List.of("star", "random");

    /** Goals for a mesh of 500 nodes. */
    private static final int GOAL_NODES = 500;
    private static final Map<String, Double> GOAL_WALL_SECONDS = Map.of("star", 60.0, "random", 180.0);

    private static final Duration FLAPPING = Duration.ofSeconds(30);

    /** One figure and how it is shown. */
    private record Figure<T>(String name, String heading, double unit, int digits, boolean grows, ToDoubleFunction<T> of) {

        double of(List<T> runs) {
            return Statistics.median(runs.stream().mapToDouble(of).toArray());
        }

        String shown(double value) {
            return String.format(Locale.ROOT, " %,." + digits + "f", value / unit);
        }
    }

    private static final List<Figure<VirtualRun>> FIGURES = List.of(
            new Figure<>("wallSeconds", "wall, s", 1, 2, true, VirtualRun::wallSeconds),
            new Figure<>("cpuSeconds", "CPU of its thread, s", 1, 2, true, VirtualRun::cpuSeconds),
            new Figure<>("simulatedSeconds", "simulated, s", 1, 3, false, VirtualRun::simulatedSeconds),
            new Figure<>("wallPerSimulated", "wall / simulated", 1, 1, false, VirtualRun::wallPerSimulated),
            new Figure<>("heapBytesPerNode", "heap/node, KiB", 1024, 0, true, VirtualRun::heapBytesPerNode),
            new Figure<>("eventsPerNode", "trace entries/node", 1, 0, true, VirtualRun::eventsPerNode));

    private static final List<Figure<VirtualRun.Sent>> SENT = List.of(
            new Figure<>("pieces", "TCP pieces/node", 1, 0, true, VirtualRun.Sent::pieces),
            new Figure<>("bytes", "sent/node, KiB", 1024, 0, true, VirtualRun.Sent::bytes),
            new Figure<>("mostBytes", "most, KiB", 1024, 0, true, VirtualRun.Sent::mostBytes));

    private static final List<Figure<StormRun>> STORMS = List.of(
            new Figure<>("nodes", "nodes", 1, 0, false, StormRun::nodes),
            new Figure<>("connections", "connections/node", 1, 1, false, StormRun::connections),
            new Figure<>("announcements", "edges and subnets", 1, 0, false, StormRun::announcements),
            new Figure<>("simulatedSeconds", "simulated, s", 1, 1, false, StormRun::simulatedSeconds),
            new Figure<>("wallSeconds", "wall, s", 1, 1, false, StormRun::wallSeconds),
            new Figure<>("pieces", "TCP pieces/node", 1, 0, false, StormRun::pieces),
            new Figure<>("mostPieces", "most", 1, 0, false, StormRun::mostPieces),
            new Figure<>("bytes", "sent/node, KiB", 1024, 0, false, StormRun::bytes),
            new Figure<>("mostBytes", "most, KiB", 1024, 0, false, StormRun::mostBytes),
            new Figure<>("hubPieces", "pieces of the hub", 1, 0, false, StormRun::hubPieces),
            new Figure<>("hubBytes", "hub, KiB", 1024, 0, false, StormRun::hubBytes),
            new Figure<>("datagrams", "datagrams/node", 1, 0, false, StormRun::datagrams));

    /**
     * Everything measured.
     *
     * @param runs formed meshes, every round
     * @param sent what their nodes sent, one for each topology and size
     * @param storms one for each kind
     */
    record Results(List<VirtualRun> runs, List<VirtualRun.Sent> sent, List<StormRun> storms) {}

    private VirtualBenchmark() {}

    /**
     * Measures.
     *
     * @param args see above
     * @throws IOException if the file cannot be written
     */
    public static void main(String[] args) throws IOException {
        Map<String, String> options =
                new TreeMap<>(Map.of("nodes", "50,100,200", "rounds", "3", "storm", "20", "seed", "1", "json", ""));
        for (String arg : args) {
            String[] parts = arg.split("=", 2);
            if (parts.length != 2 || options.put(parts[0], parts[1]) == null) {
                System.err.println("argument \"" + arg + "\" is not understood; known are " + options.keySet() + " as name=value");
                System.exit(2);
            }
        }
        int[] sizes = Arrays.stream(options.get("nodes").split(",")).mapToInt(Integer::parseInt).toArray();
        Results results = measure(
                sizes, Integer.parseInt(options.get("rounds")), Integer.parseInt(options.get("storm")), FLAPPING,
                Long.parseLong(options.get("seed")), System.out::println);
        System.out.print("\n" + tables(results));
        if (!options.get("json").isEmpty()) {
            Files.writeString(Path.of(options.get("json")), json(results));
        }
        if (!goalsMet(results.runs())) {
            System.exit(1);
        }
    }

    /**
     * Runs all sizes and topologies by turns, so that a slow minute of the machine falls on all of them.
     *
     * @param sizes numbers of nodes
     * @param rounds how often each is measured, after one of the smallest size that only warms up
     * @param storm how many nodes go through storms; 0 for no storms
     * @param flapping how long a hub flaps
     * @param seed of every mesh
     * @param progress told of everything as it comes
     */
    static Results measure(int[] sizes, int rounds, int storm, Duration flapping, long seed, Consumer<String> progress) {
        TOPOLOGIES.forEach(topology -> VirtualRun.measure(topology, Arrays.stream(sizes).min().orElseThrow(), seed));
        List<VirtualRun> runs = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            for (int nodes : sizes) {
                for (String topology : TOPOLOGIES) {
                    VirtualRun run = VirtualRun.measure(topology, nodes, seed);
                    runs.add(run);
                    progress.accept(line("round " + (round + 1) + " | " + nodes + " nodes, " + topology, FIGURES, run));
                }
            }
        }
        List<VirtualRun.Sent> sent = new ArrayList<>();
        for (int nodes : sizes) {
            for (String topology : TOPOLOGIES) {
                VirtualRun.Sent ofThese = VirtualRun.sent(topology, nodes, seed);
                sent.add(ofThese);
                progress.accept(line("sent | " + nodes + " nodes, " + topology, SENT, ofThese));
            }
        }
        List<StormRun> storms = new ArrayList<>();
        if (storm > 0) {
            StormRun.measure(storm, flapping, seed, run -> {
                storms.add(run);
                progress.accept(line("storm | " + run.trouble(), STORMS, run));
            });
        }
        return new Results(runs, sent, storms);
    }

    // ---- what is printed ----

    private static <T> String line(String head, List<Figure<T>> figures, T run) {
        StringBuilder text = new StringBuilder(head);
        for (Figure<T> figure : figures) {
            text.append(" | ").append(figure.heading()).append(figure.shown(figure.of().applyAsDouble(run)));
        }
        return text.toString();
    }

    private static List<VirtualRun> runs(Results results, String topology, int nodes) {
        return results.runs().stream().filter(run -> run.topology().equals(topology) && run.nodes() == nodes).toList();
    }

    private static List<VirtualRun.Sent> sent(Results results, String topology) {
        return results.sent().stream().filter(sent -> sent.topology().equals(topology)).toList();
    }

    private static <T> void headings(StringBuilder text, List<Figure<T>> figures) {
        figures.forEach(figure -> text.append(' ').append(figure.heading()).append(" |"));
    }

    /** Tables of plain text that are Markdown too. */
    static String tables(Results results) {
        StringBuilder text = new StringBuilder("| nodes | topology | rounds |");
        headings(text, FIGURES);
        headings(text, SENT);
        text.append("\n|").append("---|".repeat(3 + FIGURES.size() + SENT.size())).append('\n');
        for (VirtualRun.Sent sent : results.sent()) {
            List<VirtualRun> rounds = runs(results, sent.topology(), sent.nodes());
            text.append("| ").append(sent.nodes()).append(" | ").append(sent.topology()).append(" | ").append(rounds.size()).append(" |");
            FIGURES.forEach(figure -> text.append(figure.shown(figure.of(rounds))).append(" |"));
            SENT.forEach(figure -> text.append(figure.shown(figure.of().applyAsDouble(sent))).append(" |"));
            text.append('\n');
        }
        growth(text, results);
        if (!results.storms().isEmpty()) {
            text.append("\n| trouble |");
            headings(text, STORMS);
            text.append("\n|").append("---|".repeat(1 + STORMS.size())).append('\n');
            for (StormRun storm : results.storms()) {
                text.append("| ").append(storm.trouble()).append(" |");
                STORMS.forEach(figure -> text.append(figure.shown(figure.of().applyAsDouble(storm))).append(" |"));
                text.append('\n');
            }
        }
        return text.toString();
    }

    /** "A factor of 4.1 (n^2.04)" for each figure: what twice as many nodes come to. */
    private static void growth(StringBuilder text, Results results) {
        if (results.sent().size() <= TOPOLOGIES.size()) {
            return; // One size has no growth.
        }
        List<Figure<VirtualRun>> measured = FIGURES.stream().filter(Figure::grows).toList();
        text.append("\n| twice as many nodes |");
        headings(text, measured);
        headings(text, SENT);
        text.append("\n|").append("---|".repeat(1 + measured.size() + SENT.size())).append('\n');
        for (String topology : TOPOLOGIES) {
            List<VirtualRun.Sent> sent = sent(results, topology);
            double[] sizes = sent.stream().mapToDouble(VirtualRun.Sent::nodes).toArray();
            text.append("| ").append(topology).append(" |");
            for (Figure<VirtualRun> figure : measured) {
                growth(text, sizes, sent.stream().mapToDouble(of -> figure.of(runs(results, topology, of.nodes()))).toArray());
            }
            for (Figure<VirtualRun.Sent> figure : SENT) {
                growth(text, sizes, sent.stream().mapToDouble(figure.of()).toArray());
            }
            text.append('\n');
        }
    }

    private static void growth(StringBuilder text, double[] sizes, double[] values) {
        double exponent = Statistics.exponent(sizes, values);
        text.append(String.format(Locale.ROOT, " x %.1f (n^%.2f) |", Math.pow(2, exponent), exponent));
    }

    /** Every run, in the order they were made. */
    static String json(Results results) {
        StringBuilder text = new StringBuilder("{\n\"runs\": [");
        for (VirtualRun run : results.runs()) {
            object(text, "\"topology\": \"" + run.topology() + "\", \"nodes\": " + run.nodes() + ", \"digest\": \"" + run.digest() + '"',
                    FIGURES, run);
        }
        text.append("\n],\n\"sent\": [");
        for (VirtualRun.Sent sent : results.sent()) {
            object(text, "\"topology\": \"" + sent.topology() + "\", \"nodes\": " + sent.nodes(), SENT, sent);
        }
        text.append("\n],\n\"storms\": [");
        for (StormRun storm : results.storms()) {
            object(text, "\"trouble\": \"" + storm.trouble() + '"', STORMS, storm);
        }
        return text.append("\n]\n}\n").toString();
    }

    private static <T> void object(StringBuilder text, String head, List<Figure<T>> figures, T run) {
        text.append(text.charAt(text.length() - 1) == '[' ? "\n" : ",\n").append("  {").append(head);
        for (Figure<T> figure : figures) {
            text.append(String.format(Locale.ROOT, ", \"%s\": %.3f", figure.name(), figure.of().applyAsDouble(run)));
        }
        text.append('}');
    }

    private static boolean goalsMet(List<VirtualRun> runs) {
        boolean met = true;
        for (String topology : TOPOLOGIES) {
            double[] walls = runs.stream()
                    .filter(run -> run.nodes() == GOAL_NODES && run.topology().equals(topology))
                    .mapToDouble(VirtualRun::wallSeconds)
                    .toArray();
            if (walls.length > 0) {
                double limit = GOAL_WALL_SECONDS.get(topology);
                double wall = Statistics.median(walls);
                System.out.printf(
                        Locale.ROOT, "%ngoal for %d nodes, %s: wall %.1f s, at most %.0f s: %s%n", GOAL_NODES, topology, wall, limit,
                        wall <= limit ? "met" : "MISSED");
                met &= wall <= limit;
            }
        }
        return met;
    }
}
