package org.tinc4j.impl.sptps;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.tinc4j.impl.crypto.Aead;
import org.tinc4j.impl.crypto.AeadKey;

/**
 * Seals and opens the datagrams of one session: its keys, the counter of its own numbers, the window over the peer's.
 *
 * <pre>
 * | seqno 4 | E( type 1 | data n ) | tag 16 |      n + 21 bytes, integers big-endian
 * </pre>
 *
 * <p>To open: numbers that are known to be old are refused before any cryptography; the tag is checked under the current incoming key,
 * then the next one (the peer may use it before its ACK arrives, which travels another way), then the previous one; last the window
 * remembers the number.
 *
 * <p><b>Threads.</b> {@link #seal}, {@link #open}, {@link #openInOrder} and the questions may be called by any number of threads at
 * once, each with an engine of its own. Methods that change keys belong to the session's thread. A key that is replaced is wiped; a
 * thread that had just fetched it notices and takes the new one.
 *
 * <p><b>Ownership.</b> Takes keys, borrows memory. Nothing is allocated for a datagram.
 *
 * <p><b>Source.</b> tinc SPTPS, "Datagram mode", "Rekey" and "Datagram mode: order and replay".
 */
public final class DatagramCipher {

    /** Bytes of a datagram that are not data: sequence number, type, tag. */
    public static final int OVERHEAD_BYTES = 21;
    /** Bytes before the data. */
    public static final int HEADER_BYTES = 5;

    /** Result of {@link #seal}: there is no outgoing key, or its numbers are used up. */
    public static final int NOT_SEALED = -1;

    /** Result of {@link #open}: no incoming key yields this tag. */
    public static final long BAD_TAG = -1;
    /** Result of {@link #open}: this number was received before. */
    public static final long REPLAYED = -2;
    /** Result of {@link #open}: the number is older than the window. */
    public static final long TOO_LATE = -3;
    /** Result of {@link #open}: the number is beyond the window ahead; some in a row, or a silence before, make it a jump. */
    public static final long FAR_FUTURE = -4;
    /** Result of {@link #open}: there is no incoming key yet, or no longer. */
    public static final long NO_KEY = -5;
    /** Result of {@link #open}: too short, too long, or of a record type that does not exist. */
    public static final long MALFORMED = -6;

    private static final int SEQNO_BYTES = 4;
    private static final int TYPE_BYTES = 1;
    private static final int MAX_DATA_BYTES = 0xffff;
    private static final int TYPE_SHIFT = 16;

    /** Numbers 0 and 1 were those of KEX and SIG, in clear text. */
    private static final int FIRST_SEALED_SEQNO = 2;
    /** Half of all numbers: at a million datagrams a second the rest lasts for half an hour. */
    private static final long RENEWAL_SEQNO = 1L << 31;
    /** Where sealing stops. The distance to 2^32 is more than threads can be on their way past the check. */
    private static final long SEQNO_LIMIT = (1L << 32) - (1L << 20);

    private static final VarHandle BIG_ENDIAN_INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    /** The keys a datagram may have been sealed with. */
    private record Incoming(AeadKey current, AeadKey next, AeadKey previous) {
        private static final Incoming NONE = new Incoming(null, null, null);

        private boolean isEmpty() {
            return current == null && next == null;
        }
    }

    /** Whether datagrams came in the order they were sealed in. */
    private enum Delivery {
        IN_ORDER,
        ANY_ORDER
    }

    private final AtomicLong nextSeqno;
    private volatile AeadKey outgoing;
    private volatile Incoming incoming = Incoming.NONE;

    private final ReentrantLock windowLock = new ReentrantLock();
    private final ReplayWindow window; // guarded by windowLock
    private long lastHandshakeSeqno = FIRST_SEALED_SEQNO - 1; // guarded by windowLock

    /** No number from this one on was received, or lately was: for a first look. Written by whoever holds windowLock. */
    private volatile long unseenFrom = FIRST_SEALED_SEQNO;

    /**
     * A cipher without keys, for one session.
     *
     * @param replayWindowBytes size of the replay window, eight datagrams a byte; tinc's default is 16, and 0 accepts replays
     */
    public DatagramCipher(int replayWindowBytes) {
        this(replayWindowBytes, FIRST_SEALED_SEQNO);
    }

    /** A cipher that has sealed as many datagrams already. */
    DatagramCipher(int replayWindowBytes, long nextSeqno) {
        this.window = new ReplayWindow(replayWindowBytes, FIRST_SEALED_SEQNO);
        this.nextSeqno = new AtomicLong(nextSeqno);
    }

