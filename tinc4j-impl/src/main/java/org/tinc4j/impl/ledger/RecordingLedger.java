package org.tinc4j.impl.ledger;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** Remembers everything, with a stack walk for each. */
final class RecordingLedger implements Ledger {

    /** From the socket or thread up to what the embedder called. */
    private static final int MAX_FRAMES = 24;

    private static final Set<String> OWN = Set.of(Ledger.class.getName(), RecordingLedger.class.getName());

    private final AtomicLong taken = new AtomicLong();
    private final ConcurrentSkipListMap<Long, Held> held = new ConcurrentSkipListMap<>();

    @Override
    public Lease take(Kind kind, String what, long bytes) {
        List<StackWalker.StackFrame> place = StackWalker.getInstance().walk(frames -> frames
                .dropWhile(frame -> OWN.contains(frame.getClassName()))
                .limit(MAX_FRAMES)
                .toList());
        long number = taken.getAndIncrement();
        held.put(number, new Held(kind, what, bytes, place));
        return () -> held.remove(number);
    }

    @Override
    public List<Held> held() {
        return List.copyOf(held.values());
    }
}
