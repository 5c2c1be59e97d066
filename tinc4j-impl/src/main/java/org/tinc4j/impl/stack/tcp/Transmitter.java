package org.tinc4j.impl.stack.tcp;

/**
 * Decides what goes out now.
 *
 * <ol>
 *   <li>what is lost, as far as the congestion window lets it
 *   <li>new data, as far as both windows let it: in super-segments, and in less than full-sized segments only where that is not silly
 *   <li>FIN, with the last byte or alone
 * </ol>
 *
 * <p><b>Source.</b> RFC 9293 sections 3.7.4, 3.8.6.1, 3.8.6.2.1 and 3.9.1.2; RFC 5681 section 4.1.
 */
final class Transmitter {

    /** An IP packet is at most 65535 bytes, with at most 40 + 60 bytes of headers. */
    private static final int MAX_PAYLOAD_BYTES = 65535 - 100;
    /**
     * Waits for this part of the congestion window before sending less than a super-segment, while acknowledgments are due that open it.
     */
    private static final int BURST_DIVISOR = 8;
    /**
     * Data that fit less than a full-sized segment may go if they are this part of the peer's largest window: "Fs is a fraction whose
     * recommended value is 1/2".
     */
    private static final int FS_DIVISOR = 2;

    private final SendSide send;
    private final SegmentWriter writer;
    private final LossTimers timers;
    private boolean noDelay;
    private boolean windowClosed;
    private long smallEnd;
    private long lastSentNanos;
    private boolean sentOnce;

    Transmitter(SendSide send, SegmentWriter writer, LossTimers timers, boolean noDelay) {
        this.send = send;
        this.writer = writer;
        this.timers = timers;
        this.noDelay = noDelay;
    }

    void noDelay(boolean on) {
        noDelay = on;
    }

    /** Sends all that may go. */
    void output(long nowNanos, SegmentSink out) {
        boolean admitted = retransmit(nowNanos, out);
        long before = send.next();
        windowClosed = false;
        if (admitted && (send.unsent() > 0 || send.finUnsent())) {
            restartAfterIdle(nowNanos);
            while (sendNext(nowNanos, out)) {
                // One segment or super-segment each time.
            }
        }
        timers.afterOutput(send.next() > before, windowClosed, writer.sack(), nowNanos);
    }

    /** The first unacknowledged segment, or so much of it, whatever the windows say: a timeout. */
    void retransmitFirst(int mostBytes, long nowNanos, SegmentSink out) {
        SentRange first = send.board().first();
        resend(first, Math.min(first.bytes(), Math.min(mostBytes, writer.mss())), nowNanos, out);
    }

    /** The last segment sent: a probe. Returns whether it was new data. */
    boolean sendProbe(long nowNanos, SegmentSink out) {
        int mss = writer.mss();
        long room = send.edge() - send.next();
        // RFC 8985 section 7.3: "the sender SHOULD transmit a previously unsent data segment, if one exists and the receive window allows"
        if (send.unsent() > 0 && room > 0) {
            transmit((int) Math.min(Math.min(send.unsent(), mss), room), mss, nowNanos, out);
            return true;
        }
        SentRange last = send.board().last();
        if (last.bytes() > mss) {
            send.board().split(last, last.end - mss);
            last = last.next;
        }
        resend(last, last.bytes(), nowNanos, out);
        return false;
    }

    /** The window has been closed, or too small, for long. */
    void persist(long nowNanos, SegmentSink out) {
        int room = (int) Math.min(send.edge() - send.next(), Math.min(send.unsent(), writer.mss()));
        if (room > 0) {
            // "(4) or if the override timeout occurs": what fits is sent.
            transmit(room, writer.mss(), nowNanos, out);
            timers.afterOutput(true, false, writer.sack(), nowNanos);
        } else {
            writer.probe(nowNanos, out);
            timers.persisted(nowNanos);
        }
    }

    /** Returns false if something is left because the sink takes no more now. */
    private boolean retransmit(long nowNanos, SegmentSink out) {
        Scoreboard board = send.board();
        while (board.lostBytes() > 0) {
            SentRange range = board.firstLost();
            int mss = writer.mss();
            int pipe = send.pipe();
            int allowance = send.congestion().cwnd() - pipe;
            int bytes = Math.min(range.bytes(), superBytes(mss));
            if (allowance < Math.min(bytes, mss)) {
                if (pipe > 0) {
                    send.windowWasFull();
                    return true;
                }
                allowance = mss;
            }
            if (bytes > allowance) {
                bytes = allowance / mss * mss;
            }
            if (!out.admits(bytes)) {
                return false;
            }
            resend(range, bytes, nowNanos, out);
        }
        return true;
    }

