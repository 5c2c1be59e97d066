package org.tinc4j.impl.stack.tcp;

/**
 * The SYNs: what they offer, what the peer's said, when ours is sent again.
 *
 * <p><b>Source.</b> RFC 9293 sections 3.5 and 3.7.1, RFC 7323 section 1.3 (options count when both SYNs have them), RFC 6298 section 5.
 */
final class Handshake {

    /** A peer that asks for less wants us to send headers only; options alone take 40 bytes. */
    private static final int LEAST_MSS_BYTES = 88;

    private final TcpSettings settings;
    private final int headerBytes;
    private final long startNanos;
    private boolean synReceived;
    private boolean peerSack;
    private boolean peerTimestamps;
    private int peerShift = -1;
    private int peerMss;
    private long sentNanos;
    private int sentTimes;
    private long deadlineNanos = Deadlines.NEVER;

    Handshake(TcpSettings settings, Flow flow, long nowNanos) {
        this.settings = settings;
        headerBytes = flow.headerBytes();
        startNanos = nowNanos;
        // "If an MSS Option is not received at connection setup, TCP implementations MUST assume a default send MSS of 536 (576 - 40) for
        // IPv4 or 1220 (1280 - 60) for IPv6"
        peerMss = headerBytes == 40 ? 536 : 1220;
    }

    /** The peer's SYN came. */
    void receive(TcpOptions options) {
        peer(options.mss(), options.windowShift(), options.sackPermitted(), options.timestamps());
    }

    /** What the peer's SYN said, 0 and -1 for options it had not. */
    void peer(int mss, int windowShift, boolean sack, boolean timestamps) {
        synReceived = true;
        if (mss > 0) {
            peerMss = Math.max(mss, LEAST_MSS_BYTES);
        }
        peerShift = windowShift;
        peerSack = sack;
        peerTimestamps = timestamps;
    }

    boolean synReceived() {
        return synReceived;
    }

    /**
     * What we can receive: "The MSS value to be sent in an MSS Option should be equal to the effective MTU minus the fixed IP and TCP
     * headers".
     */
    int localMss() {
        return settings.mtuBytes() - headerBytes;
    }

    int peerMss() {
        return peerMss;
    }

    boolean offersSack() {
        return !synReceived || peerSack;
    }

    boolean offersTimestamps() {
        return !synReceived || peerTimestamps;
    }

    /** Our window shift, -1 when the peer's SYN had none. */
    int offeredShift() {
        return !synReceived || peerShift >= 0 ? ReceiveWindow.shiftFor(settings.maxReceiveBytes()) : -1;
    }

    int peerShift() {
        return Math.max(peerShift, 0);
    }

    /** Whether a SYN of ours had to be sent again. */
    boolean repeated() {
        return sentTimes > 1;
    }

    /**
     * The round trip of the SYN, unless it is unclear of which: "If the timer expires awaiting the ACK of a SYN segment", the timeout
     * begins higher instead.
     */
    void measure(RttEstimator rtt, long nowNanos) {
        if (sentTimes == 1) {
            rtt.sample(nowNanos - sentNanos, 1, nowNanos);
            rtt.progressed();
        } else if (sentTimes > 1) {
            rtt.synWasLost();
        }
    }

    void sent(RttEstimator rtt, long nowNanos) {
        sentTimes++;
        sentNanos = nowNanos;
        long end = Deadlines.in(startNanos, settings.handshakeTimeoutNanos());
        deadlineNanos = Deadlines.earlier(Deadlines.in(nowNanos, rtt.rtoNanos()), end);
    }

    boolean timedOut(long nowNanos) {
        return nowNanos - startNanos >= settings.handshakeTimeoutNanos();
    }

    void done() {
        deadlineNanos = Deadlines.NEVER;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }
}
