package org.tinc4j.testkit.wire;

import java.time.Duration;

/**
 * What a wire does to packets, in each direction, to each by itself.
 *
 * @param delay from one end to the other
 * @param lost share that does not arrive
 * @param twice share that arrives twice
 * @param late share that is overtaken by what was sent after it; all others keep their order
 * @param lateness how much longer those take
 */
public record Conditions(Duration delay, double lost, double twice, double late, Duration lateness) {

    /** Everything arrives, at once. */
    public static final Conditions PERFECT = new Conditions(Duration.ZERO, 0, 0, 0, Duration.ZERO);

    /** Checks the shares. */
    public Conditions {
        if (!(share(lost) && share(twice) && share(late)) || delay.isNegative() || lateness.isNegative()) {
            throw new IllegalArgumentException("shares lie between 0 and 1, times are not negative: " + lost + " lost, " + twice + " twice, "
                    + late + " late by " + lateness + ", delay " + delay);
        }
    }

    private static boolean share(double value) {
        return value >= 0 && value <= 1;
    }

    /** The same with some packets lost. */
    public Conditions losing(double share) {
        return new Conditions(delay, share, twice, late, lateness);
    }

    /** The same with some packets doubled. */
    public Conditions doubling(double share) {
        return new Conditions(delay, lost, share, late, lateness);
    }

    /** The same with some packets overtaken. */
    public Conditions reordering(double share, Duration by) {
        return new Conditions(delay, lost, twice, share, by);
    }

    /** The same over a longer way. */
    public Conditions delaying(Duration by) {
        return new Conditions(by, lost, twice, late, lateness);
    }

    /** One word that {@link #parse} reads: durations in nanoseconds, joined by commas. */
    public String word() {
        return delay.toNanos() + "," + lost + "," + twice + "," + late + "," + lateness.toNanos();
    }

    /** Reads a {@link #word}. */
    static Conditions parse(String word) {
        String[] parts = word.split(",");
        return new Conditions(
                Duration.ofNanos(Long.parseLong(parts[0])),
                Double.parseDouble(parts[1]),
                Double.parseDouble(parts[2]),
                Double.parseDouble(parts[3]),
                Duration.ofNanos(Long.parseLong(parts[4])));
    }
}
