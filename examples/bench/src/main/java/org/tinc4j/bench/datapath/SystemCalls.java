package org.tinc4j.bench.datapath;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.tinc4j.testkit.ChildProcess;
import org.tinc4j.testkit.Command;

/** Counts system calls with perf, which slows a process far less than strace does. */
final class SystemCalls {

    private static final String EVENT = "raw_syscalls:sys_enter";

    private SystemCalls() {}

    /** Whether perf is here and may count. */
    static boolean available() {
        return Command.run(List.of("perf", "stat", "-e", EVENT, "true")).succeeded();
    }

    /** System calls of processes for each megabyte of payload that one TCP stream brings through their tunnel. */
    static double perMegabyte(Iperf iperf, String address, List<Long> pids, int seconds, Path directory)
            throws IOException, InterruptedException {
        Path counts = directory.resolve("perf.csv");
        List<String> words = new ArrayList<>(List.of(
                "perf", "stat", "-x", ",", "-o", counts.toString(), "-e", EVENT,
                "-p", pids.stream().map(Object::toString).collect(Collectors.joining(",")),
                "--"));
        words.addAll(iperf.client(address, "-t", Integer.toString(seconds)));
        String report = Iperf.result(ChildProcess.start(words, directory.resolve("perf.log")));
        return count(Files.readString(counts)) / Iperf.received(report).megabytes();
    }

    /** The number before the event's name. */
    static double count(String csv) {
        return csv.lines()
                .filter(line -> line.contains(EVENT))
                .mapToDouble(line -> Double.parseDouble(line.substring(0, line.indexOf(','))))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("perf counted nothing: " + csv));
    }
}
