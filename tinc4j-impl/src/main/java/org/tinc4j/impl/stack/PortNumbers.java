package org.tinc4j.impl.stack;

import java.net.BindException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/**
 * The ports of one protocol and who has them.
 *
 * <p><b>Threads.</b> Any.
 *
 * <p><b>Source.</b> RFC 6056 section 3.3.1, simple port randomization; RFC 6335 section 6 for the range.
 */
final class PortNumbers<T> {

    private static final int FIRST_EPHEMERAL = 49152;
    private static final int EPHEMERAL = 65536 - FIRST_EPHEMERAL;

    private final ConcurrentMap<Integer, T> bound = new ConcurrentHashMap<>();
    private final RandomGenerator random;

    /**
     * None bound.
     *
     * @param random unpredictable, and for any thread
     */
    PortNumbers(RandomGenerator random) {
        this.random = random;
    }

    /** Who has a port; null if nobody. */
    T at(int port) {
        return bound.get(port);
    }

    /** Whether nobody has one. */
    boolean isEmpty() {
        return bound.isEmpty();
    }

    /** Everybody who has one. */
    Iterable<T> all() {
        return bound.values();
    }

    /**
     * Gives somebody a port.
     *
     * @param port 0 is any free ephemeral one
     * @return the port
     * @throws BindException if it is taken, or none is free
     */
    int bind(int port, T owner) throws BindException {
        int found = port == 0 ? pick(candidate -> bound.putIfAbsent(candidate, owner) == null) : port;
        if (found < 0 || port != 0 && bound.putIfAbsent(port, owner) != null) {
            throw new BindException("Address already in use");
        }
        return found;
    }

    /** Hands a port on; false if the former owner does not have it any more. */
    boolean hand(int port, T from, T to) {
        return bound.replace(port, from, to);
    }

    /** Gives a port back. */
    void release(int port, T owner) {
        bound.remove(port, owner);
    }

    /** An ephemeral port nobody is bound to, and that the taker wants; -1 if there is none. */
    int pick(IntPredicate taker) {
        int start = random.nextInt(EPHEMERAL);
        for (int i = 0; i < EPHEMERAL; i++) {
            int port = FIRST_EPHEMERAL + (start + i) % EPHEMERAL;
            if (!bound.containsKey(port) && taker.test(port)) {
                return port;
            }
        }
        return -1;
    }
}
