package org.tinc4j.impl.mesh;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** Floods already handled, by their whole text. Bounded in time and number. Confined to the control thread. */
final class SeenRequests {

    /** A mesh of 1000 nodes with 5 edges each, announced twice, fits; beyond it the oldest are forgotten first. */
    private static final int MAX_ENTRIES = 20_000;

    private record Entry(String text, long seenNanos) {}

    private final Set<String> texts = new HashSet<>();
    private final Deque<Entry> byAge = new ArrayDeque<>();
    private final long lifetimeNanos;

    SeenRequests(long lifetimeNanos) {
        this.lifetimeNanos = lifetimeNanos;
    }

    /** Whether it is here already; if not, it is from now on. */
    boolean seen(String text, long nowNanos) {
        while (!byAge.isEmpty()
                && (byAge.size() >= MAX_ENTRIES || nowNanos - byAge.getFirst().seenNanos() > lifetimeNanos)) {
            texts.remove(byAge.removeFirst().text());
        }
        if (!texts.add(text)) {
            return true;
        }
        byAge.addLast(new Entry(text, nowNanos));
        return false;
    }
}
