package org.tinc4j.bench.datapath;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.tinc4j.bench.Statistics;

/** Results for a terminal: medians over the rounds and how far these lie apart. */
final class Table {

    private static final String NOTHING = "-";

    private final List<Round> rounds;
    private final List<String> variants;
    private final StringBuilder text = new StringBuilder();

    private Table(List<Round> rounds, List<String> variants) {
        this.rounds = rounds;
        this.variants = variants;
    }

    /**
     * All tables.
     *
     * @param rounds that count, at least one
     * @param variants in the order of the rows
     */
    static String of(List<Round> rounds, List<String> variants) {
        Table table = new Table(rounds, variants);
        table.text.append("medians of ").append(rounds.size()).append(" rounds; ± is half of what lies between the lowest and the highest\n");
        for (Figure.Group group : Figure.Group.values()) {
            table.add(group);
        }
        if (variants.contains(WireguardVariant.NAME)) {
            table.addRatios(WireguardVariant.NAME);
        }
        return table.text.toString();
    }

    private void add(Figure.Group group) {
        title(group.title(), group.figures().stream().map(Figure::heading).toList());
        for (String variant : variants) {
            row(variant, group.figures().stream().map(figure -> cell(variant, figure)).toList());
        }
    }

    private String cell(String variant, Figure figure) {
        double[] values = rounds.stream()
                .map(round -> round.variants().get(variant).get(figure))
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .toArray();
        return values.length == 0
                ? NOTHING
                : String.format(Locale.ROOT, "%s ±%2.0f%%", figure.text(Statistics.median(values)), Statistics.spreadPercent(values));
    }

    private void addRatios(String reference) {
        title("ratio to " + reference + " in the same round", Figure.COMPARED.stream().map(Figure::longHeading).toList());
        for (String variant : variants) {
            row(variant, Figure.COMPARED.stream().map(figure -> ratio(variant, reference, figure)).toList());
        }
    }

    private String ratio(String variant, String reference, Figure figure) {
        double[] ratios = rounds.stream()
                .mapToDouble(round -> {
                    Double value = round.variants().get(variant).get(figure);
                    Double base = round.variants().get(reference).get(figure);
                    return value == null || base == null || base == 0 ? Double.NaN : value / base;
                })
                .filter(ratio -> !Double.isNaN(ratio))
                .toArray();
        return ratios.length == 0
                ? NOTHING
                : String.format(Locale.ROOT, "%.2f ±%2.0f%%", Statistics.median(ratios), Statistics.spreadPercent(ratios));
    }

    private void title(String title, List<String> columns) {
        text.append('\n').append(title).append('\n');
        row("", columns);
    }

    private void row(String variant, List<String> cells) {
        int width = variants.stream().mapToInt(String::length).max().orElse(0) + 1;
        text.append(String.format(Locale.ROOT, "%-" + width + "s", variant));
        for (String cell : cells) {
            text.append(String.format(Locale.ROOT, " %15s", cell));
        }
        text.append('\n');
    }
}
