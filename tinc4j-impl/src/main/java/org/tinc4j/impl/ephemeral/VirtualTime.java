package org.tinc4j.impl.ephemeral;

import java.util.PriorityQueue;
import org.tinc4j.impl.fabric.Timeline;

/** A clock that jumps from event to event. Events of equal times happen in the order they were asked for. One thread at a time. */
final class VirtualTime implements Timeline {

    private record Event(long atNanos, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return atNanos != other.atNanos ? Long.compare(atNanos, other.atNanos) : Long.compare(order, other.order);
        }
    }

    /** Not zero, which looks too much like "never". */
    static final long START_NANOS = 1_000_000_000L;

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long nowNanos = START_NANOS;
    private long order;

    @Override
    public long nowNanos() {
        return nowNanos;
    }

    @Override
    public void at(long atNanos, Runnable action) {
        events.add(new Event(Math.max(atNanos, nowNanos), order++, action));
    }

    /**
     * Lets the next event happen, if it is due by then; else jumps there.
     *
     * @return whether an event happened
     */
    boolean step(long limitNanos) {
        Event next = events.peek();
        if (next == null || next.atNanos() > limitNanos) {
            nowNanos = Math.max(nowNanos, limitNanos);
            return false;
        }
        events.remove();
        nowNanos = next.atNanos();
        next.action().run();
        return true;
    }

    /** Forgets everything that was to happen. */
    void clear() {
        events.clear();
    }
}
