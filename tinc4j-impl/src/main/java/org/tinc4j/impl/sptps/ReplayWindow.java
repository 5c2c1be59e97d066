package org.tinc4j.impl.sptps;

import java.util.Arrays;

/**
 * Which sequence numbers of the peer were seen: a ring of bits behind the next expected number.
 *
 * <pre>
 *            expected - 8W            expected               expected + 8W
 *  too late      |  a bit for each number  |  accepted, bits of the gap set  |  far future: W/4 dropped, then a real jump
 * </pre>
 *
 * <p>Differs from tinc in two places. Numbers do not come round at 2^32, where tinc would start to take the same nonces again. And a number from
 * the far future is believed at once after a silence: what it would make late was lost long ago. TCP that lost a whole flight sends one segment
 * after 0.2, 0.4, 0.8 s and so on; where the first W/4 of them are dropped, a gap of milliseconds becomes a stall of many seconds.
 *
 * <p><b>Threads.</b> One thread, or a lock around it.
 *
 * <p><b>Source.</b> tinc SPTPS, "Datagram mode: order and replay".
 */
public final class ReplayWindow {

    /** What becomes of a number. */
    public enum Verdict {
        /** Not seen before. */
        FRESH,
        /** Seen before, or skipped by the window and never expected since. */
        REPLAYED,
        /** Older than the window. */
        TOO_LATE,
        /** Beyond the window ahead, and too few in a row to believe in a jump. */
        FAR_FUTURE
    }

    private static final int MAX_BYTES = 1 << 20;
    /** One in this many of the window's bytes is how many far-future numbers in a row are dropped. */
    private static final int FAR_FUTURE_SHARE = 4;

    /** Chosen: packets of one path overtake each other by less, and TCP waits about as long before it probes. */
    private static final long SILENCE_NANOS = 5_000_000;


    private final int sizeBytes;
    private final int sizeBits;
    /** Ring of bits, set for a number that is behind and was not received. */
    private final long[] missing;

    private long expected;
    private int farFuture;

    /** When a number was accepted last; before that, when the first authentic one came. */
    private long acceptedNanos;

    private boolean begun;

    /**
     * A window.
     *
     * @param sizeBytes its size; each byte covers eight numbers, and 0 switches the protection off
     * @param firstExpected the number of the first record
     */
    public ReplayWindow(int sizeBytes, int firstExpected) {
        if (sizeBytes < 0 || sizeBytes > MAX_BYTES) {
            throw new IllegalArgumentException("replay window of " + sizeBytes + " bytes is out of range; use 0 (none) to "
                    + MAX_BYTES);
        }
        this.sizeBytes = sizeBytes;
        this.sizeBits = sizeBytes * 8;
        this.missing = new long[(sizeBits + Long.SIZE - 1) / Long.SIZE];
        this.expected = Integer.toUnsignedLong(firstExpected);
    }

    /**
     * Judges a number without remembering it. Safe for a number nobody authenticated.
     *
     * @param seqno unsigned
     * @return what {@link #accept(int)} would say
     */
    public Verdict judge(int seqno) {
        return judge(seqno, false);
    }

    private Verdict judge(int seqno, boolean silence) {
        long number = Integer.toUnsignedLong(seqno);
        if (sizeBits == 0 || number == expected) {
            return Verdict.FRESH;
        }
        if (number >= expected + sizeBits) {
            return silence || farFuture >= sizeBytes / FAR_FUTURE_SHARE ? Verdict.FRESH : Verdict.FAR_FUTURE;
        }
        if (number > expected) {
            return Verdict.FRESH;
        }
        if (number < expected - sizeBits) {
            return Verdict.TOO_LATE;
        }
        return isMissing(place(number)) ? Verdict.FRESH : Verdict.REPLAYED;
    }

    /**
     * Judges the number of an authentic record, and remembers it.
     *
     * @param seqno unsigned
     * @param nowNanos of a clock that only moves forward
     * @return whether the record is to be delivered
     */
    public Verdict accept(int seqno, long nowNanos) {
        Verdict verdict = accept(seqno, begun && nowNanos - acceptedNanos >= SILENCE_NANOS);
        if (verdict == Verdict.FRESH || !begun) {
            begun = true;
            acceptedNanos = nowNanos;
        }
        return verdict;
    }

    /**
     * As {@link #accept(int, long)}, where nobody knows whether there was a silence.
     *
     * @param seqno unsigned
     * @return whether the record is to be delivered
     */
    public Verdict accept(int seqno) {
        return accept(seqno, false);
    }

    private Verdict accept(int seqno, boolean silence) {
        Verdict verdict = judge(seqno, silence);
        switch (verdict) {
            case FRESH -> remember(Integer.toUnsignedLong(seqno));
            case FAR_FUTURE -> farFuture++;
            case REPLAYED, TOO_LATE -> {
                // Nothing to remember: the window knows the number already.
            }
        }
        return verdict;
    }

    private void remember(long number) {
        if (sizeBits > 0) {
            if (number >= expected + sizeBits) {
                Arrays.fill(missing, -1L);
            } else {
                markMissing(expected, number);
            }
            int place = place(number);
            missing[place >> 6] &= ~(1L << place);
        }
        farFuture = 0;
        expected = Math.max(expected, number + 1);
    }

    private void markMissing(long from, long to) {
        int place = place(from);
        for (long number = from; number < to; number++) {
            missing[place >> 6] |= 1L << place;
            place = place + 1 == sizeBits ? 0 : place + 1;
        }
    }

    private int place(long number) {
        return (int) (number % sizeBits);
    }

    private boolean isMissing(int place) {
        return (missing[place >> 6] & 1L << place) != 0;
    }

    /**
     * The number after the highest one accepted.
     *
     * @return 0 to 2^32
     */
    public long expected() {
        return expected;
    }

    int farFuture() {
        return farFuture;
    }
}
