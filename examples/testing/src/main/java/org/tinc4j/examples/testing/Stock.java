package org.tinc4j.examples.testing;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What is left of a product, and who got the rest: the service's database, so it outlives the service. Any thread. */
public final class Stock {

    private final ConcurrentMap<String, Boolean> decisions = new ConcurrentHashMap<>();
    private final AtomicInteger left;

    /**
     * At the beginning.
     *
     * @param pieces how many there are
     */
    public Stock(int pieces) {
        this.left = new AtomicInteger(pieces);
    }

    /**
     * Takes one piece. Asked again for the same order, it takes none and decides as before.
     *
     * @param order names the order
     * @return whether the order has its piece
     */
    public boolean take(String order) {
        return decisions.computeIfAbsent(order, first -> left.getAndUpdate(pieces -> Math.max(0, pieces - 1)) > 0);
    }

    /**
     * What is left.
     *
     * @return pieces
     */
    public int left() {
        return left.get();
    }
}
