package org.tinc4j.impl.ephemeral;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
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

    /** A ring for each kind: datagrams are many, and must not push out what a test did. Guarded by lock. */
    private final Map<Kind, Deque<Numbered>> latest = new EnumMap<>(Kind.class);

    private final MessageDigest digest; // guarded by lock
    private long total; // guarded by lock

    private record Numbered(long number, Entry entry) {}

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
                Deque<Numbered> ring = latest.computeIfAbsent(kind, any -> new ArrayDeque<>());
                if (ring.size() == capacity) {
                    ring.removeFirst();
                }
                ring.addLast(new Numbered(total, entry));
            }
        } finally {
            lock.unlock();
        }
    }

    MeshTrace snapshot() {
        lock.lock();
        try {
            List<Entry> entries = latest.values().stream()
                    .flatMap(Deque::stream)
                    .sorted(Comparator.comparingLong(Numbered::number))
                    .map(Numbered::entry)
                    .toList();
            byte[] sum = ((MessageDigest) digest.clone()).digest();
            return new MeshTrace(seed, total, HexFormat.of().formatHex(sum), entries);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the SHA-256 of this Java runtime cannot be read while it goes on", e);
        } finally {
            lock.unlock();
        }
    }
}
