package org.tinc4j.impl.stack.tcp;

/**
 * The initial slow start: ends when the round trip grows, before the queue overflows.
 *
 * <p><b>Units and shapes.</b> Bytes.
 *
 * <p><b>Source.</b> RFC 9406 sections 4.2 and 4.3; RFC 5681 section 3.1.
 */
final class HyStart {

    private static final long MIN_RTT_THRESH_NANOS = 4_000_000L;
    private static final long MAX_RTT_THRESH_NANOS = 16_000_000L;
    private static final int MIN_RTT_DIVISOR = 8;
    private static final int N_RTT_SAMPLE = 8;
    private static final int CSS_GROWTH_DIVISOR = 4;
    private static final int CSS_ROUNDS = 5;
    /**
     * The limit L of what one acknowledgment may add. The RFC has 8 segments for senders without pacing; here an acknowledgment stands
     * for a super-segment, which leaves in one piece anyway.
     */
    private static final int MAX_GROWTH_BYTES = 64 << 10;

    private static final long INFINITE = Long.MAX_VALUE;

    private long windowEnd;
    private long lastRoundMin = INFINITE;
    private long currentRoundMin = INFINITE;
    private int samples;
    private boolean conservative;
    private long cssBaselineMin = INFINITE;
    private int cssRounds;
    private boolean over;

    /** Later slow starts are plain: "SHOULD use HyStart++ only for the initial slow start". */
    void end() {
        over = true;
    }

    /** What an acknowledgment of so many bytes adds to the congestion window. */
    int growth(int acked) {
        int growth = Math.min(acked, MAX_GROWTH_BYTES);
        return conservative && !over ? Math.max(1, growth / CSS_GROWTH_DIVISOR) : growth;
    }

    /**
     * An acknowledgment in slow start.
     *
     * @param una what is acknowledged
     * @param nxt what is sent
     * @param rttNanos measured by it, 0 if it measured nothing
     * @return whether slow start is over, at the window reached
     */
    boolean acknowledged(long una, long nxt, long rttNanos) {
        if (over) {
            return false;
        }
        if (rttNanos > 0) {
            currentRoundMin = Math.min(currentRoundMin, rttNanos);
            samples++;
            if (samples >= N_RTT_SAMPLE) {
                compare();
            }
        }
        if (una >= windowEnd) {
            windowEnd = nxt;
            return roundEnded();
        }
        return false;
    }

    private void compare() {
        if (conservative) {
            // "if (currentRoundMinRTT < cssBaselineMinRtt) cssBaselineMinRtt = infinity resume slow start including HyStart++"
            if (currentRoundMin < cssBaselineMin) {
                cssBaselineMin = INFINITE;
                conservative = false;
            }
        } else if (lastRoundMin != INFINITE) {
            long threshold = Math.max(MIN_RTT_THRESH_NANOS, Math.min(lastRoundMin / MIN_RTT_DIVISOR, MAX_RTT_THRESH_NANOS));
            // "if (currentRoundMinRTT >= (lastRoundMinRTT + RttThresh)) cssBaselineMinRtt = currentRoundMinRTT exit slow start and enter
            // CSS"
            if (currentRoundMin >= lastRoundMin + threshold) {
                cssBaselineMin = currentRoundMin;
                conservative = true;
                cssRounds = 0;
            }
        }
    }

    private boolean roundEnded() {
        lastRoundMin = currentRoundMin;
        currentRoundMin = INFINITE;
        samples = 0;
        // "If CSS_ROUNDS rounds are complete, enter congestion avoidance by setting the ssthresh to the current cwnd."
        if (conservative && ++cssRounds >= CSS_ROUNDS) {
            over = true;
            return true;
        }
        return false;
    }
}
