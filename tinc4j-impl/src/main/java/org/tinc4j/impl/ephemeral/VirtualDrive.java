package org.tinc4j.impl.ephemeral;

import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.tinc4j.config.NodeSettings;
import org.tinc4j.impl.fabric.Host;
import org.tinc4j.impl.fabric.Timeline;

/** Runs the whole mesh on the thread that calls. Any thread, one at a time. */
final class VirtualDrive implements Drive {

    private final VirtualTime time = new VirtualTime();
    private final HostNames names;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean running; // guarded by lock

    VirtualDrive(HostNames names) {
        this.names = names;
    }

    VirtualTime time() {
        return time;
    }

    HostNames names() {
        return names;
    }

    @Override
    public Timeline timeline() {
        return time;
    }

    @Override
    public long elapsedNanos() {
        return time.nowNanos() - VirtualTime.START_NANOS;
    }

    @Override
    public void enter() {
        lock.lock();
    }

    @Override
    public void leave() {
        lock.unlock();
    }

    @Override
    public boolean runUntil(BooleanSupplier condition, Duration limit) {
        enter();
        try {
            if (running) {
                throw new IllegalStateException("in virtual time a listener, or a condition that is waited for, must not call what waits:"
                        + " time stands still until it returns");
            }
            running = true;
            try {
                long end = time.nowNanos() + Limits.nanos(limit);
                while (!condition.getAsBoolean()) {
                    if (!time.step(end)) {
                        return condition.getAsBoolean();
                    }
                }
                return true;
            } finally {
                running = false;
            }
        } finally {
            leave();
        }
    }

    @Override
    public <T> T ask(Supplier<T> question) {
        enter();
        try {
            return question.get();
        } finally {
            leave();
        }
    }

    @Override
    public void alter(Runnable change) {
        enter();
        try {
            change.run();
        } finally {
            leave();
        }
    }

    @Override
    public void open() {
        // Time stands still until somebody lets it pass.
    }

    @Override
    public Incarnation start(NodeSettings settings, Host host, long seed) throws IOException {
        enter();
        try {
            return new SteppedNode(settings, host, this, new SplittableRandom(seed));
        } finally {
            leave();
        }
    }

    @Override
    public void close() {
        enter();
        try {
            // Listeners still hear of the end, unless it is one of them that ends the mesh.
            while (!running && time.step(time.nowNanos())) {
                // The next one.
            }
            time.clear();
        } finally {
            leave();
        }
    }
}
