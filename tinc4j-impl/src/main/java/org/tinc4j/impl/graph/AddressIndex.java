package org.tinc4j.impl.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.tinc4j.impl.graph.SubnetTable.Entry;

/**
 * The addresses of one kind, cut into stretches that have one answer each. Immutable.
 *
 * <p>Prefixes nest or are disjoint, so their first and last addresses are the only places where the answer can change: n prefixes make
 * at most 2n+1 stretches. Unlike a hash table per prefix length, no choice of subnets by a hostile member makes a search longer than
 * the logarithm of their number.
 *
 * <p><b>Units and shapes.</b> Addresses are unsigned 128-bit numbers in two longs; shorter ones stand in the low bits.
 */
final class AddressIndex {

    /** All entries of one prefix, whatever their weights and owners. */
    private record Prefix(int length, long high, long low, long lastHigh, long lastLow, Entry firstUsable, Entry last) {

        boolean endsBefore(Prefix other) {
            return compare(lastHigh, lastLow, other.high, other.low) < 0;
        }
    }

    /** A prefix among those that hold it, and the answer for addresses it is the longest prefix of. */
    private record Level(Prefix prefix, Entry answer) {}

    private static final Comparator<Prefix> OUTER_FIRST =
            (a, b) -> {
                int order = compare(a.high, a.low, b.high, b.low);
                return order != 0 ? order : Integer.compare(a.length, b.length);
            };

    /** Where each stretch begins, ascending; the first begins at 0. */
    private final long[] highs;
    private final long[] lows;
    private final Entry[] answers;

    private AddressIndex(long[] highs, long[] lows, Entry[] answers) {
        this.highs = highs;
        this.lows = lows;
        this.answers = answers;
    }

    /** Takes entries of one kind in table order. */
    static AddressIndex of(List<Entry> entries) {
        List<Prefix> prefixes = prefixes(entries);
        prefixes.sort(OUTER_FIRST);
        Stretches stretches = new Stretches(2 * prefixes.size() + 1);
        stretches.begin(0, 0, null);
        ArrayDeque<Level> open = new ArrayDeque<>();
        for (Prefix prefix : prefixes) {
            while (!open.isEmpty() && open.peek().prefix.endsBefore(prefix)) {
                close(open, stretches);
            }
            Entry answer = answer(prefix, open.peek());
            open.push(new Level(prefix, answer));
            stretches.begin(prefix.high, prefix.low, answer);
        }
        while (!open.isEmpty()) {
            close(open, stretches);
        }
        return stretches.index();
    }

    private static void close(ArrayDeque<Level> open, Stretches stretches) {
        Prefix closed = open.pop().prefix;
        long low = closed.lastLow + 1;
        long high = low == 0 ? closed.lastHigh + 1 : closed.lastHigh;
        boolean atTheEnd = high == 0 && low == 0;
        if (!atTheEnd) {
            stretches.begin(high, low, open.isEmpty() ? null : open.peek().answer);
        }
    }

    /**
     * What the walk finds that starts at this prefix: an usable entry here, else what it finds at the shorter prefixes around; and
     * where those have nothing usable either, the last entry of the shortest, which the outermost level has already taken.
     */
    private static Entry answer(Prefix prefix, Level around) {
        if (prefix.firstUsable != null) {
            return prefix.firstUsable;
        }
        return around == null ? prefix.last : around.answer;
    }

    /** In table order the entries of one prefix stand next to each other, also where bits beyond the prefix differ. */
    private static List<Prefix> prefixes(List<Entry> entries) {
        List<Prefix> prefixes = new ArrayList<>();
        Prefix current = null;
        for (Entry entry : entries) {
            Prefix own = prefix(entry);
            if (current != null && OUTER_FIRST.compare(current, own) == 0) {
                Entry firstUsable = current.firstUsable != null ? current.firstUsable : own.firstUsable;
                current = new Prefix(own.length, own.high, own.low, own.lastHigh, own.lastLow, firstUsable, entry);
                prefixes.set(prefixes.size() - 1, current);
            } else {
                current = own;
                prefixes.add(current);
            }
        }
        return prefixes;
    }

    private static Prefix prefix(Entry entry) {
        byte[] address = entry.subnet().address();
        long high = 0;
        long low = 0;
        for (byte octet : address) {
            high = high << 8 | low >>> 56;
            low = low << 8 | octet & 0xff;
        }
        int length = entry.subnet().prefixLength();
        int hostBits = address.length * 8 - length;
        long hostHigh = hostBits <= 64 ? 0 : ones(hostBits - 64);
        long hostLow = ones(Math.min(hostBits, 64));
        return new Prefix(length, high & ~hostHigh, low & ~hostLow, high | hostHigh, low | hostLow,
                entry.usable() ? entry : null, entry);
    }

    private static long ones(int count) {
        return count == 0 ? 0 : -1L >>> 64 - count;
    }

    private static int compare(long highA, long lowA, long highB, long lowB) {
        return highA != highB ? Long.compareUnsigned(highA, highB) : Long.compareUnsigned(lowA, lowB);
    }

    /** Returns the answer for an address, or null. */
    Entry find(long high, long low) {
        int first = 0;
        int last = answers.length - 1;
        while (first < last) {
            int middle = first + last + 1 >>> 1;
            if (compare(highs[middle], lows[middle], high, low) <= 0) {
                first = middle;
            } else {
                last = middle - 1;
            }
        }
        return answers[first];
    }

    /** Collects stretches in ascending order. */
    private static final class Stretches {
        private final long[] highs;
        private final long[] lows;
        private final Entry[] answers;
        private int count;

        private Stretches(int most) {
            highs = new long[most];
            lows = new long[most];
            answers = new Entry[most];
        }

        /** Ends the stretch before; one that began at the same address was empty and is replaced. */
        private void begin(long high, long low, Entry answer) {
            if (count > 0 && highs[count - 1] == high && lows[count - 1] == low) {
                count--;
            }
            if (count > 0 && answers[count - 1] == answer) {
                return;
            }
            highs[count] = high;
            lows[count] = low;
            answers[count++] = answer;
        }

        private AddressIndex index() {
            return new AddressIndex(
                    Arrays.copyOf(highs, count), Arrays.copyOf(lows, count), Arrays.copyOf(answers, count));
        }
    }
}
