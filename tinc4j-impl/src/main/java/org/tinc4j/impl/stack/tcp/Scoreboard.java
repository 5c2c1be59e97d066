package org.tinc4j.impl.stack.tcp;

/**
 * What was sent and is not acknowledged: by position, and by time sent what is still in flight.
 *
 * <p>An entry is a whole super-segment until an acknowledgment or a loss divides it, so a clean path has few entries however fast it is.
 * Neighbours the peer holds are joined again.
 *
 * <p><b>Units and shapes.</b> Bytes. In flight = sent - sacked - lost.
 *
 * <p><b>Source.</b> RFC 6675 sections 2 to 4 (scoreboard, Update), RFC 8985 section 6.1 (what is kept for each segment), RFC 2018 sections
 * 5 and 8.
 */
final class Scoreboard {

    /** Told of all that arrived at the peer, once each. */
    interface Observer {
        /** Borrows a range that was in flight, or counted as lost, until this acknowledgment. */
        void delivered(SentRange range);
    }

    /** A send buffer of 4 MiB in segments of 1 KiB; SACK edges beyond that are left out, which costs retransmissions but no memory. */
    private static final int MAX_RANGES = 4096;
    /** Entries kept for reuse. */
    private static final int MAX_FREE = 64;

    private SentRange head;
    private SentRange tail;
    private SentRange oldest;
    private SentRange newest;
    private SentRange free;
    private SentRange lostHint;
    private int freeCount;
    private int count;
    private int sentBytes;
    private int sackedBytes;
    private int lostBytes;

    boolean isEmpty() {
        return head == null;
    }

    /** Whether another range may be sent. */
    boolean hasRoom() {
        return count < MAX_RANGES;
    }

    int inFlightBytes() {
        return sentBytes - sackedBytes - lostBytes;
    }

    int sackedBytes() {
        return sackedBytes;
    }

    int lostBytes() {
        return lostBytes;
    }

    /** The range at SND.UNA. */
    SentRange first() {
        return head;
    }

    /** The range that ends at SND.NXT. */
    SentRange last() {
        return tail;
    }

    /** First of those in flight by time sent. */
    SentRange oldest() {
        return oldest;
    }

    /** New data went out. */
    void sent(long start, long end, long nowNanos) {
        sentBytes += (int) (end - start);
        if (tail != null && tail.sentNanos == nowNanos && !tail.retransmitted && !tail.sacked && !tail.lost) {
            tail.end = end;
            return;
        }
        SentRange range = take();
        range.start = start;
        range.end = end;
        range.sentNanos = nowNanos;
        range.previous = tail;
        if (tail == null) {
            head = range;
        } else {
            tail.next = range;
        }
        tail = range;
        appendByTime(range);
    }

    /** A range went out again. */
    void resent(SentRange range, long nowNanos) {
        if (range.lost) {
            range.lost = false;
            lostBytes -= range.bytes();
        } else {
            unlinkByTime(range);
        }
        range.retransmitted = true;
        range.sentNanos = nowNanos;
        appendByTime(range);
    }

    /** Cumulative acknowledgment. Returns the bytes this delivered that no SACK had reported. */
    int acknowledge(long upTo, Observer observer) {
        int delivered = 0;
        while (head != null && head.start < upTo) {
            SentRange range = head;
            if (range.end > upTo) {
                split(range, upTo);
            }
            if (!range.sacked) {
                delivered += range.bytes();
                observer.delivered(range);
            }
            removeHead();
        }
        return delivered;
    }

    /** Selective acknowledgment. Returns the bytes it newly reports. */
    int sack(long start, long end, Observer observer) {
        int delivered = 0;
        for (SentRange range = head; range != null && range.start < end; range = range.next) {
            if (range.sacked || range.end <= start) {
                continue;
            }
            boolean cutsFront = range.start < start;
            if (cutsFront || range.end > end) {
                if (!hasRoom()) {
                    continue;
                }
                split(range, cutsFront ? start : end);
                if (cutsFront) {
                    continue;
                }
            }
            delivered += range.bytes();
            observer.delivered(range);
            range = markSacked(range);
        }
        return delivered;
    }

