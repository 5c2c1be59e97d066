package org.tinc4j.impl.stack.tcp;

/**
 * Finds losses by time: what was sent long enough before something that arrived is lost.
 *
 * <p><b>Source.</b> RFC 8985 section 6; the names in comments are its own.
 */
final class Rack {

    /** DupThresh of RFC 6675: three duplicates, as RFC 5681 section 3.2 counts them. */
    private static final int DUP_THRESH = 3;
    /** "RACK persists using the inflated RACK.reo_wnd for up to 16 loss recoveries". */
    private static final int PERSIST_RECOVERIES = 16;

    private boolean valid;
    private long xmitNanos;
    private long end;
    private long rttNanos;
    private long fack;
    private boolean reorderingSeen;
    private int reoWndMult = 1;
    private int reoWndPersist;
    private long dsackRound = -1;
    private long reorderNanos;

    /**
     * Steps 2 and 3 for one range that arrived.
     *
     * @param range what arrived
     * @param echoIsOlder whether the acknowledgment echoes a timestamp from before the range was last sent
     * @param minRttNanos RACK.min_RTT
     * @param nowNanos now
     */
    void delivered(SentRange range, boolean echoIsOlder, long minRttNanos, long nowNanos) {
        if (range.end > fack) {
            fack = range.end;
        } else if (range.end < fack && !range.retransmitted) {
            // "Else if Segment.end_seq < RACK.fack AND Segment.retransmitted is FALSE: RACK.reordering_seen = TRUE"
            reorderingSeen = true;
        }
        long rtt = nowNanos - range.sentNanos;
        // "If Segment.retransmitted is TRUE: If ACK.ts_option.echo_reply < Segment.xmit_ts: Continue If rtt < RACK.min_rtt: Continue"
        if (range.retransmitted && (echoIsOlder || rtt < minRttNanos)) {
            return;
        }
        rttNanos = rtt;
        if (!valid || sentAfter(range.sentNanos, range.end, xmitNanos, end)) {
            valid = true;
            xmitNanos = range.sentNanos;
            end = range.end;
        }
    }

    /**
     * What was taken for lost only came late. The RFC infers reordering from "a never-retransmitted segment" alone, as acknowledgments of
     * others are ambiguous. But where each that is late by more than three others is sent again, none is left that were not; and here the
     * timestamp says which of the two arrived.
     */
    void lossWasReordering() {
        reorderingSeen = true;
    }

    /** Step 4: the peer says it got something twice. */
    void duplicateReported(long sndNxt) {
        if (dsackRound < 0) {
            dsackRound = sndNxt;
            reoWndMult++;
            reoWndPersist = PERSIST_RECOVERIES;
        }
    }

    /** Step 4: SND.UNA moved. */
    void acknowledged(long sndUna) {
        if (dsackRound >= 0 && sndUna >= dsackRound) {
            dsackRound = -1;
        }
    }

    /** Step 4: "Else if exiting Fast or RTO recovery". */
    void recoveryEnded() {
        if (reoWndPersist > 0 && --reoWndPersist == 0) {
            reoWndMult = 1;
        }
    }

    /**
     * Step 5: marks what is lost.
     *
     * @param inRecovery whether fast or timeout recovery is going on
     * @return whether anything was marked
     */
    boolean detect(Scoreboard board, RttEstimator rtt, boolean inRecovery, int mss, long nowNanos) {
        reorderNanos = 0;
        if (!valid) {
            return false;
        }
        long window = reorderWindowNanos(board, rtt, inRecovery, mss);
        boolean found = false;
        SentRange range = board.oldest();
        while (range != null && sentAfter(xmitNanos, end, range.sentNanos, range.end)) {
            SentRange newer = range.newer;
            long remaining = rttNanos + window - (nowNanos - range.sentNanos);
            if (remaining <= 0) {
                board.markLost(range);
                found = true;
            } else {
                // "timeout = max(remaining, timeout)"
                reorderNanos = Math.max(reorderNanos, remaining);
            }
            range = newer;
        }
        return found;
    }

    /** After {@link #detect}: how long until those not marked yet are lost, 0 if there are none. */
    long reorderNanos() {
        return reorderNanos;
    }

    /** Section 6.3: what a retransmission timeout says about the ranges in flight. */
    void timeout(Scoreboard board, long minRttNanos, long nowNanos) {
        SentRange first = board.first();
        SentRange range = board.oldest();
        while (range != null) {
            SentRange newer = range.newer;
            // "If SEG.SEQ == SND.UNA OR Segment.xmit_ts + RACK.rtt + RACK.reo_wnd - Now() <= 0: Segment.lost = TRUE"
            boolean overdue = rttNanos + minRttNanos / 4 * reoWndMult - (nowNanos - range.sentNanos) <= 0;
            if (range == first || overdue) {
                board.markLost(range);
            }
            range = newer;
        }
    }

    private long reorderWindowNanos(Scoreboard board, RttEstimator rtt, boolean inRecovery, int mss) {
        if (!reorderingSeen) {
            // "If in Fast or RTO recovery: Return 0 Else if RACK.segs_sacked >= DupThresh: Return 0"
            if (inRecovery || board.sackedBytes() > (DUP_THRESH - 1) * mss) {
                return 0;
            }
        }
        return Math.min(reoWndMult * rtt.minNanos() / 4, rtt.srttNanos());
    }

    private static boolean sentAfter(long sentA, long endA, long sentB, long endB) {
        return sentA == sentB ? endA > endB : sentA - sentB > 0;
    }
}
