package org.tinc4j.examples.testing;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A line of text in a UDP datagram in an IPv4 packet; no more of both than this example needs.
 *
 * <pre>
 *   IPv4 header 20 | UDP header 8 | text n
 * </pre>
 */
record Message(InetAddress from, InetAddress to, String text) {

    private static final int IP_HEADER_BYTES = 20;
    private static final int HEADER_BYTES = IP_HEADER_BYTES + 8;
    private static final byte HOP_LIMIT = 64;
    private static final byte UDP = 17;
    private static final short PORT = 7100;

    ByteBuffer packet() {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer packet = ByteBuffer.allocate(HEADER_BYTES + content.length);
        packet.put((byte) 0x45).put((byte) 0).putShort((short) packet.capacity()).putInt(0);
        packet.put(HOP_LIMIT).put(UDP).putShort((short) 0).put(from.getAddress()).put(to.getAddress());
        packet.putShort(10, headerChecksum(packet));
        // A UDP checksum of 0 means none over IPv4; the mesh lets nothing through that was changed on the way.
        packet.putShort(PORT).putShort(PORT).putShort((short) (packet.capacity() - IP_HEADER_BYTES)).putShort((short) 0);
        return packet.put(content).flip();
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

    /** Empty if the packet is something else. */
    static Optional<Message> in(ByteBuffer packet) {
        boolean ours = packet.limit() >= HEADER_BYTES
                && packet.get(0) == 0x45
                && packet.get(9) == UDP
                && packet.getShort(IP_HEADER_BYTES + 2) == PORT;
        return ours
                ? Optional.of(new Message(
                        address(packet, 12), address(packet, 16), StandardCharsets.UTF_8.decode(packet.duplicate().position(HEADER_BYTES)).toString()))
                : Optional.empty();
    }

    private static InetAddress address(ByteBuffer packet, int at) {
        byte[] bytes = new byte[4];
        packet.get(at, bytes);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of 4 bytes is always accepted", e);
        }
    }
}
