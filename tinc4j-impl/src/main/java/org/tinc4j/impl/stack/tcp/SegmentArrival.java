package org.tinc4j.impl.stack.tcp;

/**
 * What a segment does to a connection.
 *
 * <ol>
 *   <li>SYN_SENT has rules of its own
 *   <li>timestamp and sequence number: is it of now and of this connection
 *   <li>RST, SYN
 *   <li>ACK: of our SYN, of data, of our FIN; the window
 *   <li>data
 *   <li>FIN
 * </ol>
 *
 * <p><b>Source.</b> RFC 9293 sections 3.10.7.3 and 3.10.7.4; RFC 5961 sections 3 to 5; RFC 7323 sections 3.2 and 5.3. Urgent data are data.
 */
final class SegmentArrival {

    private final TcpConnection connection;

    SegmentArrival(TcpConnection connection) {
        this.connection = connection;
    }

    void arrive(TcpSegment segment, long nowNanos, SegmentSink out) {
        switch (connection.state()) {
            case CLOSED -> {}
            case SYN_SENT -> synSent(segment, nowNanos, out);
            case SYN_RECEIVED, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT ->
                    otherStates(segment, nowNanos, out);
        }
    }

    private void synSent(TcpSegment segment, long nowNanos, SegmentSink out) {
        SendSide send = connection.send();
        boolean hasAck = segment.has(TcpFlags.ACK);
        // "If SEG.ACK =< ISS or SEG.ACK > SND.NXT, send a reset (unless the RST bit is set, ...) ... and discard the segment."
        if (hasAck && send.position(segment.ack()) != 1) {
            if (!segment.has(TcpFlags.RST)) {
                connection.writer().resetAt(segment.ack(), out);
            }
            return;
        }
        if (segment.has(TcpFlags.RST)) {
            // "If the ACK was acceptable, then signal to the user "error: connection reset" ... Otherwise (no ACK), drop the segment".
            if (hasAck) {
                connection.fail(TcpFailure.REFUSED, nowNanos);
            }
            return;
        }
        if (!segment.has(TcpFlags.SYN)) {
            return;
        }
        connection.synReceived(segment, nowNanos);
        if (!hasAck) {
            // "Otherwise, enter SYN-RECEIVED, form a SYN,ACK segment"
            connection.transition(TcpState.SYN_RECEIVED, nowNanos);
            connection.sendSyn(nowNanos, out);
            return;
        }
        connection.receive().window().offerUnscaled(1);
        connection.established(nowNanos);
        send.firstWindow(segment, 0);
        connection.keepAlive().heard(nowNanos);
        connection.receive().acks().atOnce();
        takeText(segment, nowNanos, out);
    }

    private void otherStates(TcpSegment segment, long nowNanos, SegmentSink out) {
        if (!isOfNow(segment, nowNanos, out)) {
            return;
        }
        ReceiveSide receive = connection.receive();
        if (segment.has(TcpFlags.RST)) {
            resetArrived(segment, nowNanos);
            if (connection.state() != TcpState.CLOSED && receive.position(segment.seq()) != receive.next()) {
                challenge(nowNanos, out);
            }
            return;
        }
        if (segment.has(TcpFlags.SYN)) {
            // RFC 5961: "If the SYN bit is set, irrespective of the sequence number, TCP MUST send an ACK"
            challenge(nowNanos, out);
            return;
        }
        if (!segment.has(TcpFlags.ACK) || !takeAck(segment, nowNanos, out)) {
            return;
        }
        if (connection.timestamps().enabled()) {
            connection.timestamps().received(segment.options().timestampValue(), receive.position(segment.seq()), nowNanos);
        }
        connection.keepAlive().heard(nowNanos);
        takeText(segment, nowNanos, out);
    }

    /** Timestamp and sequence number. */
    private boolean isOfNow(TcpSegment segment, long nowNanos, SegmentSink out) {
        ReceiveSide receive = connection.receive();
        Timestamps timestamps = connection.timestamps();
        boolean reset = segment.has(TcpFlags.RST);
        if (connection.state() == TcpState.SYN_RECEIVED && segment.has(TcpFlags.SYN) && receive.position(segment.seq()) == 0) {
            synAgain(segment, nowNanos, out);
            return false;
        }
        if (timestamps.enabled() && !reset && !segment.has(TcpFlags.SYN)) {
            // "If a non-<RST> segment is received without a TSopt, a TCP SHOULD silently drop the segment"
            if (!segment.options().timestamps()) {
                return false;
            }
            if (timestamps.isOld(segment.options().timestampValue(), nowNanos)) {
                refuse(segment, nowNanos, out);
                return false;
            }
        }
        if (!receive.acceptable(segment)) {
            // RFC 5961: a SYN is answered whatever its sequence number. "If an incoming segment is not acceptable, an acknowledgment
            // should be sent in reply (unless the RST bit is set, if so drop the segment and return)".
            if (!reset) {
                refuse(segment, nowNanos, out);
            }
            return false;
        }
        return true;
    }

    private void refuse(TcpSegment segment, long nowNanos, SegmentSink out) {
        connection.receive().duplicate(segment);
        if (connection.state() == TcpState.TIME_WAIT && segment.has(TcpFlags.FIN)) {
            // "The only thing that can arrive in this state is a retransmission of the remote FIN. Acknowledge it, and restart the 2 MSL
            // timeout."
            connection.transition(TcpState.TIME_WAIT, nowNanos);
        }
        if (segment.payloadLength() > 0) {
            // Data are never part of a loop of acknowledgments, and who sends them again waits for this one.
            connection.receive().acks().atOnce();
        } else {
            challenge(nowNanos, out);
        }
    }

