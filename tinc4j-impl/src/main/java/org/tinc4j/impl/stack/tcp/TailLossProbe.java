package org.tinc4j.impl.stack.tcp;

/**
 * The probe that asks after the end of a flight, and what its answer says.
 *
 * <p><b>Source.</b> RFC 8985 section 7.
 */
final class TailLossProbe {

    /** "The actual value of TLP.max_ack_delay is implementation specific." */
    private static final long WORST_DELAYED_ACK_NANOS = 200_000_000L;
    /** "Else: PTO = 1 sec", without a round trip measured. */
    private static final long FIRST_PTO_NANOS = 1_000_000_000L;
    /** Below the granularity of the driver's timers a probe would race the acknowledgment. */
    private static final long LEAST_PTO_NANOS = 5_000_000L;

    private long endSeq = -1;
    private boolean retransmission;

    /** TLP_calc_PTO, before it is limited by the retransmission timeout. */
    static long delayNanos(RttEstimator rtt, boolean oneSegmentInFlight) {
        if (!rtt.hasSample()) {
            return FIRST_PTO_NANOS;
        }
        // "PTO = 2 * SRTT If FlightSize is one segment: PTO += TLP.max_ack_delay"
        long pto = Math.max(2 * rtt.srttNanos(), LEAST_PTO_NANOS);
        return oneSegmentInFlight ? pto + WORST_DELAYED_ACK_NANOS : pto;
    }

    /** Whether a probe is out. One is sent only if "there is no other previous loss probe still in flight". */
    boolean outstanding() {
        return endSeq >= 0;
    }

    void sent(long sndNxt, boolean isRetransmission) {
        endSeq = sndNxt;
        retransmission = isRetransmission;
    }

    void forget() {
        endSeq = -1;
    }

    /**
     * TLP_process_ack.
     *
     * @param ack the cumulative acknowledgment
     * @param duplicateReported whether a DSACK says the probe arrived beside what it repeated
     * @param plainDuplicate whether the acknowledgment moves nothing and reports nothing
     * @return whether the probe repaired a loss, which congestion control must hear of
     */
    boolean repaired(long ack, boolean duplicateReported, boolean plainDuplicate) {
        if (endSeq < 0 || ack < endSeq) {
            return false;
        }
        if (!retransmission || duplicateReported || ack == endSeq && plainDuplicate) {
            endSeq = -1;
            return false;
        }
        if (ack > endSeq) {
            endSeq = -1;
            return true;
        }
        return false;
    }
}
