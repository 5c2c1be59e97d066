/**
 * Machine: each connection confined to whoever holds it; may import java.base only. Userspace TCP: segments, time and what the application
 * does come in, segments go out through {@link org.tinc4j.impl.stack.tcp.SegmentSink}.
 *
 * <pre>
 * TcpSegment -> TcpConnection -> SegmentArrival -> SendSide    -> Scoreboard, Rack, TailLossProbe, CongestionControl, LossTimers
 *                                               -> ReceiveSide -> Reassembly, ReceiveWindow, AckPolicy
 *               write, read, close              -> Transmitter -> SegmentWriter -> SegmentSink
 * </pre>
 *
 * <p>Inside, a byte of a stream is named by its position, a long: 0 is the SYN, 1 the first byte of data. Positions never wrap, so they
 * compare with {@code <}; only {@link org.tinc4j.impl.stack.tcp.SegmentWriter} and the two sides turn them into sequence numbers and
 * back.
 *
 * <p><b>Source.</b> RFC 9293 and what it builds on: 2018, 2883, 5681, 5961, 6298, 6528, 6675, 6928, 6937, 7323, 8985, 9406, 9438.
 */
package org.tinc4j.impl.stack.tcp;
