package org.tinc4j.impl.stack.tcp;

/**
 * What an acceptable acknowledgment says about what was sent: arrived, lost, how long it took.
 *
 * <ol>
 *   <li>cumulative acknowledgment and SACK blocks go to the scoreboard; each range that arrived is shown to RACK
 *   <li>round trip
 *   <li>was the last reduction spurious; did a tail loss probe repair something
 *   <li>what is lost
 *   <li>congestion window and timers
 * </ol>
 *
 * <p><b>Source.</b> RFC 9293 section 3.10.7.4, RFC 2018, RFC 2883, RFC 6675, RFC 8985, RFC 6298, RFC 7323 section 4.1, RFC 3522 section
 * 3.2.
 */
final class Acknowledgments implements Scoreboard.Observer {

    /** An echo is the peer's claim. No path takes longer than the longest timeout. */
    private static final long LIKELY_RTT_NANOS = 60_000_000_000L;

    private final SendSide send;
    private final Timestamps timestamps;
    private final Rack rack;
    private final TailLossProbe probe;
    private final LossTimers timers;
    private final long[] blocks = new long[2 * TcpOptions.MAX_SACK_BLOCKS];
    private boolean sack;
    private long nowNanos;
    private int echo;
    private boolean hasEcho;
    private long rttNanos;

    Acknowledgments(SendSide send, Timestamps timestamps, Rack rack, TailLossProbe probe, LossTimers timers) {
        this.send = send;
        this.timestamps = timestamps;
        this.rack = rack;
        this.probe = probe;
        this.timers = timers;
    }

    void enableSack() {
        sack = true;
    }

    /**
     * Takes it in.
     *
     * @param segment borrowed
     * @param ack its acknowledgment as a position, from SND.UNA to SND.NXT
     * @param duplicate whether it moves nothing, carries nothing and leaves the window as it was
     */
    void process(TcpSegment segment, long ack, boolean duplicate, long now) {
        nowNanos = now;
        hasEcho = timestamps.enabled() && segment.options().timestamps() && segment.options().timestampEcho() != 0;
        echo = segment.options().timestampEcho();
        rttNanos = 0;
        Scoreboard board = send.board();
        CongestionControl congestion = send.congestion();
        int mss = send.mss();
        int acked = (int) (ack - send.una());
        boolean limited = send.wasLimitedAt(ack);
        boolean recovering = congestion.phase() != CongestionControl.Phase.OPEN;

        boolean spurious = acked > 0 && congestion.undoable() && settlesSpurious(board.first());
        int delivered = 0;
        if (acked > 0) {
            delivered = board.acknowledge(ack, this);
            send.acknowledgedTo(ack);
            send.rtt().progressed();
        }
        int sackBlocks = sack ? segment.options().sackBlocks() : 0;
        boolean dsack = sackBlocks > 0 && isDuplicateReport(segment.options(), ack);
        if (sackBlocks > 0) {
            delivered += takeBlocks(segment.options(), dsack, ack);
        }
        if (!sack) {
            delivered += countDuplicates(duplicate, acked, mss, recovering);
        }
        measure(acked);
        // What was sent only once came twice because the network repeated it, which says nothing about order.
        if (dsack && send.resent().overlaps(send.position(segment.options().sackLeft(0)), send.position(segment.options().sackRight(0)))) {
            rack.duplicateReported(send.next());
        }
        rack.acknowledged(send.una());
        if (spurious) {
            if (congestion.phase() == CongestionControl.Phase.RECOVERY) {
                rack.lossWasReordering();
            }
            congestion.undo();
            recovering = false;
        }
        if (probe.repaired(ack, dsack, duplicate && sackBlocks == 0)) {
            congestion.lossRepaired(send.una(), send.next(), mss);
        }
        boolean found = sack
                ? rack.detect(board, send.rtt(), recovering, mss, now)
                : send.duplicates().detect(board, recovering, acked > 0 && !board.isEmpty(), mss);
        if (found) {
            congestion.lossFound(send.una(), send.next(), send.pipe(), mss);
        }
        boolean ended = congestion.acknowledged(
                ack, send.next(), acked, delivered, send.pipe(), limited, mss, rttNanos, send.rtt().srttNanos(), now);
        if (ended) {
            rack.recoveryEnded();
            send.duplicates().forget();
        }
        timers.afterAck(acked > 0, sack, now);
    }

