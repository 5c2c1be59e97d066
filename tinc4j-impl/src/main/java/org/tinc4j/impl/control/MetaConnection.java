package org.tinc4j.impl.control;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.tinc4j.impl.net.StreamConnection;

/**
 * The stream of one meta connection: a thread that reads, a thread that writes, and a bounded backlog between the control thread and
 * the second.
 *
 * <p>The reader may be four chunks ahead of the control thread, so a peer that floods is slowed down by TCP and not stored here.
 */
final class MetaConnection {

    /** What the reader and writer tell. */
    interface Events {

        /** Bytes came; {@code done} must be run once they are handled. */
        void received(int connection, byte[] bytes, int length, Runnable done) throws InterruptedException;

        /** The connection ended by itself. */
        void ended(int connection, String reason);
    }

    /** A few requests; a reader that waits holds no more, and most reads bring less. */
    private static final int MIN_CHUNK_BYTES = 1024;

    /** The next chunk is twice as large after one that was filled, up to this. */
    private static final int MAX_CHUNK_BYTES = 16 * 1024;
    private static final int CHUNKS_AHEAD = 4;

    /** A peer that takes nothing for so long is given up: the whole gossip of a mesh of 10 000 nodes fits. */
    private static final int MAX_BACKLOG_BYTES = 16 << 20;

    private final int id;
    private final StreamConnection stream;
    private final Events events;
    private final Semaphore ahead = new Semaphore(CHUNKS_AHEAD);
    private final AtomicInteger backlogBytes = new AtomicInteger();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<byte[]> backlog = new ArrayDeque<>(); // guarded by lock
    private boolean closing; // guarded by lock

    MetaConnection(int id, StreamConnection stream, Events events) {
        this.id = id;
        this.stream = stream;
        this.events = events;
    }

    InetSocketAddress remote() {
        return stream.remote();
    }

    InetSocketAddress local() {
        return stream.local();
    }

    int backlogBytes() {
        return backlogBytes.get();
    }

    /** Control thread: bytes to send. Never blocks. */
    void write(byte[] bytes) {
        lock.lock();
        try {
            if (closing) {
                return;
            }
            if (backlogBytes.addAndGet(bytes.length) > MAX_BACKLOG_BYTES) {
                closing = true;
                backlog.clear();
                stream.close();
            } else {
                backlog.add(bytes);
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Control thread: no more; what is in the backlog still leaves. */
    void close() {
        lock.lock();
        try {
            closing = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Ends both threads at once. */
    void abort() {
        close();
        stream.close();
    }

    /** The reader thread. */
    void read() {
        String reason = "closed by the peer";
        try {
            int chunkBytes = MIN_CHUNK_BYTES;
            while (true) {
                ahead.acquire();
                byte[] chunk = new byte[chunkBytes];
                int length = stream.read(chunk);
                if (length < 0) {
                    break;
                }
                chunkBytes = length == chunkBytes ? Math.min(2 * chunkBytes, MAX_CHUNK_BYTES) : MIN_CHUNK_BYTES;
                events.received(id, chunk, length, ahead::release);
            }
        } catch (IOException e) {
            reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        } catch (InterruptedException e) {
            reason = "the node is closing";
        }
        abort();
        events.ended(id, reason);
    }

    /** The writer thread. */
    void write() {
        try {
            for (byte[] bytes = next(); bytes != null; bytes = next()) {
                stream.write(bytes);
                backlogBytes.addAndGet(-bytes.length);
            }
        } catch (IOException e) {
            // The reader sees the same and tells it.
        } catch (InterruptedException e) {
            // The node is closing.
        }
        stream.close();
    }

    private byte[] next() throws InterruptedException {
        lock.lock();
        try {
            while (backlog.isEmpty() && !closing) {
                changed.await();
            }
            return backlog.poll();
        } finally {
            lock.unlock();
        }
    }
}
