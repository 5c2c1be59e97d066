package org.tinc4j.impl.stack.tcp;

import java.util.Arrays;

/**
 * Which bytes beyond the next expected one have arrived, and how that is reported.
 *
 * <p><b>Units and shapes.</b> Blocks [start, end) of positions, in ascending order, none touching another.
 *
 * <p><b>Source.</b> RFC 2018 section 4, RFC 2883 section 4.
 */
final class Reassembly {

    /** A twentieth of 4 MiB in small segments lost at random; a block more is refused, and sent again by the peer. */
    private static final int MAX_BLOCKS = 256;

    private static final int FIRST_BLOCKS = 8;

    private long[] starts;
    private long[] ends;
    private int[] changed;
    private int count;
    private int changes;
    private long duplicateStart;
    private long duplicateEnd;

    boolean isEmpty() {
        return count == 0;
    }

    /** Whether there is anything to report. */
    boolean reports() {
        return count > 0 || duplicateEnd > duplicateStart;
    }

    /** Adds what arrived. Returns false if that would make one block too many. */
    boolean add(long start, long end) {
        int at = firstEndingAtOrAfter(start);
        if (at == count || starts[at] > end) {
            return insert(at, start, end);
        }
        // RFC 2883: what had arrived before is reported once, in front.
        if (start < ends[at] && end > starts[at]) {
            duplicate(Math.max(start, starts[at]), Math.min(end, ends[at]));
        }
        starts[at] = Math.min(starts[at], start);
        int last = at;
        while (last + 1 < count && starts[last + 1] <= end) {
            last++;
        }
        ends[at] = Math.max(ends[last], end);
        changed[at] = ++changes;
        remove(at + 1, last - at);
        return true;
    }

    /** Bytes arrived in order up to here. Returns how far it goes now; blocks below are no longer kept. */
    long advance(long next) {
        long reached = next;
        int joined = 0;
        while (joined < count && starts[joined] <= reached) {
            reached = Math.max(reached, ends[joined]);
            joined++;
        }
        remove(0, joined);
        return reached;
    }

    /** Something arrived again; reported with the next acknowledgment. */
    void duplicate(long start, long end) {
        duplicateStart = start;
        duplicateEnd = end;
    }

    /**
     * What the next acknowledgment reports: "The first SACK block ... MUST specify the contiguous block of data containing the segment
     * which triggered this ACK", or a duplicate; "The SACK option SHOULD be filled out by repeating the most recently reported SACK
     * blocks".
     *
     * @param max how many blocks there is room for
     * @param blocks filled with start and end of each
     * @return number of blocks
     */
    int report(int max, long[] blocks) {
        int reported = 0;
        if (duplicateEnd > duplicateStart) {
            blocks[0] = duplicateStart;
            blocks[1] = duplicateEnd;
            duplicateEnd = duplicateStart;
            reported = 1;
        }
        int before = Integer.MAX_VALUE;
        while (reported < max) {
            int latest = -1;
            for (int i = 0; i < count; i++) {
                if (changed[i] < before && (latest < 0 || changed[i] > changed[latest])) {
                    latest = i;
                }
            }
            if (latest < 0) {
                break;
            }
            before = changed[latest];
            blocks[2 * reported] = starts[latest];
            blocks[2 * reported + 1] = ends[latest];
            reported++;
        }
        return reported;
    }

    private int firstEndingAtOrAfter(long position) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ends[middle] < position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private boolean insert(int at, long start, long end) {
        if (count == MAX_BLOCKS) {
            return false;
        }
        if (starts == null) {
            starts = new long[FIRST_BLOCKS];
            ends = new long[FIRST_BLOCKS];
            changed = new int[FIRST_BLOCKS];
        } else if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
            changed = Arrays.copyOf(changed, 2 * count);
        }
        System.arraycopy(starts, at, starts, at + 1, count - at);
        System.arraycopy(ends, at, ends, at + 1, count - at);
        System.arraycopy(changed, at, changed, at + 1, count - at);
        starts[at] = start;
        ends[at] = end;
        changed[at] = ++changes;
        count++;
        return true;
    }

    private void remove(int from, int number) {
        if (number == 0) {
            return;
        }
        int rest = count - from - number;
        System.arraycopy(starts, from + number, starts, from, rest);
        System.arraycopy(ends, from + number, ends, from, rest);
        System.arraycopy(changed, from + number, changed, from, rest);
        count -= number;
    }
}
