package org.tinc4j.impl.control;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.tinc4j.event.TincEvent;
import org.tinc4j.event.TincListener;

/** Hands events to listeners, in order, one at a time, off the control thread. Any thread may emit. */
public final class EventStream {

    private static final int MAX_WAITING = 4096;

    private final List<TincListener> listeners = new CopyOnWriteArrayList<>();
    private final Executor executor;
    private final InstantSource clock;
    private final Logger log;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<TincEvent> waiting = new ArrayDeque<>(); // guarded by lock
    private long lost; // guarded by lock
    private boolean running; // guarded by lock

    /**
     * Without listeners.
     *
     * @param executor runs the listeners
     */
    public EventStream(List<TincListener> first, Executor executor, InstantSource clock, Logger log) {
        this.listeners.addAll(first);
        this.executor = executor;
        this.clock = clock;
        this.log = log;
    }

    public void add(TincListener listener) {
        listeners.add(listener);
    }

    public void remove(TincListener listener) {
        listeners.remove(listener);
    }

    /** Queues an event; never blocks. */
    public void emit(Function<Instant, TincEvent> event) {
        if (listeners.isEmpty()) {
            return;
        }
        boolean start;
        lock.lock();
        try {
            if (waiting.size() + (lost > 0 ? 1 : 0) >= MAX_WAITING) {
                lost++;
                return;
            }
            tellLost();
            waiting.add(event.apply(clock.instant()));
            start = !running;
            running = true;
        } finally {
            lock.unlock();
        }
        if (start) {
            try {
                executor.execute(this::drain);
            } catch (RuntimeException e) {
                // The embedder's executor; the next event tries it again.
                refused(e);
            }
        }
    }

    /** In the place where they are missing. Called with the lock held. */
    private void tellLost() {
        if (lost > 0) {
            waiting.add(new TincEvent.EventsLost(clock.instant(), lost));
            lost = 0;
        }
    }

    private void refused(RuntimeException e) {
        long count;
        lock.lock();
        try {
            running = false;
            for (TincEvent event : waiting) {
                lost += event instanceof TincEvent.EventsLost before ? before.count() : 1;
            }
            waiting.clear();
            count = lost;
        } finally {
            lock.unlock();
        }
        log.warn("{} events are lost so far: the callback executor refuses to run them: {}", count, e.toString());
    }

    private void drain() {
        for (TincEvent event = next(); event != null; event = next()) {
            for (TincListener listener : listeners) {
                try {
                    listener.onEvent(event);
                } catch (Throwable e) {
                    // Foreign code, and whatever it throws, an AssertionError too, must not end the stream for the others.
                    log.warn("listener {} failed on {}", listener.getClass().getName(), event, e);
                }
            }
        }
    }

    private TincEvent next() {
        lock.lock();
        try {
            if (waiting.isEmpty()) {
                tellLost();
            }
            TincEvent event = waiting.poll();
            running = event != null;
            return event;
        } finally {
            lock.unlock();
        }
    }
}