    @Override
    public void delivered(SentRange range) {
        boolean echoIsOlder = hasEcho && range.retransmitted && echo - timestamps.value(range.sentNanos) < 0;
        if (!range.retransmitted) {
            // Karn's algorithm: "RTT samples MUST NOT be made using segments that were retransmitted". The last sent of them measures best.
            long rtt = nowNanos - range.sentNanos;
            rttNanos = rttNanos == 0 ? Math.max(rtt, 1) : Math.min(rttNanos, Math.max(rtt, 1));
        }
        rack.delivered(range, echoIsOlder, send.rtt().minNanos(), nowNanos);
    }

    private void measure(int acked) {
        if (rttNanos == 0 && acked > 0 && hasEcho) {
            // "A TSecr value received in a segment MAY be used to update the averaged RTT measurement only if the segment advances the left
            // edge of the send window, i.e., SND.UNA is increased."
            long rtt = timestamps.sinceNanos(echo, nowNanos);
            rttNanos = rtt < 0 || rtt > LIKELY_RTT_NANOS ? 0 : Math.max(rtt, 1);
        }
        if (rttNanos > 0) {
            // RFC 7323 appendix G: "ExpectedSamples = ceiling(FlightSize / (SMSS * 2))"
            long flight = send.next() - send.una();
            send.rtt().sample(rttNanos, (int) Math.max(1, flight / (2L * send.mss())), nowNanos);
        }
    }

    /**
     * RFC 3522: "If the value of the Timestamp Echo Reply field of the acceptable ACK's Timestamps option is smaller than the value of
     * RetransmitTS", what was sent again had arrived the first time. Only the first acknowledgment of it can tell.
     */
    private boolean settlesSpurious(SentRange first) {
        if (!first.retransmitted || first.sentNanos - send.firstResentNanos() < 0) {
            return false;
        }
        send.congestion().settled();
        return hasEcho && echo - timestamps.value(send.firstResentNanos()) < 0;
    }

    private int countDuplicates(boolean duplicate, int acked, int mss, boolean recovering) {
        DuplicateAcks duplicates = send.duplicates();
        if (acked > 0) {
            duplicates.acknowledged(acked, mss, recovering);
        } else if (duplicate && !send.board().isEmpty()) {
            duplicates.duplicate();
            return mss;
        }
        return 0;
    }

    /** RFC 2883 section 4: the first block is below the acknowledgment, or within the second. */
    private boolean isDuplicateReport(TcpOptions options, long ack) {
        long left = send.position(options.sackLeft(0));
        long right = send.position(options.sackRight(0));
        if (left >= right) {
            return false;
        }
        if (right <= ack) {
            return true;
        }
        return options.sackBlocks() > 1
                && left >= send.position(options.sackLeft(1))
                && right <= send.position(options.sackRight(1));
    }

    private int takeBlocks(TcpOptions options, boolean dsack, long ack) {
        int count = 0;
        for (int i = dsack ? 1 : 0; i < options.sackBlocks(); i++) {
            long left = Math.max(send.position(options.sackLeft(i)), ack);
            long right = send.position(options.sackRight(i));
            // A block that ends beyond what was sent is a lie, or damage.
            if (left < right && right <= send.next()) {
                insert(count++, left, right);
            }
        }
        int delivered = 0;
        for (int i = 0; i < count; i++) {
            delivered += send.board().sack(blocks[2 * i], blocks[2 * i + 1], this);
        }
        return delivered;
    }

    /** In ascending order, or what one acknowledgment newly reports would look reordered. */
    private void insert(int count, long left, long right) {
        int at = count;
        while (at > 0 && blocks[2 * at - 2] > left) {
            blocks[2 * at] = blocks[2 * at - 2];
            blocks[2 * at + 1] = blocks[2 * at - 1];
            at--;
        }
        blocks[2 * at] = left;
        blocks[2 * at + 1] = right;
    }
}
