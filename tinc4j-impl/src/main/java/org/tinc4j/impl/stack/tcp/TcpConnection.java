package org.tinc4j.impl.stack.tcp;

import java.util.Optional;

/**
 * One TCP connection, from SYN to CLOSED.
 *
 * <p>Its states and what leads from one to the other are those of RFC 9293; {@link SegmentArrival} decides what a segment does, this
 * class what the application and time do.
 *
 * <p><b>Threads.</b> Machine; confined to whoever calls it. A {@link SegmentSink} is called within the call it is passed to, and must not
 * call back.
 *
 * <p><b>Units and shapes.</b> Nanoseconds of one clock, which never runs backwards and may wrap.
 *
 * <p><b>Source.</b> RFC 9293 sections 3.3.2, 3.6, 3.9.1 and 3.10.
 */
public final class TcpConnection {

    /** A deadline that never comes. */
    public static final long NEVER = Deadlines.NEVER;

    /** How long an idle connection keeps memory for what it might send or receive next. */
    private static final long TRIM_NANOS = 1_000_000_000L;

    private final TcpSettings settings;
    private final Flow flow;
    private final Timestamps timestamps = new Timestamps();
    private final Rack rack = new Rack();
    private final TailLossProbe probe = new TailLossProbe();
    private final ChallengeLimit challenges = new ChallengeLimit();
    private final SegmentArrival arrival;
    private final SendSide send;
    private final ReceiveSide receive;
    private final SegmentWriter writer;
    private final LossTimers timers;
    private final Acknowledgments acknowledgments;
    private final Transmitter transmitter;
    private final Recovery recovery;
    private final Handshake handshake;
    private final KeepAlive keepAlive;
    private TcpState state;
    private TcpFailure failure;
    private boolean applicationGone;
    private long waitNanos = NEVER;
    private long trimNanos = NEVER;

    private TcpConnection(TcpSettings settings, Flow flow, TcpState state, int iss, long nowNanos) {
        this.settings = settings;
        this.flow = flow;
        this.state = state;
        send = new SendSide(settings, flow, iss);
        receive = new ReceiveSide(settings);
        writer = new SegmentWriter(this, send, receive, timestamps);
        timers = new LossTimers(send, rack, probe, settings.userTimeoutNanos());
        acknowledgments = new Acknowledgments(send, timestamps, rack, probe, timers);
        transmitter = new Transmitter(send, writer, timers, settings.noDelay());
        recovery = new Recovery(send, rack, probe, timers, transmitter, new BlackHole(flow));
        handshake = new Handshake(settings, flow, nowNanos);
        keepAlive = new KeepAlive(settings, nowNanos);
        arrival = new SegmentArrival(this);
        // Unpredictable as the initial sequence number is, and as little told by it.
        timestamps.start(Integer.reverse(iss) * 0x9e3779b1, nowNanos);
    }

    /** Active open: the SYN goes out. */
    public static TcpConnection connect(TcpSettings settings, Flow flow, int isn, long nowNanos, SegmentSink out) {
        TcpConnection connection = new TcpConnection(settings, flow, TcpState.SYN_SENT, isn, nowNanos);
        connection.send.synSent();
        connection.sendSyn(nowNanos, out);
        return connection;
    }

    /** Passive open by a SYN that came to a listener: the SYN-ACK goes out. */
    public static TcpConnection accept(TcpSettings settings, Flow flow, int isn, TcpSegment syn, long nowNanos, SegmentSink out) {
        TcpConnection connection = new TcpConnection(settings, flow, TcpState.SYN_RECEIVED, isn, nowNanos);
        connection.send.synSent();
        connection.synReceived(syn, nowNanos);
        connection.sendSyn(nowNanos, out);
        return connection;
    }

    /** Passive open by the ACK that answers a cookie. */
    public static TcpConnection acceptCookie(
            TcpSettings settings, Flow flow, TcpSegment ack, SynCookies.Options options, long nowNanos, SegmentSink out) {
        TcpConnection connection = new TcpConnection(settings, flow, TcpState.SYN_RECEIVED, ack.ack() - 1, nowNanos);
        connection.send.synSent();
        connection.receive.begin(ack.seq() - 1);
        connection.receive.window().offerUnscaled(1);
        connection.handshake.peer(options.mss(), options.windowShift(), options.sack(), options.timestamps());
        connection.receive.window().shift(Math.max(connection.handshake.offeredShift(), 0));
        if (options.timestamps()) {
            connection.timestamps.start(ack.options().timestampEcho(), nowNanos);
            connection.timestamps.enable(ack.options().timestampValue(), nowNanos);
        }
        connection.onSegment(ack, nowNanos, out);
        return connection;
    }

