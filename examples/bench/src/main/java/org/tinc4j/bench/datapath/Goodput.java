package org.tinc4j.bench.datapath;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.tinc4j.testkit.Command;

/**
 * Goodput of our TCP beside that of the kernel, through tunnels over wires that delay and lose packets: every variant has a wire of its own
 * with the same conditions. Where these keep every stream slow the variants run at the same time, else by turns.
 */
final class Goodput {

    /** Of the kernel's TCP, recorded beside the figures; new namespaces have those of the machine. */
    private static final List<String> SETTINGS =
            List.of("tcp_rmem", "tcp_wmem", "tcp_sack", "tcp_dsack", "tcp_timestamps", "tcp_recovery", "tcp_early_retrans", "tcp_ecn");

    private final Plan plan;
    private final List<Course> courses;
    private final List<GoodputRun> runs = new ArrayList<>();

    private Goodput(Plan plan, List<Course> courses) {
        this.plan = plan;
        this.courses = courses;
    }

    static void run(Plan plan, PrintStream out) throws IOException, InterruptedException {
        List<Course> courses = new ArrayList<>();
        try {
            for (String variant : plan.variants()) {
                Course course = Course.start(variant, plan);
                courses.add(course);
                course.warmUp(plan.warmUpSeconds());
            }
            Goodput goodput = new Goodput(plan, courses);
            goodput.rounds();
            out.print(GoodputTable.of(goodput.runs, plan.variants()));
        } finally {
            courses.forEach(Course::close);
        }
    }

    private void rounds() throws IOException, InterruptedException {
        Map<String, String> machine = Machine.describe(plan);
        for (String setting : SETTINGS) {
            // Not read in here: Java asks for one byte first, as the length is said to be 0, and the kernel answers one read only.
            machine.put(setting, Command.require(List.of("cat", "/proc/sys/net/ipv4/" + setting)).strip());
        }
        Path json = plan.directory().resolveSibling("goodput.json");
        for (int round = 1; round <= plan.rounds(); round++) {
            for (Cell cell : plan.cells()) {
                for (GoodputRun run : cell.slow() ? together(cell, round) : inTurn(cell, round)) {
                    runs.add(run);
                    DataPathBenchmark.say(line(run));
                }
                Files.writeString(json, GoodputJson.of(machine, runs));
            }
        }
        DataPathBenchmark.say("every figure: " + json);
    }

    private List<GoodputRun> inTurn(Cell cell, int round) throws IOException {
        List<Course> order = new ArrayList<>(courses);
        Collections.rotate(order, -round);
        List<GoodputRun> results = new ArrayList<>();
        for (Course course : order) {
            results.add(course.run(cell, round, plan.seconds()));
        }
        return results;
    }

    private List<GoodputRun> together(Cell cell, int round) throws IOException, InterruptedException {
        List<GoodputRun> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<GoodputRun>> futures =
                    courses.stream().map(course -> threads.submit(() -> course.run(cell, round, plan.seconds()))).toList();
            for (Future<GoodputRun> future : futures) {
                results.add(future.get());
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
        return results;
    }

    private static String line(GoodputRun run) {
        return String.format(
                Locale.ROOT,
                "round %d, %s, %s: %.2f Mbit/s, longest pause %d ms, %d packets there and %d back, %d lost otherwise %s",
                run.round(),
                run.cell(),
                run.variant(),
                run.stream().megabitsPerSecond(),
                run.stream().longestPauseNanos() / 1_000_000,
                run.there().sent(),
                run.back().sent(),
                run.otherLoss(),
                run.drops());
    }
}
