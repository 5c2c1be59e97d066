package org.tinc4j.impl.stack;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;
import org.tinc4j.spi.PacketDevice;

/**
 * Packets on their way from this host to the mesh, super-packets among them: written in place by whoever sends, taken in order by the
 * device's reader. Holds a bounded number of bytes, not of packets, in one block that grows as it is needed and is given back when it was
 * not for a while. Of data it holds less: see {@link SendTurns}.
 *
 * <pre>
 * | length | claimed | kind | headerBytes | segmentBytes | checksumStart | checksumOffset |  packet ... |  next ...     integers of 4 bytes
 * </pre>
 *
 * <p><b>Threads.</b> Any number may put, one takes, one gives turns.
 */
final class PacketRing {

    /** In all: data, a few thousand acknowledgments and datagrams. */
    private static final int MAX_BYTES = 8 << 20;
    /** What claims no room leaves that of data free, and what is lost where the ring is wrapped: a record lies in one piece. */
    private static final int MAX_UNCLAIMED_BYTES = MAX_BYTES - SendTurns.ROOM_BYTES - 4 * Packets.MAX_BYTES;
    private static final long IDLE_NANOS = 1_000_000_000L;

    private static final int FIRST_BYTES = 16 << 10;
    /** Before each packet. */
    static final int MARKS_BYTES = 28;
    private static final Segmentation[] KINDS = Segmentation.values();

    /** Writes a packet into its place. */
    @FunctionalInterface
    interface Content {
        /**
         * Called with the ring's lock held: it copies and does nothing else.
         *
         * @param memory of the ring, big-endian, to be left at its position and limit
         * @param at where the packet starts
         */
        void write(ByteBuffer memory, int at);
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final long idleNanos;

    // All guarded by lock.
    private final SendTurns turns = new SendTurns();
    private ByteBuffer memory = ByteBuffer.allocate(0);
    private int head;
    private int tail;
    /** Where the records end that lie before the head of the block; -1 while they lie in one piece. */
    private int wrapAt = -1;
    private int packets;
    private int waiting;
    private boolean closed;

    PacketRing() {
        this(IDLE_NANOS);
    }

    /**
     * An empty ring.
     *
     * @param idleNanos how long it keeps its memory for nothing
     */
    PacketRing(long idleNanos) {
        this.idleNanos = idleNanos;
    }

    /**
     * Claims room for data.
     *
     * @return false if there is none now: the sender is called when there is, see {@link #nextTurn}
     */
    boolean claim(SendTurns.Sender sender, int bytes) {
        lock.lock();
        try {
            return closed || turns.claim(sender, bytes);
        } finally {
            lock.unlock();
        }
    }

    /** Whether senders wait that {@link #nextTurn} should call now. Looked at after each {@link #take}, nobody is forgotten. */
    boolean turnsDue() {
        lock.lock();
        try {
            return turns.due();
        } finally {
            lock.unlock();
        }
    }

