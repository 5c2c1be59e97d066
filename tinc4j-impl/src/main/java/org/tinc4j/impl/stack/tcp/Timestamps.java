package org.tinc4j.impl.stack.tcp;

/**
 * Our timestamp clock, and what of the peer's was seen last.
 *
 * <p><b>Units and shapes.</b> Ticks of a millisecond, within "1 ms to 1 sec per tick"; they start at a number of the connection's own.
 *
 * <p><b>Source.</b> RFC 7323 sections 3 to 5.
 */
final class Timestamps {

    private static final long TICK_NANOS = 1_000_000L;
    /** TS.Recent is not valid any more "when a connection is idle for more than 24 days". */
    private static final long RECENT_LIFE_NANOS = 24L * 86_400 * 1_000_000_000L;

    private boolean enabled;
    private int offset;
    private boolean hasRecent;
    private int recent;
    private long recentNanos;
    private long lastAckSent;

    /** Begins to count. */
    void start(int firstValue, long nowNanos) {
        offset = firstValue - ticks(nowNanos);
    }

    /**
     * Both sides sent the option in their SYN: "Once TSopt has been successfully negotiated, ... the TSopt MUST be sent in every
     * non-{@code <RST>} segment".
     */
    void enable(int peerValue, long nowNanos) {
        enabled = true;
        hasRecent = true;
        recent = peerValue;
        recentNanos = nowNanos;
    }

    boolean enabled() {
        return enabled;
    }

    /** TSval for a segment sent at a time. */
    int value(long nanos) {
        return ticks(nanos) + offset;
    }

    /** TSecr: TS.Recent. */
    int echo() {
        return recent;
    }

    /** Time since a value of ours that the peer echoes. */
    long sinceNanos(int echo, long nowNanos) {
        return (value(nowNanos) - echo) * TICK_NANOS;
    }

    /** PAWS: if "SEG.TSval < TS.Recent, TS.Recent is valid ..., then treat the arriving segment as not acceptable". */
    boolean isOld(int value, long nowNanos) {
        return hasRecent && value - recent < 0 && nowNanos - recentNanos < RECENT_LIFE_NANOS;
    }

    /** "If: SEG.TSval >= TS.Recent and SEG.SEQ <= Last.ACK.sent then SEG.TSval is copied to TS.Recent". */
    void received(int value, long start, long nowNanos) {
        if (value - recent >= 0 && start <= lastAckSent) {
            recent = value;
            recentNanos = nowNanos;
        }
    }

    /** "Last.ACK.sent holds the ACK field from the last segment sent". */
    void acknowledged(long position) {
        lastAckSent = position;
    }

    private static int ticks(long nanos) {
        return (int) Math.floorDiv(nanos, TICK_NANOS);
    }
}
