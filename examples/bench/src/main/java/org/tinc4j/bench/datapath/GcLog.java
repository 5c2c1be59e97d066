package org.tinc4j.bench.datapath;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Pauses that a JVM's log of garbage collections names, but for those that this benchmark asked for.
 *
 * @param pauses how many
 * @param longestMillis the longest; 0 if there was none
 */
record GcLog(int pauses, double longestMillis) {

    private static final Pattern PAUSE = Pattern.compile("GC\\(\\d+\\) Pause .*? ([.\\d]+)ms$");

    static GcLog read(List<Path> logs) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path log : logs) {
            lines.addAll(Files.readAllLines(log));
        }
        return of(lines);
    }

    static GcLog of(List<String> lines) {
        int pauses = 0;
        double longest = 0;
        for (String line : lines) {
            Matcher pause = PAUSE.matcher(line);
            if (pause.find() && !line.contains("System.gc()")) {
                pauses++;
                longest = Math.max(longest, Double.parseDouble(pause.group(1)));
            }
        }
        return new GcLog(pauses, longest);
    }
}
