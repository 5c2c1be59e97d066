package org.tinc4j.impl.mesh;

/**
 * Floods already handled, by a digest of their whole text: "an entry is removed once it is older than PingInterval".
 *
 * <p>What changes nothing is not passed on, so most floods die without this. It ends the others: KEY_CHANGED and subnets that are passed on
 * but refused here would circle for ever, and a late duplicate would bring back what was deleted meanwhile.
 *
 * <p>Two tables of 64-bit digests, 13 to 26 bytes an entry: what is in the older one has been there for a lifetime when it is thrown away
 * whole, so an entry is kept for one to two lifetimes, and a quiet node keeps nothing. Confined to the control thread.
 */
final class SeenRequests {

    /** A mesh of 1000 nodes with 5 edges each, announced twice, fits into one table; beyond it the older half is forgotten early. */
    private static final int MAX_ENTRIES = 20_000;

    private static final int FIRST_SLOTS = 64;

    private static final long[] NOTHING = {};

    private final KeyedDigest digest;
    private final long lifetimeNanos;
    private long[] newer = NOTHING;
    private long[] older = NOTHING;
    private int newerCount;
    private int olderCount;
    private long sinceNanos;

    SeenRequests(KeyedDigest digest, long lifetimeNanos) {
        this.digest = digest;
        this.lifetimeNanos = lifetimeNanos;
    }

    /** Whether it is here already; if not, it is from now on. */
    boolean seen(String text, long nowNanos) {
        expire(nowNanos);
        long hash = digest.of(text);
        // Zero marks a free slot.
        long entry = hash == 0 ? 1 : hash;
        if (contains(older, entry) || contains(newer, entry)) {
            return true;
        }
        if (newerCount == 0) {
            sinceNanos = nowNanos;
        } else if (newerCount == MAX_ENTRIES) {
            turn(nowNanos);
        }
        if (3 * (newerCount + 1) > 2 * newer.length) {
            newer = grown(newer);
        }
        newer[slot(newer, entry)] = entry;
        newerCount++;
        return false;
    }

    /** Time passed: what is old is forgotten, and its memory given back. */
    void expire(long nowNanos) {
        if (newerCount + olderCount > 0 && nowNanos - sinceNanos > lifetimeNanos) {
            boolean allOld = nowNanos - sinceNanos > 2 * lifetimeNanos;
            turn(nowNanos);
            if (allOld) {
                turn(nowNanos);
            }
        }
    }

    private void turn(long nowNanos) {
        older = newer;
        olderCount = newerCount;
        newer = NOTHING;
        newerCount = 0;
        sinceNanos = nowNanos;
    }

    private static boolean contains(long[] table, long entry) {
        return table.length > 0 && table[slot(table, entry)] == entry;
    }

    /** Where an entry is, or would be: linear probing, at most two thirds full. */
    private static int slot(long[] table, long entry) {
        int at = (int) entry & table.length - 1;
        while (table[at] != 0 && table[at] != entry) {
            at = at + 1 & table.length - 1;
        }
        return at;
    }

    private static long[] grown(long[] table) {
        long[] larger = new long[Math.max(FIRST_SLOTS, 2 * table.length)];
        for (long entry : table) {
            if (entry != 0) {
                larger[slot(larger, entry)] = entry;
            }
        }
        return larger;
    }

    int size() {
        return newerCount + olderCount;
    }

    /** Memory held, in entries that would fit. */
    int slots() {
        return newer.length + older.length;
    }
}
