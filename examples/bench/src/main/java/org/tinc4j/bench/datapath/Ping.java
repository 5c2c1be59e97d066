package org.tinc4j.bench.datapath;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.tinc4j.bench.Statistics;
import org.tinc4j.testkit.ChildProcess;

/**
 * Round trips of one run of ping.
 *
 * @param medianMicros of the answers
 * @param p99Micros of the answers
 */
record Ping(double medianMicros, double p99Micros) {

    private static final Pattern TIME = Pattern.compile("time=([.\\d]+) ms");

    /** Pings, one every 5 ms, from left to right. */
    static Ping measure(Wire wire, String address, int count, Path directory) throws IOException, InterruptedException {
        Path log = directory.resolve("ping.log");
        List<String> words = wire.left().netns().wrap(List.of("ping", "-n", "-c", Integer.toString(count), "-i", "0.005", "-W", "1", address));
        try (ChildProcess ping = ChildProcess.start(words, log)) {
            return read(new String(ping.process().getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** Reads what ping prints. */
    static Ping read(String output) throws IOException {
        double[] micros = TIME.matcher(output).results().mapToDouble(time -> Double.parseDouble(time.group(1)) * 1000).toArray();
        if (micros.length == 0) {
            throw new IOException("no ping was answered: " + output);
        }
        return new Ping(Statistics.median(micros), Statistics.percentile(99, micros));
    }
}
