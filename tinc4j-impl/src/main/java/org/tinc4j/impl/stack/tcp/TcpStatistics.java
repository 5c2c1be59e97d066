package org.tinc4j.impl.stack.tcp;

/**
 * What one connection measured and counted so far.
 *
 * @param srttNanos smoothed round trip, 0 before the first
 * @param minRttNanos least round trip of late, 0 before the first
 * @param rtoNanos retransmission timeout
 * @param mssBytes payload of a full-sized segment
 * @param cwndBytes congestion window
 * @param ssthreshBytes slow start threshold
 * @param inFlightBytes sent and neither delivered nor lost
 * @param sendWindowBytes what the peer lets us send beyond what it acknowledged
 * @param receiveBufferBytes what the receive buffer has grown to
 * @param bytesAcknowledged of ours by the peer
 * @param bytesReceived in order from the peer
 * @param bytesRetransmitted sent again
 * @param recoveries fast recoveries
 * @param timeouts retransmission timeouts
 * @param tailProbes tail loss probes
 * @param spurious reductions taken back because nothing was lost
 * @param memoryBytes held by both buffers
 */
public record TcpStatistics(
        long srttNanos,
        long minRttNanos,
        long rtoNanos,
        int mssBytes,
        int cwndBytes,
        int ssthreshBytes,
        int inFlightBytes,
        long sendWindowBytes,
        int receiveBufferBytes,
        long bytesAcknowledged,
        long bytesReceived,
        long bytesRetransmitted,
        long recoveries,
        long timeouts,
        long tailProbes,
        long spurious,
        long memoryBytes) {}
