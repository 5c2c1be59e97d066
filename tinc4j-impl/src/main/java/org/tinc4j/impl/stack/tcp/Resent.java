package org.tinc4j.impl.stack.tcp;

/**
 * The latest retransmissions, by position: what tells a duplicate that we made from one that the network made.
 *
 * <p><b>Source.</b> RFC 3708 on telling the two apart.
 */
final class Resent {

    /** Of a burst of more only the last are known; one report in a round trip is all that is asked for. */
    private static final int MAX = 16;

    private long[] edges;
    private int at;

    void add(long start, long end) {
        if (edges == null) {
            edges = new long[2 * MAX];
        }
        edges[at] = start;
        edges[at + 1] = end;
        at = (at + 2) % edges.length;
    }

    boolean overlaps(long start, long end) {
        for (int i = 0; edges != null && i < edges.length; i += 2) {
            if (start < edges[i + 1] && end > edges[i]) {
                return true;
            }
        }
        return false;
    }
}