    /** What names it. */
    public Flow flow() {
        return flow;
    }

    /** Where it stands. */
    public TcpState state() {
        return state;
    }

    /** Why it is CLOSED; empty if both sides closed it, or it is not. */
    public Optional<TcpFailure> failure() {
        return Optional.ofNullable(failure);
    }

    // What comes from the network, and time.

    /** A segment of the flow. Borrows it. */
    public void onSegment(TcpSegment segment, long nowNanos, SegmentSink out) {
        arrival.arrive(segment, nowNanos, out);
        finish(nowNanos, out);
    }

    /** Earliest time {@link #onDeadline} wants to be called, {@link #NEVER} if no timer runs. Compare by difference. */
    public long nextDeadlineNanos() {
        long next = Deadlines.earlier(waitNanos, trimNanos);
        if (state == TcpState.SYN_SENT || state == TcpState.SYN_RECEIVED) {
            return Deadlines.earlier(next, handshake.deadlineNanos());
        }
        if (state.synchronised()) {
            next = Deadlines.earlier(next, Deadlines.earlier(timers.nextDeadlineNanos(), receive.acks().deadlineNanos()));
            next = Deadlines.earlier(next, state == TcpState.TIME_WAIT ? NEVER : keepAlive.deadlineNanos());
        }
        return next;
    }

    /** Time has passed. May be called at any time. */
    public void onDeadline(long nowNanos, SegmentSink out) {
        if (Deadlines.passed(waitNanos, nowNanos)) {
            transition(TcpState.CLOSED, nowNanos);
        }
        if (Deadlines.passed(trimNanos, nowNanos)) {
            trimNanos = NEVER;
            send.trim();
            receive.trim();
        }
        if ((state == TcpState.SYN_SENT || state == TcpState.SYN_RECEIVED) && Deadlines.passed(handshake.deadlineNanos(), nowNanos)) {
            repeatSyn(nowNanos, out);
        } else if (state.synchronised()) {
            receive.acks().onDeadline(nowNanos);
            if (!recovery.onDeadline(nowNanos, out) || !keepAlive(nowNanos, out)) {
                fail(TcpFailure.TIMED_OUT, nowNanos);
            }
        }
        finish(nowNanos, out);
    }

    /** What was sent to has room again, see {@link SegmentSink#admits}. */
    public void resume(long nowNanos, SegmentSink out) {
        finish(nowNanos, out);
    }

    /**
     * ICMP: a segment was too long for the path.
     *
     * @param mtuBytes what the path carries
     * @param seq sequence number of the segment quoted: one that is not on the way is a lie (RFC 5927 section 7)
     */
    public void onPathMtu(int mtuBytes, int seq, long nowNanos, SegmentSink out) {
        long quoted = send.position(seq);
        int segmentBytes = Math.max(mtuBytes, flow.leastMtuBytes()) - flow.headerBytes();
        if (!state.synchronised() || quoted < send.una() || quoted >= send.next() || segmentBytes >= send.segmentBytes()) {
            return;
        }
        // RFC 1191 section 6.4: a retransmission for this reason "should not change the congestion window".
        send.shrinkSegments(segmentBytes);
        finish(nowNanos, out);
    }

    /**
     * ICMP: the peer cannot be reached. Once connected that ends nothing: a hard error counts as a soft one (RFC 5927 section 5.2).
     *
     * @param seq sequence number of the segment quoted
     */
    public void onUnreachable(TcpFailure reason, int seq, long nowNanos) {
        if ((state == TcpState.SYN_SENT || state == TcpState.SYN_RECEIVED) && seq == send.seq(0)) {
            fail(reason, nowNanos);
        }
    }

    /**
     * Whether a SYN on this flow may begin a new connection in place of this one, which then is to be forgotten. RFC 9293 section
     * 3.10.7.4, RFC 6191 section 2.
     */
    public boolean yieldsTo(TcpSegment syn) {
        if (state != TcpState.TIME_WAIT || !syn.has(TcpFlags.SYN) || syn.has(TcpFlags.ACK | TcpFlags.RST)) {
            return false;
        }
        boolean newerSeq = syn.seq() - receive.ackField() >= 0;
        if (timestamps.enabled() && syn.options().timestamps()) {
            int ahead = syn.options().timestampValue() - timestamps.echo();
            return ahead > 0 || ahead == 0 && newerSeq;
        }
        return newerSeq;
    }

    // What comes from the application.

