package org.tinc4j.bench.datapath;

import java.util.List;
import java.util.Map;
import org.tinc4j.bench.Statistics;

/**
 * Every variant once.
 *
 * @param control TCP without a tunnel, Mbit/s: the lower of one short run before and one after
 * @param variants what was measured, by name, in the order it was
 */
record Round(double control, Map<String, Map<Figure, Double>> variants) {

    /** Below this part of its median the control has collapsed: somebody else used the machine. */
    private static final double COLLAPSED = 0.5;

    /** Leaves out the rounds in which the control collapsed. */
    static List<Round> valid(List<Round> rounds) {
        if (rounds.isEmpty()) {
            return rounds;
        }
        double limit = COLLAPSED * Statistics.median(rounds.stream().mapToDouble(Round::control).toArray());
        return rounds.stream().filter(round -> round.control() >= limit).toList();
    }
}
