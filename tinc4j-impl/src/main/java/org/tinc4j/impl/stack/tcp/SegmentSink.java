package org.tinc4j.impl.stack.tcp;

/** Takes what a connection sends. */
public interface SegmentSink {

    /**
     * Whether data may be sent now. Asked before each segment that carries some, and if so that segment follows at once. If not, {@link
     * TcpConnection#resume} is to be called when it may be asked again.
     *
     * @param payloadLength bytes of payload
     */
    default boolean admits(int payloadLength) {
        return true;
    }

    /**
     * Sends one segment, or a super-segment that becomes many.
     *
     * @param from whose it is
     * @param seq sequence number of the first byte
     * @param ack acknowledgment number, 0 without ACK
     * @param flags header flags, see {@link TcpFlags}
     * @param window what stands in the window field
     * @param options borrowed: the options, padded to a multiple of 4 bytes
     * @param optionsLength how many bytes of them there are
     * @param payload borrowed: copies the payload into a packet
     * @param payloadLength bytes of payload; more than mssBytes means a super-segment, FIN and PSH belong to its last piece
     * @param mssBytes payload of one packet
     */
    void segment(
            TcpConnection from,
            int seq,
            int ack,
            int flags,
            int window,
            byte[] options,
            int optionsLength,
            PayloadSource payload,
            int payloadLength,
            int mssBytes);
}