    /**
     * Takes bytes to send.
     *
     * @return how many were taken, 0 if the buffer is full
     * @throws IllegalStateException after {@link #shutdownOutput} or the end
     */
    public int write(byte[] data, int offset, int length, long nowNanos, SegmentSink out) {
        if (!state.mayWrite() || send.finQueued()) {
            throw new IllegalStateException("state=" + state + " does not take data; output is shut down or the connection is over");
        }
        int taken = send.write(data, offset, length);
        finish(nowNanos, out);
        return taken;
    }

    /** Gives bytes received: how many, 0 if there are none yet, -1 at the end. */
    public int read(byte[] data, int offset, int length, long nowNanos, SegmentSink out) {
        int given = receive.read(data, offset, length, send.rtt().minNanos(), nowNanos);
        if (given > 0 && state.receives() && receive.updateDue(send.mss())) {
            writer.ack(nowNanos, out);
        }
        return given;
    }

    /** Bytes waiting to be read. */
    public int readable() {
        return receive.readable();
    }

    /** Memory it holds for both directions, what waits behind a gap included. */
    public int heldBytes() {
        return (int) (send.heldBytes() + receive.heldBytes());
    }

    /** Whether a segment brings what is to come next, rather than something beyond a gap. */
    public boolean expects(TcpSegment segment) {
        return receive.position(segment.seq()) <= receive.next();
    }

    /** Whether the peer's FIN came and everything before it was read. */
    public boolean readEnded() {
        return receive.readEnded();
    }

    /** Room in the send buffer. */
    public int writable() {
        return send.writable();
    }

    /** Whether a writer that found the buffer full should try again: enough of it is free for a write to be worth it. */
    public boolean writeReady() {
        return send.wantsMore();
    }

    /** Bytes the peer has not acknowledged, FIN included. */
    public int unacknowledged() {
        return send.unacknowledged();
    }

    /** Half-close: FIN after the data. */
    public void shutdownOutput(long nowNanos, SegmentSink out) {
        if (!state.mayWrite() || send.finQueued()) {
            return;
        }
        send.queueFin();
        switch (state) {
            case ESTABLISHED -> transition(TcpState.FIN_WAIT_1, nowNanos);
            case CLOSE_WAIT -> transition(TcpState.LAST_ACK, nowNanos);
            // "queue for processing after entering ESTABLISHED state"
            case SYN_SENT, SYN_RECEIVED, FIN_WAIT_1, FIN_WAIT_2, CLOSING, LAST_ACK, TIME_WAIT, CLOSED -> {}
        }
        finish(nowNanos, out);
    }

    /**
     * The application is gone: FIN; or RST, if it leaves data unread, or more comes. "If such a host issues a CLOSE call while received
     * data is still pending in the TCP connection, ... its TCP implementation SHOULD send a RST to show that data was lost".
     */
    public void close(long nowNanos, SegmentSink out) {
        if (state == TcpState.CLOSED || applicationGone) {
            return;
        }
        if (state == TcpState.SYN_SENT) {
            fail(TcpFailure.ABORTED, nowNanos);
        } else if (receive.readable() > 0 && state != TcpState.TIME_WAIT) {
            reset(TcpFailure.ABORTED, nowNanos, out);
        } else {
            applicationGone = true;
            if (state == TcpState.FIN_WAIT_2) {
                waitNanos = Deadlines.in(nowNanos, settings.timeWaitNanos());
            }
            shutdownOutput(nowNanos, out);
        }
    }

    /** RST at once. */
    public void abort(SegmentSink out) {
        if (state != TcpState.CLOSED) {
            reset(TcpFailure.ABORTED, 0, out);
        }
    }

    /** TCP_NODELAY. What is held back stays so until the next event. */
    public void noDelay(boolean on) {
        transmitter.noDelay(on);
    }

    /** SO_KEEPALIVE with its intervals. */
    public void keepAlive(boolean on, long idleNanos, long intervalNanos, int count) {
        keepAlive.set(on, idleNanos, intervalNanos, count);
    }

    /** SO_RCVBUF: the receive buffer no longer grows by itself. At most what the window scale was chosen for. */
    public void receiveBuffer(int bytes) {
        receive.window().fix(bytes);
    }

    /** SO_SNDBUF: the send buffer no longer grows by itself. */
    public void sendBuffer(int bytes) {
        send.fixLimit(bytes);
    }