    private void resend(SentRange range, int bytes, long nowNanos, SegmentSink out) {
        if (bytes < range.bytes()) {
            send.board().split(range, range.start + bytes);
        }
        if (range.start == send.una()) {
            // Else the timer would expire before the answer to this when the round trip is long and the loss was found late.
            timers.restart(nowNanos);
        }
        send.resent(range, nowNanos);
        emit(range.start, range.end, nowNanos, out);
    }

    /** "has not sent data in an interval exceeding the retransmission timeout": the congestion window no longer says anything. */
    private void restartAfterIdle(long nowNanos) {
        if (sentOnce && send.board().isEmpty() && nowNanos - lastSentNanos > send.rtt().rtoNanos()) {
            send.congestion().restart(send.mss());
        }
    }

    private boolean sendNext(long nowNanos, SegmentSink out) {
        long unsent = send.unsent();
        boolean fin = send.finUnsent();
        if (unsent == 0 && !fin || !send.board().hasRoom()) {
            return false;
        }
        int mss = writer.mss();
        long room = send.edge() - send.next();
        if (room <= 0) {
            windowClosed = true;
            return false;
        }
        int bytes = 0;
        if (unsent > 0) {
            bytes = sendable(unsent, room, fin, mss);
            if (bytes == 0 || !out.admits(bytes)) {
                return false;
            }
        }
        transmit(bytes, mss, nowNanos, out);
        return true;
    }

    /** How much of the data goes into the next segment, 0 if none may go now. */
    private int sendable(long unsent, long room, boolean fin, int mss) {
        int pipe = send.pipe();
        int allowance = Math.max(0, send.congestion().cwnd() - pipe);
        if (pipe == 0) {
            allowance = Math.max(allowance, mss);
        }
        int most = (int) Math.min(Math.min(unsent, room), Math.min(allowance, superBytes(mss)));
        if (most == unsent) {
            return holdTail(most, fin, mss);
        }
        if (most < mss) {
            if (room > allowance) {
                send.windowWasFull();
                return 0;
            }
            // Rule (3), "min(D,U) >= Fs * Max(SND.WND)"; else "sender's SWS avoidance": wait for the window, or the override timeout.
            if (room * FS_DIVISOR >= send.maxWindow()) {
                return most;
            }
            windowClosed = true;
            return 0;
        }
        if (allowance < Math.min(unsent, room)) {
            send.windowWasFull();
            boolean moreWillOpen = pipe > 0 && send.congestion().phase() == CongestionControl.Phase.OPEN;
            if (moreWillOpen && most < Math.min(superBytes(mss), send.congestion().cwnd() / BURST_DIVISOR)) {
                return 0;
            }
        }
        return most / mss * mss;
    }

    /**
     * Nagle's algorithm: "If there is unacknowledged data ..., then the sending TCP endpoint buffers all user data ... until the
     * outstanding data has been acknowledged or until the TCP endpoint can send a full-sized segment". Unacknowledged full-sized segments
     * do not count, only small ones: else each write of odd length would wait for a delayed acknowledgment.
     */
    private int holdTail(int bytes, boolean fin, int mss) {
        int tail = bytes % mss;
        boolean hold = tail > 0 && !noDelay && !fin && smallEnd > send.una();
        return hold ? bytes - tail : bytes;
    }

    private void transmit(int bytes, int mss, long nowNanos, SegmentSink out) {
        long start = send.next();
        long end = start + bytes;
        if (bytes % mss != 0) {
            smallEnd = end;
        }
        if (send.finUnsent() && end == send.written() && end < send.edge()) {
            end++;
        }
        send.sent(end, nowNanos);
        lastSentNanos = nowNanos;
        sentOnce = true;
        emit(start, end, nowNanos, out);
    }

    private void emit(long start, long end, long nowNanos, SegmentSink out) {
        long dataEnd = Math.min(end, send.written());
        int flags = end > dataEnd ? TcpFlags.FIN : 0;
        if (dataEnd == send.written() && dataEnd > start) {
            // The sending TCP "MUST set the PSH bit in the last buffered segment".
            flags |= TcpFlags.PSH;
        }
        writer.data(start, (int) (dataEnd - start), flags, nowNanos, out);
    }

    private static int superBytes(int mss) {
        return Math.max(1, MAX_PAYLOAD_BYTES / mss) * mss;
    }
}
