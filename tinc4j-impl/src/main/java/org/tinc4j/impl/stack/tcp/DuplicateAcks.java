package org.tinc4j.impl.stack.tcp;

/**
 * Finds losses for a peer without SACK.
 *
 * <p><b>Source.</b> RFC 5681 sections 2 and 3.2, RFC 6582 section 3.2.
 */
final class DuplicateAcks {

    private static final int THRESHOLD = 3;

    private int count;

    /** Bytes that the duplicates say have left the network. */
    int arrived(int mss) {
        return count * mss;
    }

    /** An acknowledgment that moves nothing. */
    void duplicate() {
        count++;
    }

    void forget() {
        count = 0;
    }

    /** SND.UNA moved by so many bytes: that many of the duplicates are accounted for. */
    void acknowledged(int bytes, int mss, boolean recovering) {
        count = recovering ? Math.max(0, count - Math.max(1, bytes / mss)) : 0;
    }

    /**
     * Marks what is lost: the first segment after three duplicates, and where "this is a partial ACK": "In this case, retransmit the
     * first unacknowledged segment."
     *
     * @param partial whether SND.UNA moved, in recovery, and not to its end
     * @return whether something was marked
     */
    boolean detect(Scoreboard board, boolean recovering, boolean partial, int mss) {
        SentRange first = board.first();
        if (first == null || first.lost || !(recovering ? partial : count >= THRESHOLD)) {
            return false;
        }
        if (first.bytes() > mss) {
            board.split(first, first.start + mss);
        }
        board.markLost(first);
        return true;
    }
}
