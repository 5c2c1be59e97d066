package org.tinc4j.impl.stack.tcp;

/**
 * Bytes that were sent together and not yet acknowledged: a super-segment, or what acknowledgments left of one. An entry of the
 * {@link Scoreboard}, which alone changes it.
 */
final class SentRange {

    /** First position. */
    long start;
    /** Behind the last position. */
    long end;
    /** When it was last sent. */
    long sentNanos;
    /** Whether it was sent more than once. */
    boolean retransmitted;
    /** Whether the peer reported it by SACK. */
    boolean sacked;
    /** Whether it counts as lost and waits to be sent again. */
    boolean lost;

    /** Neighbours by position. */
    SentRange previous;

    SentRange next;

    /** Neighbours by time sent, among those that are neither sacked nor lost. */
    SentRange older;

    SentRange newer;

    int bytes() {
        return (int) (end - start);
    }
}
