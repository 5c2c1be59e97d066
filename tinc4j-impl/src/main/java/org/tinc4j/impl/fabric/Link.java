package org.tinc4j.impl.fabric;

/** One direction between two hosts, as soon as there is something to remember of it. */
final class Link {

    /** Its own figures; null as long as those of all links count. */
    private LinkFigures own;

    private boolean cut;
    private int cuts;
    private long busyUntilNanos = Long.MIN_VALUE;

    LinkFigures own() {
        return own;
    }

    void own(LinkFigures figures) {
        own = figures;
    }

    boolean isCut() {
        return cut;
    }

    /** How often it was cut. What left at another count than it arrives at was under way when the link broke. */
    int cuts() {
        return cuts;
    }

    void cut() {
        if (!cut) {
            cut = true;
            cuts++;
        }
    }

    void heal() {
        cut = false;
    }

    /** How long the next bit has to wait until those before it have left. */
    long queueNanos(long nowNanos) {
        return busyUntilNanos == Long.MIN_VALUE ? 0 : Math.max(0, busyUntilNanos - nowNanos);
    }

    /** Queues a packet, and says when its last bit will have left. */
    long departureNanos(int ipBytes, long bitsPerSecond, long nowNanos) {
        busyUntilNanos = nowNanos + queueNanos(nowNanos) + ipBytes * 8L * 1_000_000_000L / bitsPerSecond;
        return busyUntilNanos;
    }
}
