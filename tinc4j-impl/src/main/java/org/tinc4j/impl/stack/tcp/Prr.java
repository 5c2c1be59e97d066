package org.tinc4j.impl.stack.tcp;

/**
 * How much may be sent during fast recovery: in proportion to what arrives, so that the window shrinks evenly and ends at its threshold.
 *
 * <p><b>Units and shapes.</b> Bytes.
 *
 * <p><b>Source.</b> RFC 6937 section 3, with the slow start reduction bound.
 */
final class Prr {

    private long delivered;
    private long out;
    private long recoverFlight;

    /** Recovery begins. "RecoverFS = snd.nxt-snd.una". */
    void begin(long flightBytes) {
        delivered = 0;
        out = 0;
        recoverFlight = Math.max(flightBytes, 1);
    }

    /** Something was sent, new or again. "prr_out += (data sent)". */
    void sent(int bytes) {
        out += bytes;
    }

    /**
     * An acknowledgment during recovery.
     *
     * @param newlyDelivered DeliveredData
     * @param pipe estimate of what is in flight
     * @return the window that lets out what may be sent now
     */
    int window(int newlyDelivered, int pipe, int ssthresh, int mss) {
        delivered += newlyDelivered;
        long sendCount;
        if (pipe > ssthresh) {
            // "sndcnt = CEIL(prr_delivered * ssthresh / RecoverFS) - prr_out"
            sendCount = (delivered * ssthresh + recoverFlight - 1) / recoverFlight - out;
        } else {
            // "limit = MAX(prr_delivered - prr_out, DeliveredData) + MSS", "sndcnt = MIN(ssthresh - pipe, limit)"; what delivers nothing
            // earns no MSS.
            long limit = Math.max(delivered - out, newlyDelivered) + (newlyDelivered > 0 ? mss : 0);
            sendCount = Math.min(ssthresh - pipe, limit);
        }
        // The fast retransmit itself is never withheld.
        if (out == 0) {
            sendCount = Math.max(sendCount, mss);
        }
        return pipe + (int) Math.max(sendCount, 0);
    }
}
