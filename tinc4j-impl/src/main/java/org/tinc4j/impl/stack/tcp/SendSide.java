package org.tinc4j.impl.stack.tcp;

import java.nio.ByteBuffer;

/**
 * What the application wrote until the peer acknowledges it, and how far the peer lets us send.
 *
 * <p><b>Units and shapes.</b> Positions; the FIN's is the one behind the last byte written.
 *
 * <p><b>Source.</b> RFC 9293 sections 3.3.1, 3.4, 3.7.1 and 3.10.7.4, RFC 7323 section 2.3.
 */
final class SendSide implements PayloadSource {

    /** A third of the buffer is free: the rest lasts until the writer has run. */
    private static final int WAKE_DIVISOR = 3;

    private final StreamBuffer buffer = new StreamBuffer();
    private final Scoreboard board = new Scoreboard();
    private final RttEstimator rtt = new RttEstimator();
    private final CongestionControl congestion = new CongestionControl();
    private final DuplicateAcks duplicates = new DuplicateAcks();
    private final int iss;
    private final int maxLimit;
    private int limit;
    private boolean limitFixed;
    private int segmentBytes;
    private int optionBytes;
    private long una;
    private long next;
    private long written = 1;
    private boolean finQueued;
    private int shift;
    private long edge;
    private long maxWindow;
    private long windowSegment;
    private long windowAck;
    private long limitedUntil;
    private long payloadFrom;
    private final Resent resent = new Resent();
    private long retransmitted;
    private long resentIn;
    private long firstResentNanos;

    SendSide(TcpSettings settings, Flow flow, int iss) {
        this.iss = iss;
        segmentBytes = settings.mtuBytes() - flow.headerBytes();
        limit = settings.sendBytes();
        maxLimit = settings.maxSendBytes();
    }

    Scoreboard board() {
        return board;
    }

    RttEstimator rtt() {
        return rtt;
    }

    CongestionControl congestion() {
        return congestion;
    }

    DuplicateAcks duplicates() {
        return duplicates;
    }

    /** SND.UNA. */
    long una() {
        return una;
    }

    /** SND.NXT. */
    long next() {
        return next;
    }

    int seq(long position) {
        return iss + (int) position;
    }

    /** Position of a sequence number near SND.UNA. */
    long position(int seq) {
        return una + (seq - seq(una));
    }

    /** Our SYN is out. */
    void synSent() {
        next = 1;
    }

    /** Our SYN is acknowledged; both sides know the other's options. */
    void begin(int peerMss, int localMss, int options, int windowShift) {
        una = 1;
        next = 1;
        segmentBytes = Math.min(peerMss, localMss);
        optionBytes = options;
        shift = windowShift;
    }

    /** Data and options of a packet: "Eff.snd.MSS = min(SendMSS+20, MMS_S) - TCPhdrsize - IPoptionsize", here before options. */
    int segmentBytes() {
        return segmentBytes;
    }

    /** Payload of a full-sized packet. */
    int mss() {
        return segmentBytes - optionBytes;
    }

    /** The path carries less than was thought: what is longer and on its way is lost. */
    void shrinkSegments(int bytes) {
        segmentBytes = Math.max(bytes, optionBytes + 1);
        congestion.segmentSize(mss());
        SentRange range = board.oldest();
        while (range != null) {
            SentRange newer = range.newer;
            if (range.bytes() > mss()) {
                board.markLost(range);
            }
            range = newer;
        }
    }

    // What the application wrote.

    int write(byte[] data, int offset, int length) {
        int bytes = Math.min(length, writable());
        buffer.put(written, data, offset, bytes);
        written += bytes;
        return bytes;
    }

    int writable() {
        return (int) Math.max(0, limit - (written - Math.max(una, 1)));
    }

    /** Whether a writer that found the buffer full should be woken: woken for every acknowledgment, it would write in small pieces. */
    boolean wantsMore() {
        return writable() >= limit / WAKE_DIVISOR;
    }

    void fixLimit(int bytes) {
        limit = Math.min(bytes, maxLimit);
        limitFixed = true;
    }

    void queueFin() {
        finQueued = true;
    }

    boolean finQueued() {
        return finQueued;
    }