    /**
     * Seals a record in place. The datagram then starts {@link #HEADER_BYTES} before the data and ends {@link Aead#TAG_BYTES} behind.
     *
     * @param engine engine of the calling thread
     * @param type record type, 0 to 128
     * @param memory heap or direct; written around the data, at absolute places
     * @param dataOffset first byte of the data, at least {@link #HEADER_BYTES}
     * @param dataLength bytes of data
     * @return bytes of the datagram, or {@link #NOT_SEALED}
     */
    public int seal(Aead engine, int type, ByteBuffer memory, int dataOffset, int dataLength) {
        for (AeadKey key = outgoing; key != null; key = outgoing) {
            if (nextSeqno.get() >= SEQNO_LIMIT) {
                return NOT_SEALED;
            }
            int seqno = (int) nextSeqno.getAndIncrement();
            BIG_ENDIAN_INT.set(memory, dataOffset - HEADER_BYTES, seqno);
            memory.put(dataOffset - TYPE_BYTES, (byte) type);
            if (sealWith(engine, key, seqno, memory, dataOffset - TYPE_BYTES, TYPE_BYTES + dataLength)) {
                return dataLength + OVERHEAD_BYTES;
            }
        }
        return NOT_SEALED;
    }

    /** False if the key was wiped since it was fetched: then there is a newer one, or the session is closed. */
    private static boolean sealWith(Aead engine, AeadKey key, int seqno, ByteBuffer memory, int offset, int length) {
        try {
            engine.seal(key, seqno, memory, offset, length);
            return true;
        } catch (IllegalStateException e) {
            if (key.isDestroyed()) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Opens a datagram in place. Its data then lies {@link #HEADER_BYTES} behind its start.
     *
     * @param engine engine of the calling thread
     * @param memory heap or direct; unchanged unless the tag is right
     * @param offset first byte of the datagram
     * @param length bytes of the datagram
     * @param nowNanos when it came, by a clock that only moves forward
     * @return {@code type << 16 | dataLength}, see {@link #typeOf} and {@link #dataLengthOf}; or one of the negative constants
     */
    public long open(Aead engine, ByteBuffer memory, int offset, int length, long nowNanos) {
        return open(engine, memory, offset, length, Delivery.ANY_ORDER, nowNanos);
    }

    /**
     * Opens a datagram that came over meta connections, which keep the order but are slower than the data beside them: a handshake
     * record is accepted also outside the window, as long as its number is above that of every handshake record before it. tinc has no
     * such rule. Without it no rekey succeeds while traffic moves the window on by more than its size in a round trip, or while much
     * of the traffic is lost.
     *
     * @param engine engine of the calling thread
     * @param memory heap or direct; unchanged unless the tag is right
     * @param offset first byte of the datagram
     * @param length bytes of the datagram
     * @return as of {@link #open}
     */
    public long openInOrder(Aead engine, ByteBuffer memory, int offset, int length) {
        return open(engine, memory, offset, length, Delivery.IN_ORDER, 0);
    }

    private long open(Aead engine, ByteBuffer memory, int offset, int length, Delivery delivery, long nowNanos) {
        if (length < OVERHEAD_BYTES || length > OVERHEAD_BYTES + MAX_DATA_BYTES) {
            return MALFORMED;
        }
        Incoming keys = incoming;
        if (keys.isEmpty()) {
            return NO_KEY;
        }
        int seqno = (int) BIG_ENDIAN_INT.get(memory, offset);
        ReplayWindow.Verdict foreseen = judge(seqno);
        if (foreseen == ReplayWindow.Verdict.REPLAYED
                || foreseen == ReplayWindow.Verdict.TOO_LATE && delivery == Delivery.ANY_ORDER) {
            return codeOf(foreseen);
        }
        int sealedLength = length - SEQNO_BYTES - Aead.TAG_BYTES;
        if (!openWith(engine, keys.current(), seqno, memory, offset + SEQNO_BYTES, sealedLength)
                && !openWith(engine, keys.next(), seqno, memory, offset + SEQNO_BYTES, sealedLength)
                && !openWith(engine, keys.previous(), seqno, memory, offset + SEQNO_BYTES, sealedLength)) {
            return BAD_TAG;
        }
        int type = memory.get(offset + SEQNO_BYTES) & 0xff;
        ReplayWindow.Verdict verdict = accept(seqno, type, delivery, nowNanos);
        if (verdict != ReplayWindow.Verdict.FRESH) {
            return codeOf(verdict);
        }
        return type > RecordType.HANDSHAKE ? MALFORMED : (long) type << TYPE_SHIFT | length - OVERHEAD_BYTES;
    }

    private static boolean openWith(Aead engine, AeadKey key, int seqno, ByteBuffer memory, int offset, int length) {
        if (key == null) {
            return false;
        }
        try {
            return engine.open(key, seqno, memory, offset, length);
        } catch (IllegalStateException e) {
            if (key.isDestroyed()) {
                return false;
            }
            throw e;
        }
    }

    private ReplayWindow.Verdict judge(int seqno) {
        if (Integer.toUnsignedLong(seqno) >= unseenFrom) {
            return ReplayWindow.Verdict.FRESH;
        }
        windowLock.lock();
        try {
            // A jump is believed after some far-future numbers in a row, but only authentic ones count: not for this look to decide.
            return window.judge(seqno);
        } finally {
            windowLock.unlock();
        }
    }

    private ReplayWindow.Verdict accept(int seqno, int type, Delivery delivery, long nowNanos) {
        long number = Integer.toUnsignedLong(seqno);
        windowLock.lock();
        try {
            ReplayWindow.Verdict verdict =
                    delivery == Delivery.ANY_ORDER ? window.accept(seqno, nowNanos) : window.accept(seqno);
            unseenFrom = window.expected();
            if (type != RecordType.HANDSHAKE) {
                return verdict;
            }
            // Handshake records make sense in their order only, so a number that is not above the last is never a fresh one.
            if (number <= lastHandshakeSeqno) {
                return ReplayWindow.Verdict.REPLAYED;
            }
            if (verdict == ReplayWindow.Verdict.FRESH
                    || verdict != ReplayWindow.Verdict.REPLAYED && delivery == Delivery.IN_ORDER) {
                lastHandshakeSeqno = number;
                return ReplayWindow.Verdict.FRESH;
            }
            return verdict;
        } finally {
            windowLock.unlock();
        }
    }

    private static long codeOf(ReplayWindow.Verdict verdict) {
        return switch (verdict) {
            case REPLAYED -> REPLAYED;
            case TOO_LATE -> TOO_LATE;
            case FAR_FUTURE -> FAR_FUTURE;
            case FRESH -> throw new IllegalArgumentException("a fresh number is no error");
        };
    }

    /**
     * The record type in a result of {@link #open}.
     *
     * @param opened a result that is not negative
     * @return 0 to 128
     */
    public static int typeOf(long opened) {
        return (int) (opened >> TYPE_SHIFT);
    }

    /**
     * The data length in a result of {@link #open}.
     *
     * @param opened a result that is not negative
     * @return bytes
     */
    public static int dataLengthOf(long opened) {
        return (int) opened & MAX_DATA_BYTES;
    }

    /**
     * What a negative result of {@link #open} means, for a log.
     *
     * @param code one of the negative constants
     * @return a few words
     */
    public static String describe(long code) {
        return switch ((int) code) {
            case (int) BAD_TAG -> "wrong tag under every key";
            case (int) REPLAYED -> "received before";
            case (int) TOO_LATE -> "older than the replay window";
            case (int) FAR_FUTURE -> "far ahead of the replay window";
            case (int) NO_KEY -> "no key yet";
            case (int) MALFORMED -> "no SPTPS datagram by its length or type";
            default -> throw new IllegalArgumentException(code + " is no failure");
        };
    }

    /**
     * Seals with this key from now on; the one before is wiped.
     *
     * @param key taken
     */
    public void outgoing(AeadKey key) {
        AeadKey old = outgoing;
        outgoing = key;
        destroy(old);
    }

    /**
     * Opens with this key too. It becomes the current one by {@link #promoteIncoming}.
     *
     * @param key taken
     */
    public void incomingNext(AeadKey key) {
        Incoming old = incoming;
        incoming = new Incoming(old.current(), key, old.previous());
        destroy(old.next());
    }

    /** The peer has switched: the next key becomes the current one, and the current one is kept as the previous. */
    public void promoteIncoming() {
        Incoming old = incoming;
        if (old.next() == null) {
            throw new IllegalStateException("there is no next incoming key to promote");
        }
        incoming = new Incoming(old.next(), null, old.current());
        destroy(old.previous());
    }

    /** No longer opens with the key before the current one. To be called some seconds after a rekey. */
    public void forgetPreviousIncoming() {
        Incoming old = incoming;
        incoming = new Incoming(old.current(), old.next(), null);
        destroy(old.previous());
    }

    /** Wipes all keys: nothing is sealed or opened from now on. */
    public void destroy() {
        AeadKey oldOutgoing = outgoing;
        Incoming old = incoming;
        outgoing = null;
        incoming = Incoming.NONE;
        destroy(oldOutgoing);
        destroy(old.current());
        destroy(old.next());
        destroy(old.previous());
    }

    private static void destroy(AeadKey key) {
        if (key != null) {
            key.destroy();
        }
    }

    /**
     * Whether {@link #seal} would seal.
     *
     * @return false without an outgoing key, and when its numbers are used up
     */
    public boolean canSeal() {
        return outgoing != null && nextSeqno.get() < SEQNO_LIMIT;
    }

    /**
     * Whether {@link #open} has a key to try.
     *
     * @return false before the handshake
     */
    public boolean canOpen() {
        return !incoming.isEmpty();
    }

    /**
     * Whether half of the sequence numbers of one direction are used up. What is due then is a new session: a rekey changes the keys but
     * lets the numbers go on.
     *
     * @return true from the 2^31st datagram on
     */
    public boolean renewalDue() {
        if (nextSeqno.get() >= RENEWAL_SEQNO) {
            return true;
        }
        windowLock.lock();
        try {
            return window.expected() >= RENEWAL_SEQNO;
        } finally {
            windowLock.unlock();
        }
    }
}
