package org.tinc4j.impl.stack.tcp;

/**
 * Finds out that full-sized segments vanish on the path and no ICMP tells.
 *
 * <pre>
 * three timeouts in a row of a full-sized segment -> a smaller piece of it goes out
 *     it is acknowledged, and then a full-sized one is not  -> segments are of the smaller size from now on
 *     both are acknowledged                                 -> the path was down for a while, and nothing changes
 * </pre>
 *
 * <p><b>Source.</b> RFC 2923 section 2.1 for the problem; RFC 4821, of which this is the part that needs no probes.
 */
final class BlackHole {

    /** As many as Linux takes before it thinks of the path: tcp_retries1. */
    private static final int TIMEOUTS = 3;

    /** Data and options in an IPv6 packet of 1280 bytes, which every link of IPv6 carries, and in an IPv4 packet of 576. */
    private static final int[] SEGMENT_BYTES = {1220, 536};

    private final int leastSegmentBytes;
    private long trialStart = -1;

    BlackHole(Flow flow) {
        leastSegmentBytes = flow.leastMtuBytes() - flow.headerBytes();
    }

    /**
     * The retransmission timer expired.
     *
     * @param times how often in a row
     * @return how much of the first range is to be sent
     */
    int timeout(SendSide send, int times) {
        int mss = send.mss();
        int smaller = smallerThan(send.segmentBytes());
        if (send.board().first().bytes() < mss || smaller == 0) {
            return mss;
        }
        if (trialStart >= 0 && send.una() > trialStart) {
            boolean smallOnly = send.una() <= trialStart + mss;
            trialStart = -1;
            if (smallOnly) {
                send.shrinkSegments(smaller);
                return send.mss();
            }
        }
        if (times < TIMEOUTS) {
            return mss;
        }
        trialStart = send.una();
        return mss - (send.segmentBytes() - smaller);
    }

    private int smallerThan(int segmentBytes) {
        for (int size : SEGMENT_BYTES) {
            if (size < segmentBytes && size >= leastSegmentBytes) {
                return size;
            }
        }
        return 0;
    }
}