    /** Whether the FIN is queued and has not been sent. */
    boolean finUnsent() {
        return finQueued && next <= written;
    }

    boolean finAcknowledged() {
        return finQueued && una > written;
    }

    /** Behind the last byte written. */
    long written() {
        return written;
    }

    /** Bytes that were never sent. */
    long unsent() {
        return Math.max(0, written - next);
    }

    /** Bytes the peer has not acknowledged, FIN included. */
    int unacknowledged() {
        return (int) (written + (finQueued ? 1 : 0) - Math.max(una, 1));
    }

    long heldBytes() {
        return buffer.heldBytes();
    }

    boolean isEmpty() {
        return written <= una;
    }

    void trim() {
        buffer.trim(isEmpty());
    }

    /** Nothing of it will be sent any more. */
    void discard() {
        buffer.discardTo(written);
        buffer.trim(true);
    }

    // What was sent.

    /** New data, FIN or both went out, up to there. */
    void sent(long end, long nowNanos) {
        board.sent(next, end, nowNanos);
        congestion.sent((int) (end - next));
        next = end;
    }

    void resent(SentRange range, long nowNanos) {
        if (congestion.reductions() != resentIn) {
            resentIn = congestion.reductions();
            firstResentNanos = nowNanos;
        }
        board.resent(range, nowNanos);
        congestion.sent(range.bytes());
        retransmitted += range.bytes();
        resent.add(range.start, range.end);
    }

    /** What went out again of late. */
    Resent resent() {
        return resent;
    }

    /** When the first retransmission after the last reduction of the window went out: RetransmitTS. */
    long firstResentNanos() {
        return firstResentNanos;
    }

    long retransmittedBytes() {
        return retransmitted;
    }

    /** Bytes thought to be on the way. */
    int pipe() {
        int inFlight = board.inFlightBytes();
        return Math.max(0, inFlight - duplicates.arrived(mss()));
    }

    /** The congestion window kept something from being sent. */
    void windowWasFull() {
        limitedUntil = next;
    }

    /** Whether it did when the byte before a position was sent. */
    boolean wasLimitedAt(long position) {
        return position <= limitedUntil;
    }

    // What the peer says.

    /** Cumulative acknowledgment, of something new. */
    void acknowledgedTo(long ack) {
        una = ack;
        buffer.discardTo(Math.min(ack, written));
        if (!limitFixed) {
            // As much as the window holds while a round trip's acknowledgments are on the way, and as much again to fill it.
            limit = Math.max(limit, Math.min(maxLimit, 2 * congestion.cwnd()));
        }
    }

    /** The window of the segment that established the connection. */
    void firstWindow(TcpSegment segment, long segmentPosition) {
        setWindow(segment, segmentPosition, una);
    }

    /**
     * "If (SND.WL1 < SEG.SEQ or (SND.WL1 = SEG.SEQ and SND.WL2 =< SEG.ACK)), set SND.WND <- SEG.WND, set SND.WL1 <- SEG.SEQ, and set
     * SND.WL2 <- SEG.ACK." Returns whether the window changed.
     */
    boolean window(TcpSegment segment, long segmentPosition, long ack) {
        if (windowSegment < segmentPosition || windowSegment == segmentPosition && windowAck <= ack) {
            long before = edge;
            setWindow(segment, segmentPosition, ack);
            return edge != before;
        }
        return false;
    }

    private void setWindow(TcpSegment segment, long segmentPosition, long ack) {
        long window = (long) segment.window() << (segment.has(TcpFlags.SYN) ? 0 : shift);
        edge = ack + window;
        maxWindow = Math.max(maxWindow, window);
        windowSegment = segmentPosition;
        windowAck = ack;
    }

    /** SND.UNA + SND.WND. */
    long edge() {
        return edge;
    }

    /** Max(SND.WND) and MAX.SND.WND. */
    long maxWindow() {
        return maxWindow;
    }

    // The payload of the segment that is being sent.

    void payloadFrom(long position) {
        payloadFrom = position;
    }

    @Override
    public void copyTo(int offset, int length, ByteBuffer target, int at) {
        buffer.get(payloadFrom + offset, target, at, length);
    }
}