    /** The sender that is to be resumed next, null if none is. */
    SendTurns.Sender nextTurn() {
        lock.lock();
        try {
            return turns.next();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Puts a packet. Never waits.
     *
     * @param sender who claimed room for it; null if nobody did
     * @param length bytes
     * @param kind how it is to be cut
     * @param headerBytes headers that each piece repeats
     * @param segmentBytes payload of each piece
     * @param checksumStart from where the checksum is to be completed; -1 if it is complete
     * @param checksumOffset where it is stored, from there
     * @param content writes it
     * @return false if there is no room, or the ring is closed
     */
    boolean put(
            SendTurns.Sender sender,
            int length,
            Segmentation kind,
            int headerBytes,
            int segmentBytes,
            int checksumStart,
            int checksumOffset,
            Content content) {
        lock.lock();
        try {
            boolean claimed = sender != null && sender.claims();
            boolean crowded = !claimed && used() + length > MAX_UNCLAIMED_BYTES;
            int at = closed || crowded ? -1 : place(MARKS_BYTES + length);
            if (at < 0) {
                return false;
            }
            memory.putInt(at, length);
            memory.putInt(at + 8, kind.ordinal());
            memory.putInt(at + 12, headerBytes);
            memory.putInt(at + 16, segmentBytes);
            memory.putInt(at + 20, checksumStart);
            memory.putInt(at + 24, checksumOffset);
            content.write(memory, at + MARKS_BYTES);
            memory.putInt(at + 4, claimed ? turns.put(sender) : 0);
            tail = at + MARKS_BYTES + length;
            packets++;
            if (waiting > 0) {
                filled.signal();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Where a record of so many bytes goes; -1 if nowhere. */
    private int place(int bytes) {
        if (packets == 0) {
            head = 0;
            tail = 0;
            wrapAt = -1;
        }
        if (wrapAt >= 0) {
            return head - tail > bytes ? tail : grow(bytes);
        }
        if (memory.capacity() - tail >= bytes) {
            return tail;
        }
        if (head > bytes) {
            wrapAt = tail;
            tail = 0; // Already now: the content may fail to be written.
            return 0;
        }
        return grow(bytes);
    }

    private int used() {
        return packets == 0 ? 0 : wrapAt >= 0 ? wrapAt - head + tail : tail - head;
    }

    private int grow(int bytes) {
        int used = used();
        // At its largest it is only closed up, and copying 8 MiB for the next few packets costs more than they are worth.
        if (used + bytes > MAX_BYTES || memory.capacity() == MAX_BYTES) {
            return -1;
        }
        int capacity = Math.max(FIRST_BYTES, memory.capacity());
        while (capacity < used + bytes) {
            capacity *= 2;
        }
        ByteBuffer larger = ByteBuffer.allocate(Math.min(MAX_BYTES, capacity == memory.capacity() ? capacity * 2 : capacity));
        int first = wrapAt >= 0 ? wrapAt - head : tail - head;
        larger.put(0, memory, head, first);
        if (wrapAt >= 0) {
            larger.put(first, memory, 0, tail);
        }
        memory = larger;
        head = 0;
        tail = used;
        wrapAt = -1;
        return tail;
    }

    /** Whether a taker would have to wait. */
    boolean isEmpty() {
        lock.lock();
        try {
            return packets == 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a packet, then takes as many as there are and fit.
     *
     * @param batch borrowed; its first buffers are filled behind {@link PacketDevice#HEADROOM_BYTES}, its size is set
     * @return how many were too long for the largest buffer and are lost; -1 once the ring is closed
     */
    int take(PacketBatch batch) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (packets == 0 && !closed) {
                waiting++;
                try {
                    awaitPacket();
                } finally {
                    waiting--;
                }
            }
            batch.clear();
            int lost = closed ? -1 : 0;
            while (!closed && packets > 0 && batch.size() < batch.capacity()) {
                if (takeOne(batch)) {
                    continue;
                }
                if (batch.size() > 0) {
                    break; // The first buffers are the largest: the next batch has room for it.
                }
                skip();
                lost++;
            }
            return lost;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for one; if none comes for a while, without keeping memory for it. */
    private void awaitPacket() throws InterruptedException {
        if (memory.capacity() == 0) {
            filled.await();
        } else if (filled.awaitNanos(idleNanos) <= 0 && packets == 0) {
            memory = ByteBuffer.allocate(0);
        }
    }

    /** Bytes of memory it keeps. */
    int heldBytes() {
        lock.lock();
        try {
            return memory.capacity();
        } finally {
            lock.unlock();
        }
    }

    /** Takes the next packet into the next buffer; false, and it stays, if that is too small. */
    private boolean takeOne(PacketBatch batch) {
        if (head == wrapAt) {
            head = 0;
            wrapAt = -1;
        }
        int length = memory.getInt(head);
        PacketBuffer buffer = batch.get(batch.size());
        if (PacketDevice.HEADROOM_BYTES + length + PacketDevice.TAILROOM_BYTES > buffer.capacity()) {
            return false;
        }
        buffer.reset(PacketDevice.HEADROOM_BYTES, length);
        buffer.memory().put(PacketDevice.HEADROOM_BYTES, memory, head + MARKS_BYTES, length);
        Segmentation kind = KINDS[memory.getInt(head + 8)];
        if (kind != Segmentation.NONE) {
            buffer.segmented(kind, memory.getInt(head + 12), memory.getInt(head + 16));
        }
        if (memory.getInt(head + 20) >= 0) {
            buffer.checksumNeeded(memory.getInt(head + 20), memory.getInt(head + 24));
        }
        batch.size(batch.size() + 1);
        skip();
        return true;
    }

    private void skip() {
        turns.taken(memory.getInt(head + 4));
        head += MARKS_BYTES + memory.getInt(head);
        packets--;
    }

    /** Wakes the taker; what is there is thrown away, and nothing more is taken. */
    void close() {
        lock.lock();
        try {
            closed = true;
            packets = 0;
            memory = ByteBuffer.allocate(0);
            turns.close();
            filled.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
