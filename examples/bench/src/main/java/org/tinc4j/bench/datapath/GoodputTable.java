package org.tinc4j.bench.datapath;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.tinc4j.bench.Statistics;

/** Goodput for a terminal: a row for each cell, columns for each variant. */
final class GoodputTable {

    private static final int WIDTH = 20;

    private final List<GoodputRun> runs;
    private final List<String> variants;
    private final StringBuilder text = new StringBuilder();

    private GoodputTable(List<GoodputRun> runs, List<String> variants) {
        this.runs = runs;
        this.variants = variants;
    }

    /**
     * All tables.
     *
     * @param runs at least one of each variant in each cell, as many of each, in the order of rounds
     * @param variants in the order of the columns; ratios are to the first
     */
    static String of(List<GoodputRun> runs, List<String> variants) {
        GoodputTable table = new GoodputTable(runs, variants);
        table.text.append("loss in each direction, round trip; medians; ± is half of what lies between the lowest and the highest\n");
        table.table("goodput, Mbit/s", table::goodput);
        table.table("ratio to " + sockets(variants.getFirst()) + " in the same round, which loses the same packets", table::ratio);
        table.table("longest pause of all rounds, ms", table::pause);
        table.table("packets lost by anything but these conditions, all rounds", table::otherLoss);
        return table.text.toString();
    }

    private interface Column {
        String of(List<GoodputRun> runs, List<GoodputRun> reference);
    }

    private void table(String title, Column column) {
        text.append('\n').append(title).append('\n');
        text.append(" ".repeat(36));
        variants.forEach(variant -> text.append(String.format(Locale.ROOT, " %" + WIDTH + "s", sockets(variant))));
        text.append('\n');
        for (Cell cell : runs.stream().map(GoodputRun::cell).distinct().toList()) {
            text.append(String.format(Locale.ROOT, "%-36s", cell));
            for (String variant : variants) {
                String value = column.of(of(cell, variant), of(cell, variants.getFirst()));
                text.append(String.format(Locale.ROOT, " %" + WIDTH + "s", value));
            }
            text.append('\n');
        }
    }

    private static String sockets(String variant) {
        return whose(variant, "left") + " to " + whose(variant, "right");
    }

    private static String whose(String variant, String end) {
        return Variants.inProcess(variant, end) ? "ours" : "kernel";
    }

    private List<GoodputRun> of(Cell cell, String variant) {
        return runs.stream().filter(run -> run.cell().equals(cell) && run.variant().equals(variant)).toList();
    }

    private String goodput(List<GoodputRun> ofOne, List<GoodputRun> reference) {
        return withSpread(rates(ofOne));
    }

    private String ratio(List<GoodputRun> ofOne, List<GoodputRun> reference) {
        double[] rates = rates(ofOne);
        double[] to = rates(reference);
        double[] ratios = IntStream.range(0, rates.length).mapToDouble(i -> rates[i] / to[i]).toArray();
        return withSpread(ratios);
    }

    private static String withSpread(double[] values) {
        return String.format(Locale.ROOT, "%.2f ±%2.0f%%", Statistics.median(values), Statistics.spreadPercent(values));
    }

    private String pause(List<GoodputRun> ofOne, List<GoodputRun> reference) {
        return Long.toString(ofOne.stream().mapToLong(run -> run.stream().longestPauseNanos()).max().orElseThrow() / 1_000_000);
    }

    private String otherLoss(List<GoodputRun> ofOne, List<GoodputRun> reference) {
        return Long.toString(ofOne.stream().mapToLong(GoodputRun::otherLoss).sum());
    }

    private static double[] rates(List<GoodputRun> ofOne) {
        return ofOne.stream().mapToDouble(run -> run.stream().megabitsPerSecond()).toArray();
    }
}
