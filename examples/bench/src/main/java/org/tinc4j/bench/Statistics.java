package org.tinc4j.bench;

import java.util.Arrays;

/** What is made of figures that were measured more than once. */
public final class Statistics {

    private Statistics() {}

    /**
     * The middle one; the mean of the two in the middle if their number is even.
     *
     * @param values at least one
     * @return between them
     */
    public static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /**
     * The smallest value that at least so many percent of all do not exceed.
     *
     * @param percent above 0, at most 100
     * @param values at least one
     * @return one of them
     */
    public static double percentile(double percent, double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(percent / 100 * sorted.length) - 1)];
    }

    /**
     * How far values lie apart.
     *
     * @param values at least one
     * @return half the distance of the outermost, in percent of the median; 0 if that is 0
     */
    public static double spreadPercent(double... values) {
        double median = median(values);
        return median == 0 ? 0 : (percentile(100, values) - Arrays.stream(values).min().orElseThrow()) / 2 / median * 100;
    }

    /**
     * How something grows with size: the exponent of the power that fits best, by least squares of the logarithms.
     *
     * @param sizes at least two that differ, all positive
     * @param values one for each size, all positive
     * @return 1 for what doubles with the size, 2 for what grows with its square
     */
    public static double exponent(double[] sizes, double[] values) {
        double meanX = Arrays.stream(sizes).map(Math::log).average().orElseThrow();
        double meanY = Arrays.stream(values).map(Math::log).average().orElseThrow();
        double product = 0;
        double square = 0;
        for (int i = 0; i < sizes.length; i++) {
            double x = Math.log(sizes[i]) - meanX;
            product += x * (Math.log(values[i]) - meanY);
            square += x * x;
        }
        return product / square;
    }
}
