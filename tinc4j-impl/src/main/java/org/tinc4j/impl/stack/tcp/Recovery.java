package org.tinc4j.impl.stack.tcp;

/**
 * What happens when a timer of the sender expires.
 *
 * <p><b>Source.</b> RFC 6298 section 5, RFC 8985 sections 6.2, 6.3, 7.3 and 8, RFC 9293 sections 3.8.1 and 3.8.6.1.
 */
final class Recovery {

    private final SendSide send;
    private final Rack rack;
    private final TailLossProbe probe;
    private final LossTimers timers;
    private final Transmitter transmitter;
    private final BlackHole blackHole;
    private boolean sack;
    private long tailProbes;

    Recovery(SendSide send, Rack rack, TailLossProbe probe, LossTimers timers, Transmitter transmitter, BlackHole blackHole) {
        this.send = send;
        this.rack = rack;
        this.probe = probe;
        this.timers = timers;
        this.transmitter = transmitter;
        this.blackHole = blackHole;
    }

    void enableSack() {
        sack = true;
    }

    long tailProbes() {
        return tailProbes;
    }

    /** Returns false if the peer has been silent for so long that the connection is to be given up. */
    boolean onDeadline(long nowNanos, SegmentSink out) {
        if (timers.reorderPassed(nowNanos)) {
            reordered(nowNanos);
        }
        if (timers.timeoutPassed(nowNanos)) {
            if (timers.givenUp(nowNanos)) {
                return false;
            }
            timeout(nowNanos, out);
        }
        if (timers.probePassed(nowNanos)) {
            boolean newData = transmitter.sendProbe(nowNanos, out);
            probe.sent(send.next(), !newData);
            timers.probeSent(nowNanos);
            tailProbes++;
        }
        if (timers.persistPassed(nowNanos)) {
            if (timers.givenUp(nowNanos)) {
                return false;
            }
            transmitter.persist(nowNanos, out);
        }
        return true;
    }

    private void reordered(long nowNanos) {
        CongestionControl congestion = send.congestion();
        boolean recovering = congestion.phase() != CongestionControl.Phase.OPEN;
        if (rack.detect(send.board(), send.rtt(), recovering, send.mss(), nowNanos)) {
            congestion.lossFound(send.una(), send.next(), send.pipe(), send.mss());
            congestion.pipeShrank(send.pipe(), send.mss());
        }
        timers.reordered(nowNanos);
    }

    private void timeout(long nowNanos, SegmentSink out) {
        Scoreboard board = send.board();
        send.rtt().backOff();
        probe.forget();
        send.duplicates().forget();
        if (!sack || board.first().sacked) {
            board.markAllLost();
        } else {
            rack.timeout(board, send.rtt().minNanos(), nowNanos);
        }
        send.congestion().timeout(send.una(), send.next(), send.mss());
        // "Retransmit the earliest segment that has not been acknowledged by the TCP receiver."
        transmitter.retransmitFirst(blackHole.timeout(send, send.rtt().expiries()), nowNanos, out);
    }
}
