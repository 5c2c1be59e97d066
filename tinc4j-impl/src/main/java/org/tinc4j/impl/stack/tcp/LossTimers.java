package org.tinc4j.impl.stack.tcp;

/**
 * When to look again at what was sent: retransmission timeout, and before it a probe or the end of a reordering window; or, with nothing on
 * the way, at a closed window.
 *
 * <p><b>Source.</b> RFC 6298 section 5, RFC 8985 sections 7.2 and 8, RFC 9293 section 3.8.6.1.
 */
final class LossTimers {

    private static final long MAX_PERSIST_NANOS = 60_000_000_000L;
    private static final int MAX_PERSIST_SHIFT = 16;

    private final SendSide send;
    private final Rack rack;
    private final TailLossProbe probe;
    private final long userTimeoutNanos;
    private long rtoNanos = Deadlines.NEVER;
    private long reorderNanos = Deadlines.NEVER;
    private long probeNanos = Deadlines.NEVER;
    private long persistNanos = Deadlines.NEVER;
    private int persistTimes;
    private long progressNanos;

    LossTimers(SendSide send, Rack rack, TailLossProbe probe, long userTimeoutNanos) {
        this.send = send;
        this.rack = rack;
        this.probe = probe;
        this.userTimeoutNanos = userTimeoutNanos;
    }

    long nextDeadlineNanos() {
        return Deadlines.earlier(Deadlines.earlier(timeoutNanos(), reorderNanos), Deadlines.earlier(probeNanos, persistNanos));
    }

    /**
     * The retransmission timeout, unless something less drastic is due before it. RFC 8985 section 8: "When arming a RACK reordering timer
     * or TLP PTO timer, the sender SHOULD cancel any other pending timers."
     */
    private long timeoutNanos() {
        return reorderNanos == Deadlines.NEVER && probeNanos == Deadlines.NEVER ? rtoNanos : Deadlines.NEVER;
    }

    /** "When an ACK is received that acknowledges new data, restart the retransmission timer"; when all is acknowledged, turn it off. */
    void afterAck(boolean progressed, boolean sack, long nowNanos) {
        if (progressed || persistNanos != Deadlines.NEVER) {
            progressNanos = nowNanos;
        }
        if (send.board().isEmpty()) {
            rtoNanos = Deadlines.NEVER;
            reorderNanos = Deadlines.NEVER;
            probeNanos = Deadlines.NEVER;
            return;
        }
        if (progressed) {
            restart(nowNanos);
        }
        armReorder(nowNanos);
        if (progressed || send.board().sackedBytes() > 0) {
            armProbe(sack, nowNanos);
        }
    }

    /** "Every time a packet containing data is sent ..., if the timer is not running, start it running". */
    void afterOutput(boolean newData, boolean windowClosed, boolean sack, long nowNanos) {
        if (!send.board().isEmpty()) {
            persistNanos = Deadlines.NEVER;
            if (rtoNanos == Deadlines.NEVER) {
                progressNanos = nowNanos;
                restart(nowNanos);
            }
            if (newData) {
                armProbe(sack, nowNanos);
            }
        } else if (!windowClosed) {
            persistNanos = Deadlines.NEVER;
        } else if (persistNanos == Deadlines.NEVER) {
            // "SHOULD send the first zero-window probe when a zero window has existed for the retransmission timeout period"
            progressNanos = nowNanos;
            persistTimes = 0;
            persistNanos = Deadlines.in(nowNanos, send.rtt().rtoNanos());
        }
    }

    /** Starts the retransmission timeout anew. It ends no later than the user timeout. */
    void restart(long nowNanos) {
        rtoNanos = Deadlines.earlier(
                Deadlines.in(nowNanos, send.rtt().rtoNanos()), Deadlines.in(progressNanos, userTimeoutNanos));
    }

    /** After losses were looked for: when those not yet overdue will be. */
    void armReorder(long nowNanos) {
        long delay = rack.reorderNanos();
        reorderNanos = delay > 0 ? Deadlines.in(nowNanos, delay) : Deadlines.NEVER;
        if (delay > 0) {
            probeNanos = Deadlines.NEVER;
        }
    }

    /** Wanted "unless it is already in fast recovery, RTO recovery, or segments have been SACKed". */
    private void armProbe(boolean sack, long nowNanos) {
        Scoreboard board = send.board();
        boolean wanted = sack
                && reorderNanos == Deadlines.NEVER
                && send.congestion().phase() == CongestionControl.Phase.OPEN
                && board.sackedBytes() == 0
                && !probe.outstanding();
        // "If Now() + PTO > TCP_RTO_expiration(): PTO = TCP_RTO_expiration() - Now()"
        long pto = Deadlines.in(nowNanos, TailLossProbe.delayNanos(send.rtt(), board.inFlightBytes() <= send.mss()));
        probeNanos = wanted ? Deadlines.earlier(pto, rtoNanos) : Deadlines.NEVER;
    }

    boolean reorderPassed(long nowNanos) {
        return Deadlines.passed(reorderNanos, nowNanos);
    }

    boolean probePassed(long nowNanos) {
        return Deadlines.passed(probeNanos, nowNanos);
    }

    boolean timeoutPassed(long nowNanos) {
        return Deadlines.passed(timeoutNanos(), nowNanos);
    }

    boolean persistPassed(long nowNanos) {
        return Deadlines.passed(persistNanos, nowNanos);
    }

    /** Whether nothing was heard for so long that the connection is given up. */
    boolean givenUp(long nowNanos) {
        return nowNanos - progressNanos >= userTimeoutNanos;
    }

    /** The reordering window is over: what was lost by it is on its way, and the timeout is that of what is in flight now. */
    void reordered(long nowNanos) {
        armReorder(nowNanos);
        restart(nowNanos);
    }

    void probeSent(long nowNanos) {
        probeNanos = Deadlines.NEVER;
        restart(nowNanos);
    }

    /** "increase exponentially the interval between successive probes". */
    void persisted(long nowNanos) {
        persistTimes = Math.min(persistTimes + 1, MAX_PERSIST_SHIFT);
        long delay = Math.min(send.rtt().baseRtoNanos() << persistTimes, MAX_PERSIST_NANOS);
        persistNanos = Deadlines.earlier(Deadlines.in(nowNanos, delay), Deadlines.in(progressNanos, userTimeoutNanos));
    }

    void stop() {
        rtoNanos = Deadlines.NEVER;
        reorderNanos = Deadlines.NEVER;
        probeNanos = Deadlines.NEVER;
        persistNanos = Deadlines.NEVER;
    }
}
