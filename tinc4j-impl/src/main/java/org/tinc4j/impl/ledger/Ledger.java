package org.tinc4j.impl.ledger;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What a node holds: threads, sockets, packet memory. Any thread. */
public final class Ledger {

    /** Frames enough to lead from the depths of the engine to the code of an embedder. */
    private static final int MAX_FRAMES = 24;

    private static final Ledger SILENT = new Ledger(false);

    private final boolean recording;
    private final Set<Held> held = ConcurrentHashMap.newKeySet();
    private final AtomicLong next = new AtomicLong();

    /**
     * One thing that is held.
     *
     * @param number in the order they were taken
     * @param kind thread, socket or packet memory
     * @param what which one
     * @param place where it was taken, innermost frame first
     */
    public record Held(long number, String kind, String what, List<String> place) {}

    /** Gives back what was taken. */
    @FunctionalInterface
    public interface Lease extends AutoCloseable {

        /** Idempotent. */
        @Override
        void close();
    }

    private Ledger(boolean recording) {
        this.recording = recording;
    }

    /** One that remembers nothing and costs nothing: production. */
    public static Ledger silent() {
        return SILENT;
    }

    /** One that remembers what was taken and where: tests. */
    public static Ledger recording() {
        return new Ledger(true);
    }

    /**
     * Something is taken.
     *
     * @param kind thread, socket or packet memory
     * @param what which one
     */
    public Lease take(String kind, String what) {
        if (!recording) {
            return () -> {};
        }
        List<String> place = StackWalker.getInstance().walk(frames -> frames
                .filter(frame -> !frame.getClassName().equals(Ledger.class.getName()))
                .limit(MAX_FRAMES)
                .map(StackWalker.StackFrame::toString)
                .toList());
        Held taken = new Held(next.incrementAndGet(), kind, what, place);
        held.add(taken);
        return () -> held.remove(taken);
    }

    /** What is not given back yet, in the order it was taken. */
    public List<Held> held() {
        return held.stream().sorted(Comparator.comparingLong(Held::number)).toList();
    }
}
