package org.tinc4j.testkit.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.tinc4j.NodeClosedException;
import org.tinc4j.spi.DeviceInfo;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketDevice;

/** A device whose packets are numbers of four bytes. */
final class QueueDevice implements PacketDevice {

    private static final int PATIENCE_SECONDS = 10;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Integer> readable = new ArrayList<>(); // guarded by lock
    private boolean waiting; // guarded by lock: the reader has dealt with everything
    private boolean closed; // guarded by lock
    private final BlockingQueue<Integer> written = new LinkedBlockingQueue<>();

    void put(int number) {
        lock.lock();
        try {
            readable.add(number);
            waiting = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the reader comes back for more than there is. */
    void awaitEmpty() throws InterruptedException {
        lock.lock();
        try {
            while (!waiting) {
                if (!changed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw new AssertionError(readable.size() + " packets are not read");
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** What was written, in its order. */
    List<Integer> take(int count) throws InterruptedException {
        List<Integer> numbers = new ArrayList<>();
        while (numbers.size() < count) {
            numbers.add(next());
        }
        return numbers;
    }

    /** What was written up to a number. */
    List<Integer> takeUntil(int last) throws InterruptedException {
        List<Integer> numbers = new ArrayList<>();
        do {
            numbers.add(next());
        } while (numbers.getLast() != last);
        return numbers;
    }

    private int next() throws InterruptedException {
        Integer number = written.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (number == null) {
            throw new AssertionError("nothing more was written");
        }
        return number;
    }

    @Override
    public DeviceInfo info() {
        return new DeviceInfo("queue", "queue0", 1500, "for a test");
    }

    @Override
    public int read(PacketBatch batch) throws NodeClosedException {
        lock.lock();
        try {
            while (readable.isEmpty()) {
                if (closed) {
                    throw new NodeClosedException("the device is closed");
                }
                waiting = true;
                changed.signalAll();
                changed.awaitUninterruptibly();
            }
            List<Integer> some = readable.subList(0, Math.min(batch.capacity(), readable.size()));
            batch.clear();
            for (int number : some) {
                batch.next().reset(HEADROOM_BYTES, Integer.BYTES);
                batch.get(batch.size() - 1).memory().putInt(HEADROOM_BYTES, number);
            }
            some.clear();
            return batch.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int write(PacketBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            written.add(batch.get(i).memory().getInt(batch.get(i).offset()));
        }
        return batch.size();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
