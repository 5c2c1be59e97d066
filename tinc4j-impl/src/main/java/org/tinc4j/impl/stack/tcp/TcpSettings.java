package org.tinc4j.impl.stack.tcp;

/**
 * What a connection starts with.
 *
 * @param mtuBytes MTU of the device: the segment size announced follows from it
 * @param receiveBytes receive buffer at first
 * @param maxReceiveBytes what the receive buffer may grow to by itself; decides the window scale
 * @param sendBytes send buffer at first
 * @param maxSendBytes what the send buffer may grow to by itself
 * @param noDelay whether small segments are sent at once (TCP_NODELAY)
 * @param keepAlive whether an idle peer is probed
 * @param keepAliveIdleNanos silence before the first probe
 * @param keepAliveIntervalNanos between probes
 * @param keepAliveCount unanswered probes that end the connection
 * @param handshakeTimeoutNanos how long a SYN may stay unanswered
 * @param userTimeoutNanos how long sent data may stay unacknowledged
 * @param timeWaitNanos length of TIME_WAIT, and of FIN_WAIT_2 once the application is gone
 */
public record TcpSettings(
        int mtuBytes,
        int receiveBytes,
        int maxReceiveBytes,
        int sendBytes,
        int maxSendBytes,
        boolean noDelay,
        boolean keepAlive,
        long keepAliveIdleNanos,
        long keepAliveIntervalNanos,
        int keepAliveCount,
        long handshakeTimeoutNanos,
        long userTimeoutNanos,
        long timeWaitNanos) {

    private static final long SECOND = 1_000_000_000L;

    /**
     * The defaults.
     *
     * <p>RFC 9293 section 3.8.3: "R2 for a SYN segment MUST be set large enough to provide retransmission of the segment for at least 3
     * minutes", for data "SHOULD correspond to at least 100 seconds". Section 3.8.4: the keep-alive interval "MUST default to no less
     * than two hours" and keep-alive "MUST default to off". TIME_WAIT lasts a minute, as on Linux, not the four the RFC counts with: no
     * packet of an overlay lives for two.
     *
     * @param mtuBytes MTU of the device
     */
    public static TcpSettings defaults(int mtuBytes) {
        return new TcpSettings(
                mtuBytes,
                128 << 10,
                6 << 20,
                64 << 10,
                4 << 20,
                false,
                false,
                7200 * SECOND,
                75 * SECOND,
                9,
                180 * SECOND,
                120 * SECOND,
                60 * SECOND);
    }

    /** The same with other buffers; what they start with is at most what they may grow to. */
    public TcpSettings withBuffers(int receiveMax, int sendMax) {
        return new TcpSettings(
                mtuBytes,
                Math.min(receiveBytes, receiveMax),
                receiveMax,
                Math.min(sendBytes, sendMax),
                sendMax,
                noDelay,
                keepAlive,
                keepAliveIdleNanos,
                keepAliveIntervalNanos,
                keepAliveCount,
                handshakeTimeoutNanos,
                userTimeoutNanos,
                timeWaitNanos);
    }

    /** The same with other limits of patience. */
    public TcpSettings withTimeouts(long handshakeNanos, long userNanos, long waitNanos) {
        return new TcpSettings(
                mtuBytes,
                receiveBytes,
                maxReceiveBytes,
                sendBytes,
                maxSendBytes,
                noDelay,
                keepAlive,
                keepAliveIdleNanos,
                keepAliveIntervalNanos,
                keepAliveCount,
                handshakeNanos,
                userNanos,
                waitNanos);
    }
}
