package org.tinc4j.examples.quickstart;

import java.net.Inet4Address;
import java.nio.ByteBuffer;

/**
 * The packets of a transfer, as a host would send them.
 *
 * <pre>
 *   IPv4 header 20 | UDP header 8 | number 4 | data n      data: n up to {@value #DATA_BYTES}, number counts packets from 0
 *                                                  acknowledgement: n is 0, number of the packet expected next
 * </pre>
 */
final class TransferPacket {

    /** What a packet may have in all; every path MTU seen in practice takes it. */
    static final int MAX_BYTES = 1400;

    private static final int IP_HEADER_BYTES = 20;
    private static final int HEADER_BYTES = IP_HEADER_BYTES + 8 + 4;

    /** Data in a full packet. */
    static final int DATA_BYTES = MAX_BYTES - HEADER_BYTES;

    private static final byte UDP = 17;
    private static final byte HOP_LIMIT = 64;
    private static final short PORT = 7000;

    private TransferPacket() {}

    static ByteBuffer data(Inet4Address from, Inet4Address to, int number, byte[] data, int length) {
        ByteBuffer packet = ByteBuffer.allocate(HEADER_BYTES + length);
        packet.put((byte) 0x45).put((byte) 0).putShort((short) packet.capacity()).putInt(0);
        packet.put(HOP_LIMIT).put(UDP).putShort((short) 0).put(from.getAddress()).put(to.getAddress());
        packet.putShort(10, headerChecksum(packet));
        // A UDP checksum of 0 means none over IPv4; the hash covers the data.
        packet.putShort(PORT).putShort(PORT).putShort((short) (packet.capacity() - IP_HEADER_BYTES)).putShort((short) 0);
        return packet.putInt(number).put(data, 0, length).flip();
    }

    static ByteBuffer acknowledgement(Inet4Address from, Inet4Address to, int expected) {
        return data(from, to, expected, new byte[0], 0);
    }

    /** RFC 1071 over the IPv4 header, whose checksum field is still zero. */
    private static short headerChecksum(ByteBuffer packet) {
        int sum = 0;
        for (int at = 0; at < IP_HEADER_BYTES; at += 2) {
            sum += packet.getShort(at) & 0xffff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return (short) ~(sum + (sum >>> 16));
    }

    static boolean isOfTransfer(ByteBuffer packet) {
        return packet.limit() >= HEADER_BYTES
                && packet.get(0) == 0x45
                && packet.get(9) == UDP
                && packet.getShort(IP_HEADER_BYTES + 2) == PORT;
    }

    static int number(ByteBuffer packet) {
        return packet.getInt(HEADER_BYTES - 4);
    }

    /** The data, between position and limit. */
    static ByteBuffer content(ByteBuffer packet) {
        return packet.position(HEADER_BYTES);
    }
}
