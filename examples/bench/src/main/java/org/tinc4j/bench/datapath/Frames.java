package org.tinc4j.bench.datapath;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads collapsed stacks: frames from the outermost to the innermost, joined by semicolons, then a blank and how many samples. */
final class Frames {

    private Frames() {}

    /** The innermost frames that most samples were in, one a line with its part of all samples. */
    static String top(List<String> collapsed, int most) {
        Map<String, Long> samples = new HashMap<>();
        long all = 0;
        for (String line : collapsed) {
            int blank = line.lastIndexOf(' ');
            long count = Long.parseLong(line.substring(blank + 1));
            samples.merge(line.substring(line.lastIndexOf(';', blank) + 1, blank), count, Long::sum);
            all += count;
        }
        StringBuilder text = new StringBuilder();
        long total = all;
        samples.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(most)
                .forEach(entry -> text.append(String.format(Locale.ROOT, "%6.2f%%  %s%n", 100.0 * entry.getValue() / total, entry.getKey())));
        return text.toString();
    }
}