    /** Counts a range as lost; it stays one range, to be sent again. */
    void markLost(SentRange range) {
        unlinkByTime(range);
        range.lost = true;
        lostBytes += range.bytes();
        if (lostHint == null || range.start < lostHint.start) {
            lostHint = range;
        }
    }

    /**
     * Counts everything as lost, also what the peer reported: "After a retransmit timeout the data sender SHOULD turn off all of the SACKed
     * bits, since the timeout might indicate that the data receiver has reneged."
     */
    void markAllLost() {
        for (SentRange range = head; range != null; range = range.next) {
            if (!range.sacked && !range.lost) {
                unlinkByTime(range);
            }
            range.sacked = false;
            range.lost = true;
        }
        sackedBytes = 0;
        lostBytes = sentBytes;
        lostHint = head;
    }

    /** The lost range with the lowest position, null if none is lost. */
    SentRange firstLost() {
        if (lostBytes == 0) {
            lostHint = null;
            return null;
        }
        while (!lostHint.lost) {
            lostHint = lostHint.next;
        }
        return lostHint;
    }

    /** Divides a range; the given one keeps what lies below. */
    void split(SentRange range, long at) {
        SentRange upper = take();
        upper.start = at;
        upper.end = range.end;
        upper.sentNanos = range.sentNanos;
        upper.retransmitted = range.retransmitted;
        upper.sacked = range.sacked;
        upper.lost = range.lost;
        range.end = at;
        upper.previous = range;
        upper.next = range.next;
        if (range.next == null) {
            tail = upper;
        } else {
            range.next.previous = upper;
        }
        range.next = upper;
        if (!range.sacked && !range.lost) {
            upper.older = range;
            upper.newer = range.newer;
            if (range.newer == null) {
                newest = upper;
            } else {
                range.newer.older = upper;
            }
            range.newer = upper;
        }
    }

    private SentRange markSacked(SentRange range) {
        if (range.lost) {
            range.lost = false;
            lostBytes -= range.bytes();
        } else {
            unlinkByTime(range);
        }
        range.sacked = true;
        sackedBytes += range.bytes();
        SentRange result = range;
        if (range.previous != null && range.previous.sacked) {
            result = range.previous;
            joinNext(result);
        }
        if (result.next != null && result.next.sacked) {
            joinNext(result);
        }
        return result;
    }

    private void joinNext(SentRange lower) {
        SentRange upper = lower.next;
        lower.end = upper.end;
        lower.next = upper.next;
        if (upper.next == null) {
            tail = lower;
        } else {
            upper.next.previous = lower;
        }
        if (lostHint == upper) {
            lostHint = lower;
        }
        give(upper);
    }

    private void removeHead() {
        SentRange range = head;
        int bytes = range.bytes();
        sentBytes -= bytes;
        if (range.sacked) {
            sackedBytes -= bytes;
        } else if (range.lost) {
            lostBytes -= bytes;
        } else {
            unlinkByTime(range);
        }
        head = range.next;
        if (head == null) {
            tail = null;
        } else {
            head.previous = null;
        }
        if (lostHint == range) {
            lostHint = head;
        }
        give(range);
    }

    private void appendByTime(SentRange range) {
        range.older = newest;
        range.newer = null;
        if (newest == null) {
            oldest = range;
        } else {
            newest.newer = range;
        }
        newest = range;
    }

    private void unlinkByTime(SentRange range) {
        if (range.older == null) {
            oldest = range.newer;
        } else {
            range.older.newer = range.newer;
        }
        if (range.newer == null) {
            newest = range.older;
        } else {
            range.newer.older = range.older;
        }
        range.older = null;
        range.newer = null;
    }

    private SentRange take() {
        count++;
        SentRange range = free;
        if (range == null) {
            return new SentRange();
        }
        free = range.next;
        freeCount--;
        range.next = null;
        range.retransmitted = false;
        range.sacked = false;
        range.lost = false;
        return range;
    }

    private void give(SentRange range) {
        count--;
        range.previous = null;
        range.older = null;
        range.newer = null;
        if (freeCount < MAX_FREE) {
            range.next = free;
            free = range;
            freeCount++;
        } else {
            range.next = null;
        }
    }
}
