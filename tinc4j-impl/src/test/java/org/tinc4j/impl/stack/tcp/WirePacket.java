package org.tinc4j.impl.stack.tcp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** One TCP segment as bytes travel, without IP header and checksum. */
record WirePacket(int seq, int ack, int flags, int window, byte[] options, byte[] payload) {

    private static final int HEADER_BYTES = 20;

    /** Everything a connection handed to its sink, payload copied out. */
    static WirePacket of(
            int seq, int ack, int flags, int window, byte[] options, int optionsLength, PayloadSource payload, int payloadLength) {
        byte[] bytes = new byte[payloadLength];
        if (payloadLength > 0) {
            payload.copyTo(0, payloadLength, ByteBuffer.wrap(bytes), 0);
        }
        return new WirePacket(seq, ack, flags, window, Arrays.copyOf(options, optionsLength), bytes);
    }

    /** Bytes of an IPv4 packet that carries it. */
    int packetBytes() {
        return HEADER_BYTES + HEADER_BYTES + options.length + payload.length;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    byte[] bytes() {
        ByteBuffer b = ByteBuffer.allocate(HEADER_BYTES + options.length + payload.length);
        b.putShort((short) 1111).putShort((short) 2222).putInt(seq).putInt(ack);
        b.put((byte) ((HEADER_BYTES + options.length) << 2)).put((byte) flags).putShort((short) window);
        b.putShort((short) 0).putShort((short) 0).put(options).put(payload);
        return b.array();
    }

    /** A view on it. */
    TcpSegment segment() {
        return segment(bytes());
    }

    static TcpSegment segment(byte[] bytes) {
        TcpSegment segment = new TcpSegment();
        return segment.read(ByteBuffer.wrap(bytes), 0, bytes.length) ? segment : null;
    }

    /** Whether another continues this one, so that both may be joined. */
    boolean precedes(WirePacket other) {
        return payload.length > 0
                && flags == TcpFlags.ACK
                && other.payload.length > 0
                && other.seq == seq + payload.length
                && other.ack == ack
                && other.window == window
                && Arrays.equals(options, other.options);
    }

    /** Makes one of packets of which each precedes the next. */
    static WirePacket join(List<WirePacket> run) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        run.forEach(packet -> payload.writeBytes(packet.payload));
        WirePacket first = run.getFirst();
        return new WirePacket(first.seq, first.ack, run.getLast().flags, first.window, first.options, payload.toByteArray());
    }

    /** Cuts a super-segment as a device does: FIN and PSH stay with the last piece. */
    WirePacket piece(int from, int length) {
        boolean last = from + length == payload.length;
        int pieceFlags = last ? flags : flags & ~(TcpFlags.FIN | TcpFlags.PSH);
        return new WirePacket(seq + from, ack, pieceFlags, window, options, Arrays.copyOfRange(payload, from, from + length));
    }
}
