package org.tinc4j.impl.ephemeral;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.tinc4j.testing.MeshTrace;
import org.tinc4j.testing.MeshTrace.Entry;
import org.tinc4j.testing.MeshTrace.Kind;

/** Keeps the latest of what happened in a mesh, and a digest of all of it. Any thread. */
final class Recorder {

    private final long seed;
    private final int capacity;
    private final LongSupplier elapsedNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Entry> latest = new ArrayDeque<>(); // guarded by lock
    private final MessageDigest digest; // guarded by lock
    private long total; // guarded by lock

    Recorder(long seed, int capacity, LongSupplier elapsedNanos) {
        this.seed = seed;
        this.capacity = capacity;
        this.elapsedNanos = elapsedNanos;
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-256", e);
        }
    }

    void record(Kind kind, String node, String peer, String what, String detail) {
        lock.lock();
        try {
            Entry entry = new Entry(Duration.ofNanos(elapsedNanos.getAsLong()), kind, node, peer, what, detail);
            total++;
            digest.update(entry.toString().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) '\n');
            if (capacity > 0) {
                if (latest.size() == capacity) {
                    latest.removeFirst();
                }
                latest.addLast(entry);
            }
        } finally {
            lock.unlock();
        }
    }

    MeshTrace snapshot() {
        lock.lock();
        try {
            byte[] sum = ((MessageDigest) digest.clone()).digest();
            return new MeshTrace(seed, total, HexFormat.of().formatHex(sum), List.copyOf(latest));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the SHA-256 of this Java runtime cannot be read while it goes on", e);
        } finally {
            lock.unlock();
        }
    }
}
