package org.tinc4j.bench;

import java.util.Arrays;

/** What is made of figures that were measured more than once. */
final class Statistics {

    private Statistics() {}

    /** The middle one; the mean of the two in the middle if their number is even. */
    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /**
     * How something grows with size: the exponent of the power that fits best, by least squares of the logarithms.
     *
     * @param sizes at least two that differ, all positive
     * @param values one for each size, all positive
     * @return 1 for what doubles with the size, 2 for what grows with its square
     */
    static double exponent(double[] sizes, double[] values) {
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
