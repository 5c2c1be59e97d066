package org.tinc4j.examples.quickstart;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Prints for people: 80 columns, ASCII. Progress is redrawn in place on a terminal; elsewhere it is a line for each quarter.
 */
final class Screen {

    /** Whether what is printed is watched. */
    enum Kind {
        TERMINAL,
        PIPE
    }

    private static final int BAR_WIDTH = 32;
    private static final long REDRAW_NANOS = 50_000_000L;
    private static final int QUARTER = 25;

    private final PrintStream out;
    private final Kind kind;
    private long drawnNanos;
    private int drawnPercent;

    Screen(PrintStream out, Kind kind) {
        this.out = out;
        this.kind = kind;
    }

    void line(String text) {
        out.println(text);
        out.flush();
    }

    /** A heading after an empty line. */
    void heading(String text) {
        line("");
        line(text);
    }

    /**
     * Rows under a header; a column is as wide as its widest cell.
     *
     * @param rightAligned how many columns at the end hold numbers
     */
    void table(int rightAligned, List<String> header, List<List<String>> rows) {
        int[] widths = header.stream().mapToInt(String::length).toArray();
        for (List<String> row : rows) {
            Arrays.setAll(widths, i -> Math.max(widths[i], row.get(i).length()));
        }
        row(rightAligned, widths, header);
        rows.forEach(row -> row(rightAligned, widths, row));
    }

    private void row(int rightAligned, int[] widths, List<String> cells) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String format = i < widths.length - rightAligned ? "  %-" + widths[i] + "s" : "  %" + widths[i] + "s";
            text.append(String.format(Locale.ROOT, format, cells.get(i)));
        }
        line(text.toString().stripTrailing());
    }

    /** How far something is; cheap enough to be called for every packet. */
    void progress(long done, long total) {
        int percent = (int) (100 * done / total);
        if (kind == Kind.TERMINAL) {
            long now = System.nanoTime();
            if (percent == 100 || now - drawnNanos > REDRAW_NANOS) {
                drawnNanos = now;
                int filled = BAR_WIDTH * percent / 100;
                out.printf(Locale.ROOT, "\r  [%s%s] %3d %%", "=".repeat(filled), " ".repeat(BAR_WIDTH - filled), percent);
                out.flush();
            }
        } else if (percent / QUARTER > drawnPercent / QUARTER) {
            line(String.format(Locale.ROOT, "  %3d %%", percent / QUARTER * QUARTER));
        }
        drawnPercent = percent;
    }

    /** What was in progress has ended, well or badly: the next line replaces the bar. */
    void progressEnds() {
        if (kind == Kind.TERMINAL && drawnPercent > 0) {
            out.print("\r" + " ".repeat(BAR_WIDTH + 10) + "\r");
        }
        drawnPercent = 0;
    }

    static String millis(Duration time) {
        return String.format(Locale.ROOT, "%.2f ms", time.toNanos() / 1e6);
    }

    static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.2f s", time.toNanos() / 1e9);
    }
}