    /** What it measured and counted. */
    public TcpStatistics statistics() {
        CongestionControl congestion = send.congestion();
        return new TcpStatistics(
                send.rtt().srttNanos(),
                send.rtt().minNanos(),
                send.rtt().rtoNanos(),
                send.mss(),
                congestion.cwnd(),
                congestion.ssthresh(),
                send.pipe(),
                send.edge() - send.una(),
                receive.window().limit(),
                Math.max(0, send.una() - 1),
                Math.max(0, receive.next() - 1),
                send.retransmittedBytes(),
                congestion.recoveries(),
                congestion.timeouts(),
                recovery.tailProbes(),
                congestion.spurious(),
                send.heldBytes() + receive.heldBytes());
    }

    // For SegmentArrival.

    SendSide send() {
        return send;
    }

    ReceiveSide receive() {
        return receive;
    }

    Timestamps timestamps() {
        return timestamps;
    }

    SegmentWriter writer() {
        return writer;
    }

    Acknowledgments acknowledgments() {
        return acknowledgments;
    }

    ChallengeLimit challenges() {
        return challenges;
    }

    KeepAlive keepAlive() {
        return keepAlive;
    }

    boolean applicationGone() {
        return applicationGone;
    }

    /** The peer's SYN came. */
    void synReceived(TcpSegment syn, long nowNanos) {
        receive.begin(syn.seq());
        handshake.receive(syn.options());
        receive.window().shift(Math.max(handshake.offeredShift(), 0));
        if (syn.options().timestamps()) {
            timestamps.enable(syn.options().timestampValue(), nowNanos);
        }
    }

    void sendSyn(long nowNanos, SegmentSink out) {
        writer.syn(handshake, nowNanos, out);
        handshake.sent(send.rtt(), nowNanos);
    }

    /** Both SYNs are acknowledged: what they agreed on comes into force. */
    void established(long nowNanos) {
        handshake.done();
        int optionBytes = timestamps.enabled() ? TcpOptions.TIMESTAMPS_BYTES : 0;
        send.begin(handshake.peerMss(), handshake.localMss(), optionBytes, handshake.peerShift());
        if (handshake.offersSack()) {
            writer.enableSack();
            acknowledgments.enableSack();
            recovery.enableSack();
        }
        handshake.measure(send.rtt(), nowNanos);
        send.congestion().begin(send.mss(), handshake.repeated());
        transition(send.finQueued() ? TcpState.FIN_WAIT_1 : TcpState.ESTABLISHED, nowNanos);
    }

    void transition(TcpState next, long nowNanos) {
        state = next;
        if (next == TcpState.TIME_WAIT || next == TcpState.FIN_WAIT_2 && applicationGone) {
            timers.stop();
            waitNanos = Deadlines.in(nowNanos, settings.timeWaitNanos());
        } else if (next == TcpState.CLOSED) {
            timers.stop();
            send.discard();
            waitNanos = NEVER;
            trimNanos = NEVER;
        }
    }

    void fail(TcpFailure reason, long nowNanos) {
        failure = reason;
        transition(TcpState.CLOSED, nowNanos);
    }

    void reset(TcpFailure reason, long nowNanos, SegmentSink out) {
        if (state != TcpState.SYN_SENT && state != TcpState.TIME_WAIT) {
            writer.reset(out);
        }
        fail(reason, nowNanos);
    }

    private void repeatSyn(long nowNanos, SegmentSink out) {
        if (handshake.timedOut(nowNanos)) {
            fail(TcpFailure.TIMED_OUT, nowNanos);
            return;
        }
        send.rtt().backOff();
        sendSyn(nowNanos, out);
    }

    /** Returns false if the peer is dead. */
    private boolean keepAlive(long nowNanos, SegmentSink out) {
        if (state == TcpState.TIME_WAIT || !Deadlines.passed(keepAlive.deadlineNanos(), nowNanos)) {
            return true;
        }
        if (!send.board().isEmpty()) {
            // The retransmission timeout asks already.
            keepAlive.heard(nowNanos);
            return true;
        }
        if (keepAlive.exhausted()) {
            return false;
        }
        keepAlive.probed();
        writer.probe(nowNanos, out);
        return true;
    }

    /** What every event ends with: what may go out goes out, and what has to be acknowledged by itself is. */
    private void finish(long nowNanos, SegmentSink out) {
        if (state.transmits()) {
            transmitter.output(nowNanos, out);
        }
        if (state.synchronised() && receive.acks().due()) {
            writer.ack(nowNanos, out);
        }
        boolean mayTrim = state != TcpState.CLOSED && send.isEmpty() && receive.isEmpty() && send.heldBytes() + receive.heldBytes() > 0;
        trimNanos = mayTrim ? Deadlines.in(nowNanos, TRIM_NANOS) : NEVER;
    }
}