    private void synAgain(TcpSegment segment, long nowNanos, SegmentSink out) {
        if (segment.has(TcpFlags.ACK)) {
            // Both opened: the peer has our SYN already, and needs our acknowledgment of its own.
            challenge(nowNanos, out);
        } else if (!segment.has(TcpFlags.RST) && connection.challenges().allows(nowNanos)) {
            connection.sendSyn(nowNanos, out);
        }
    }

    /**
     * RFC 5961: "If the RST bit is set and the sequence number exactly matches the next expected sequence number (RCV.NXT), then TCP MUST
     * reset the connection".
     */
    private void resetArrived(TcpSegment segment, long nowNanos) {
        ReceiveSide receive = connection.receive();
        if (receive.position(segment.seq()) != receive.next()) {
            return;
        }
        switch (connection.state()) {
            case SYN_RECEIVED -> connection.fail(TcpFailure.REFUSED, nowNanos);
            case ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT -> connection.fail(TcpFailure.RESET, nowNanos);
            // CLOSING, LAST-ACK, TIME-WAIT: "If the RST bit is set, then enter the CLOSED state"; what we sent may not have been read.
            case CLOSING, LAST_ACK -> connection.fail(TcpFailure.RESET, nowNanos);
            case TIME_WAIT -> connection.transition(TcpState.CLOSED, nowNanos);
            case SYN_SENT, CLOSED -> {}
        }
    }

    /** Returns false if the segment goes no further. */
    private boolean takeAck(TcpSegment segment, long nowNanos, SegmentSink out) {
        SendSide send = connection.send();
        long ack = send.position(segment.ack());
        long start = connection.receive().position(segment.seq());
        if (connection.state() == TcpState.SYN_RECEIVED) {
            // "If SND.UNA < SEG.ACK =< SND.NXT, then enter ESTABLISHED state"; else "form a reset segment <SEQ=SEG.ACK><CTL=RST> and send
            // it".
            if (ack != 1) {
                connection.writer().resetAt(segment.ack(), out);
                return false;
            }
            connection.established(nowNanos);
            send.firstWindow(segment, start);
        }
        // RFC 5961 in the words of RFC 9293: "the ACK value is acceptable only if it is in the range of ((SND.UNA - MAX.SND.WND) =<
        // SEG.ACK =< SND.NXT). All incoming segments whose ACK value doesn't satisfy the above condition MUST be discarded and an ACK sent
        // back."
        if (ack > send.next() || ack < send.una() - send.maxWindow()) {
            challenge(nowNanos, out);
            return false;
        }
        if (ack < send.una()) {
            return true;
        }
        boolean windowChanged = send.window(segment, start, ack);
        boolean duplicate = ack == send.una() && segment.length() == 0 && !windowChanged;
        connection.acknowledgments().process(segment, ack, duplicate, nowNanos);
        if (send.finAcknowledged()) {
            finAcknowledged(nowNanos);
        }
        return connection.state() != TcpState.CLOSED;
    }

    private void finAcknowledged(long nowNanos) {
        switch (connection.state()) {
            case FIN_WAIT_1 -> connection.transition(TcpState.FIN_WAIT_2, nowNanos);
            case CLOSING -> connection.transition(TcpState.TIME_WAIT, nowNanos);
            case LAST_ACK -> connection.transition(TcpState.CLOSED, nowNanos);
            case SYN_SENT, SYN_RECEIVED, ESTABLISHED, FIN_WAIT_2, CLOSE_WAIT, TIME_WAIT, CLOSED -> {}
        }
    }

    /** Data and FIN. */
    private void takeText(TcpSegment segment, long nowNanos, SegmentSink out) {
        ReceiveSide receive = connection.receive();
        if (segment.payloadLength() == 0 && !segment.has(TcpFlags.FIN)) {
            return;
        }
        if (!connection.state().receives()) {
            // "This should not occur since a FIN has been received from the remote side. Ignore the segment text."
            receive.acks().atOnce();
            return;
        }
        if (connection.applicationGone() && receive.position(segment.seq()) + segment.payloadLength() > receive.next()) {
            // "if new data is received after CLOSE is called, its TCP implementation SHOULD send a RST to show that data was lost"
            connection.reset(TcpFailure.ABORTED, nowNanos, out);
            return;
        }
        receive.onData(segment, connection.send().mss(), nowNanos);
        if (receive.finReached()) {
            finArrived(nowNanos);
        }
    }

    private void finArrived(long nowNanos) {
        switch (connection.state()) {
            case ESTABLISHED -> connection.transition(TcpState.CLOSE_WAIT, nowNanos);
            // "If our FIN has been ACKed (perhaps in this segment), then enter TIME-WAIT"; that was FIN_WAIT_2 before.
            case FIN_WAIT_1 -> connection.transition(TcpState.CLOSING, nowNanos);
            case FIN_WAIT_2 -> connection.transition(TcpState.TIME_WAIT, nowNanos);
            case SYN_SENT, SYN_RECEIVED, CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT, CLOSED -> {}
        }
    }

    private void challenge(long nowNanos, SegmentSink out) {
        if (connection.challenges().allows(nowNanos)) {
            connection.writer().ack(nowNanos, out);
        }
    }
}
