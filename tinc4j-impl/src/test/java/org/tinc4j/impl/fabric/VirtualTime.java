package org.tinc4j.impl.fabric;

import java.time.Duration;
import java.util.PriorityQueue;

/** The smallest timeline there is: a queue by time, then by order of the calls. */
final class VirtualTime implements Timeline {

    private record Event(long atNanos, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return atNanos != other.atNanos ? Long.compare(atNanos, other.atNanos) : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Event> queue = new PriorityQueue<>();
    private long nowNanos;
    private long events;

    @Override
    public long nowNanos() {
        return nowNanos;
    }

    @Override
    public void at(long atNanos, Runnable action) {
        if (atNanos < nowNanos) {
            throw new IllegalArgumentException("an event at " + atNanos + " ns, and it is " + nowNanos + " ns already");
        }
        queue.add(new Event(atNanos, events++, action));
    }

    /** Runs what is due up to a time from now, and then it is that time. */
    void advance(Duration time) {
        long untilNanos = nowNanos + time.toNanos();
        while (!queue.isEmpty() && queue.peek().atNanos <= untilNanos) {
            step();
        }
        nowNanos = untilNanos;
    }

    void advanceMillis(long millis) {
        advance(Duration.ofMillis(millis));
    }

    /** Runs until nothing is left to happen. */
    void runOut() {
        while (!queue.isEmpty()) {
            step();
        }
    }

    private void step() {
        Event event = queue.remove();
        nowNanos = event.atNanos;
        event.action.run();
    }

    long millis() {
        return nowNanos / 1_000_000;
    }

    long events() {
        return events;
    }

    int pending() {
        return queue.size();
    }
}
