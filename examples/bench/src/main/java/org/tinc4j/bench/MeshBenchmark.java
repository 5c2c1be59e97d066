package org.tinc4j.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Forms meshes of 2, 10 and 50 nodes in this process, by turns, and prints how long that took and what a node costs; the figures are
 * medians over the rounds. The exit status is 1 if a goal is missed.
 *
 * <p>Arguments, each {@code name=value}: {@code nodes} (numbers joined by commas), {@code rounds}, {@code seed} (of who dials whom),
 * {@code json} (file for every single figure).
 */
public final class MeshBenchmark {

    /** Goals for a mesh of 50 nodes. */
    private static final int GOAL_NODES = 50;
    private static final double GOAL_MILLIS = 5_000;
    private static final double GOAL_HEAP_BYTES = 4 << 20;

    /** One figure of a run, and how it is shown. */
    private record Figure(String name, String heading, double unit, ToDoubleFunction<MeshRun> of) {}

    private static final List<Figure> FIGURES = List.of(
            new Figure("reachableMillis", "all reach all, ms", 1, MeshRun::reachableMillis),
            new Figure("heapBytesPerNode", "heap/node, KiB", 1024, MeshRun::heapBytesPerNode),
            new Figure("heapBytesPerNodeAfterPings", "after pings, KiB", 1024, MeshRun::heapBytesPerNodeAfterPings),
            new Figure("virtualThreadsPerNode", "virtual threads/node", 1, MeshRun::virtualThreadsPerNode),
            new Figure("platformThreads", "platform threads", 1, MeshRun::platformThreads),
            new Figure("closeMillis", "close, ms", 1, MeshRun::closeMillis));

    private MeshBenchmark() {}

    /**
     * Measures.
     *
     * @param args see above
     * @throws IOException if a mesh does not form, or the file cannot be written
     * @throws InterruptedException if interrupted
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        Map<String, String> options = new TreeMap<>(Map.of("nodes", "2,10,50", "rounds", "5", "seed", "1", "json", ""));
        for (String arg : args) {
            String[] parts = arg.split("=", 2);
            if (parts.length != 2 || options.put(parts[0], parts[1]) == null) {
                System.err.println("argument \"" + arg + "\" is not understood; known are " + options.keySet() + " as name=value");
                System.exit(2);
            }
        }
        int[] sizes = Arrays.stream(options.get("nodes").split(",")).mapToInt(Integer::parseInt).toArray();
        List<MeshRun> runs = measure(sizes, Integer.parseInt(options.get("rounds")), Long.parseLong(options.get("seed")));
        System.out.print(table(runs));
        if (!options.get("json").isEmpty()) {
            Files.writeString(Path.of(options.get("json")), json(runs));
        }
        if (!goalsMet(runs)) {
            System.exit(1);
        }
    }

    /**
     * Runs all sizes and topologies by turns, so that a slow minute of the machine falls on all of them.
     *
     * @param sizes numbers of nodes
     * @param rounds how often each is measured, after one that only warms up
     * @param seed of who dials whom
     * @return all runs but those to warm up
     */
    static List<MeshRun> measure(int[] sizes, int rounds, long seed) throws IOException, InterruptedException {
        Random random = new Random(seed);
        MeshRun.measure(Topology.STAR, 2, random);
        List<MeshRun> runs = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            for (int nodes : sizes) {
                for (Topology topology : Topology.values()) {
                    runs.add(MeshRun.measure(topology, nodes, random));
                }
            }
        }
        return runs;
    }

    private static List<List<MeshRun>> groups(List<MeshRun> runs) {
        Map<Integer, Map<Topology, List<MeshRun>>> groups = new TreeMap<>();
        for (MeshRun run : runs) {
            groups.computeIfAbsent(run.nodes(), nodes -> new TreeMap<>())
                    .computeIfAbsent(run.topology(), topology -> new ArrayList<>())
                    .add(run);
        }
        return groups.values().stream().flatMap(group -> group.values().stream()).toList();
    }

    private static double median(List<MeshRun> runs, ToDoubleFunction<MeshRun> figure) {
        return Statistics.median(runs.stream().mapToDouble(figure).toArray());
    }

    /** The medians as a table that is Markdown too. */
    static String table(List<MeshRun> runs) {
        StringBuilder text = new StringBuilder("| nodes | topology | rounds |");
        FIGURES.forEach(figure -> text.append(' ').append(figure.heading()).append(" |"));
        text.append("\n|---|---|---|").append("---|".repeat(FIGURES.size())).append('\n');
        for (List<MeshRun> group : groups(runs)) {
            text.append("| ").append(group.getFirst().nodes());
            text.append(" | ").append(group.getFirst().topology()).append(" | ").append(group.size()).append(" |");
            for (Figure figure : FIGURES) {
                text.append(String.format(Locale.ROOT, " %.1f |", median(group, figure.of()) / figure.unit()));
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** Every run, in the order they were made. */
    static String json(List<MeshRun> runs) {
        StringBuilder text = new StringBuilder("[");
        for (MeshRun run : runs) {
            text.append(text.length() == 1 ? "\n" : ",\n");
            text.append("  {\"nodes\": ").append(run.nodes()).append(", \"topology\": \"").append(run.topology()).append('"');
            for (Figure figure : FIGURES) {
                text.append(String.format(Locale.ROOT, ", \"%s\": %.3f", figure.name(), figure.of().applyAsDouble(run)));
            }
            text.append('}');
        }
        return text.append("\n]\n").toString();
    }

    private static boolean goalsMet(List<MeshRun> runs) {
        boolean met = true;
        for (List<MeshRun> group : groups(runs)) {
            if (group.getFirst().nodes() == GOAL_NODES) {
                met &= goal(group, FIGURES.get(0), GOAL_MILLIS);
                met &= goal(group, FIGURES.get(1), GOAL_HEAP_BYTES);
            }
        }
        return met;
    }

    private static boolean goal(List<MeshRun> group, Figure figure, double limit) {
        double value = median(group, figure.of());
        System.out.printf(
                Locale.ROOT,
                "goal for %d nodes, %s: %s %.0f, at most %.0f: %s%n",
                group.getFirst().nodes(),
                group.getFirst().topology(),
                figure.heading(),
                value / figure.unit(),
                limit / figure.unit(),
                value <= limit ? "met" : "MISSED");
        return value <= limit;
    }
}
