package org.tinc4j.testkit.wire;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.tinc4j.spi.BufferPool;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketDevice;

/**
 * One direction of a wire: what is read from one device is written to another when its time has come.
 *
 * <p>Two threads. One reads, decides what becomes of each packet, and notes when it is due; the other one waits for that. Packets that are
 * late are in a queue of their own, so each queue is in the order of time, and those that are not late never overtake each other.
 */
final class Lane {

    /** Packets on their way at once, most of them in the delay: 100 ms of 1 Gbit/s are 8300. */
    private static final int MOST = 1 << 14;

    private static final int BATCH = 64;

    /** A packet and when it is due. */
    private record Flying(PacketBuffer packet, long dueNanos) {}

    private final PacketDevice from;
    private final PacketDevice to;
    private final BufferPool pool;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition earlier = lock.newCondition();
    private final Deque<Flying> ordered = new ArrayDeque<>(); // guarded by lock
    private final Deque<Flying> overtaken = new ArrayDeque<>(); // guarded by lock
    private final Deque<PacketBuffer> free = new ArrayDeque<>(); // guarded by lock
    private int made; // guarded by lock: buffers that fly or are free
    // Guarded by lock, as LaneCounters has them.
    private long sent;
    private long lost;
    private long twice;
    private long late;
    private long overflowed;
    private long refused;
    private Conditions conditions = Conditions.PERFECT; // guarded by lock
    private SplittableRandom random = new SplittableRandom(); // guarded by lock

    Lane(PacketDevice from, PacketDevice to) {
        this.from = from;
        this.to = to;
        this.pool = new BufferPool(
                BufferPool.Memory.DIRECT, PacketDevice.HEADROOM_BYTES + from.info().mtuBytes() + PacketDevice.TAILROOM_BYTES);
    }

    /** For what is read from now on. The same seed has the same fate in store for packets that follow. */
    void conditions(Conditions newConditions, long seed) {
        lock.lock();
        try {
            conditions = newConditions;
            random = new SplittableRandom(seed);
        } finally {
            lock.unlock();
        }
    }

    LaneCounters counters() {
        lock.lock();
        try {
            return new LaneCounters(sent, lost, twice, late, overflowed, refused);
        } finally {
            lock.unlock();
        }
    }

    /** Reads until the device closes. */
    void readForEver() throws IOException {
        PacketBatch in = pool.batch(BATCH);
        while (true) {
            int count = from.read(in);
            long now = System.nanoTime();
            lock.lock();
            try {
                Flying first = next().peek();
                for (int i = 0; i < count; i++) {
                    depart(in, i, now);
                }
                if (next().peek() != first) {
                    earlier.signal();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** Every packet draws as many numbers, so that its fate does not depend on that of others. */
    private void depart(PacketBatch in, int index, long nowNanos) {
        boolean isLost = random.nextDouble() < conditions.lost();
        boolean isTwice = random.nextDouble() < conditions.twice();
        boolean isLate = random.nextDouble() < conditions.late();
        sent++;
        if (isLost) {
            lost++;
            return;
        }
        PacketBuffer packet = in.get(index);
        PacketBuffer spare = spare();
        if (spare == null) {
            overflowed++;
            return;
        }
        in.replace(index, spare);
        Deque<Flying> queue = isLate ? overtaken : ordered;
        long due = nowNanos + conditions.delay().toNanos() + (isLate ? conditions.lateness().toNanos() : 0);
        queue.add(new Flying(packet, due));
        if (isLate) {
            late++;
        }
        PacketBuffer copy = isTwice ? spare() : null;
        if (copy != null) {
            copy.reset(packet.offset(), packet.length());
            copy.memory().put(copy.offset(), packet.memory(), packet.offset(), packet.length());
            queue.add(new Flying(copy, due));
            twice++;
        }
    }

    /** A buffer for another packet, or null if too many are on their way. */
    private PacketBuffer spare() {
        if (free.isEmpty() && made < MOST) {
            PacketBatch more = pool.batch(BATCH);
            for (int i = 0; i < BATCH; i++) {
                free.add(more.get(i));
            }
            made += BATCH;
        }
        return free.poll();
    }

    /** Writes what is due until the device closes. */
    void writeForEver() throws IOException, InterruptedException {
        PacketBatch out = PacketBatch.lending(BATCH);
        while (true) {
            out.clear();
            lock.lock();
            try {
                awaitDue(out);
            } finally {
                lock.unlock();
            }
            int taken = to.write(out);
            lock.lock();
            try {
                for (int i = 0; i < out.size(); i++) {
                    free.push(out.get(i));
                }
                refused += out.size() - taken;
            } finally {
                lock.unlock();
            }
        }
    }

    private void awaitDue(PacketBatch out) throws InterruptedException {
        while (true) {
            Deque<Flying> next = next();
            if (next.isEmpty()) {
                earlier.await();
                continue;
            }
            long now = System.nanoTime();
            while (!next.isEmpty() && next.peek().dueNanos() - now <= 0 && out.lend(next.peek().packet())) {
                next.poll();
                next = next();
            }
            if (out.size() > 0) {
                return;
            }
            earlier.awaitNanos(next.peek().dueNanos() - now);
        }
    }

    /** The queue whose first packet is due first; an empty one if nothing flies. */
    private Deque<Flying> next() {
        if (overtaken.isEmpty() || !ordered.isEmpty() && ordered.peek().dueNanos() - overtaken.peek().dueNanos() <= 0) {
            return ordered;
        }
        return overtaken;
    }
}
