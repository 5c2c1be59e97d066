package org.tinc4j.bench.datapath;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Every single figure of every round, for programs. */
final class Json {

    private Json() {}

    /**
     * Writes all rounds in their order.
     *
     * @param machine what it was measured on, by key
     * @param rounds those that do not count included
     */
    static String of(Map<String, String> machine, List<Round> rounds) {
        List<Round> valid = Round.valid(rounds);
        StringBuilder text = new StringBuilder("{\n  \"machine\": {");
        text.append(facts(machine));
        text.append("\n  },\n  \"rounds\": [");
        text.append(rounds.stream().map(round -> round(round, valid.contains(round))).collect(Collectors.joining(",")));
        return text.append("\n  ]\n}\n").toString();
    }

    /** Members of an object that are all text. */
    static String facts(Map<String, String> facts) {
        return facts.entrySet().stream()
                .map(entry -> "\n    " + quoted(entry.getKey()) + ": " + quoted(entry.getValue()))
                .collect(Collectors.joining(","));
    }

    private static String round(Round round, boolean counts) {
        return "\n    {\"control\": " + number(round.control()) + ", \"counts\": " + counts + ", \"variants\": {"
                + round.variants().entrySet().stream()
                        .map(entry -> "\n      " + quoted(entry.getKey()) + ": {" + figures(entry.getValue()) + "}")
                        .collect(Collectors.joining(","))
                + "\n    }}";
    }

    private static String figures(Map<Figure, Double> figures) {
        return figures.entrySet().stream()
                .map(entry -> quoted(entry.getKey().name().toLowerCase(Locale.ROOT)) + ": " + number(entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    /** A string. */
    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\t", "\\t") + '"';
    }
}
