package org.tinc4j.testkit.wire;

import java.util.Arrays;
import java.util.List;

/**
 * What one direction of a wire did so far.
 *
 * @param sent packets that were put in
 * @param lost of those, as the conditions want it
 * @param twice copies made, as the conditions want it
 * @param late of those sent, as the conditions want it
 * @param overflowed of those sent, because too many were on their way: no condition, but a wire that is too slow
 * @param refused of those that reached the other end, by the system there
 */
public record LaneCounters(long sent, long lost, long twice, long late, long overflowed, long refused) {

    /** One word that {@link #parse} reads. */
    String word() {
        return String.join(",", List.of(sent, lost, twice, late, overflowed, refused).stream().map(String::valueOf).toList());
    }

    /** Reads one word for each direction, joined by blanks. */
    public static List<LaneCounters> parse(String words) {
        return Arrays.stream(words.split(" ")).map(LaneCounters::one).toList();
    }

    private static LaneCounters one(String word) {
        long[] n = Arrays.stream(word.split(",")).mapToLong(Long::parseLong).toArray();
        return new LaneCounters(n[0], n[1], n[2], n[3], n[4], n[5]);
    }

    /** What came since. */
    public LaneCounters since(LaneCounters before) {
        return new LaneCounters(
                sent - before.sent,
                lost - before.lost,
                twice - before.twice,
                late - before.late,
                overflowed - before.overflowed,
                refused - before.refused);
    }
}
