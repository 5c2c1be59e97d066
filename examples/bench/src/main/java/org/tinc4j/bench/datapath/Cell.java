package org.tinc4j.bench.datapath;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.tinc4j.testkit.wire.Conditions;

/**
 * Conditions under which goodput is measured. In an argument: {@code loss/rtt} or {@code loss/rtt/late/twice}, for example {@code 0.1/50}.
 *
 * @param lossPercent lost in each direction
 * @param rttMillis round trip; half of it is the delay in each direction
 * @param latePercent overtaken in each direction, by what was sent within {@value #LATE_MILLIS} ms after it
 * @param twicePercent doubled in each direction
 */
record Cell(double lossPercent, int rttMillis, double latePercent, double twicePercent) {

    private static final int LATE_MILLIS = 2;

    /**
     * Reads an argument.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Cell parse(String text) {
        if (!text.matches("[\\d.]+/\\d{1,4}(/[\\d.]+/[\\d.]+)?")) {
            throw new IllegalArgumentException(
                    "cell " + text + " is neither loss/rtt nor loss/rtt/late/twice, in percent and ms, like 0.1/50 or 0.1/50/2/0.5");
        }
        double[] values = Arrays.stream(text.split("/")).mapToDouble(Double::parseDouble).toArray();
        return new Cell(values[0], (int) values[1], values.length > 2 ? values[2] : 0, values.length > 2 ? values[3] : 0);
    }

    Conditions conditions() {
        return Conditions.PERFECT
                .delaying(Duration.ofNanos(rttMillis * 500_000L))
                .losing(lossPercent / 100)
                .reordering(latePercent / 100, Duration.ofMillis(LATE_MILLIS))
                .doubling(twicePercent / 100);
    }

    /** Whether loss and distance keep any TCP so slow that several streams do not disturb each other on this machine. */
    boolean slow() {
        return lossPercent > 0 && rttMillis >= 50;
    }

    @Override
    public String toString() {
        String text = String.format(Locale.ROOT, "%s %%, %d ms", number(lossPercent), rttMillis);
        return latePercent + twicePercent == 0
                ? text
                : text + String.format(Locale.ROOT, ", %s %% late, %s %% twice", number(latePercent), number(twicePercent));
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Integer.toString((int) value) : Double.toString(value);
    }
}
