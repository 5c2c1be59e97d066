package org.tinc4j.impl.ephemeral;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.tinc4j.impl.wire.InternetChecksum;

/** IPv4 UDP packets that carry a number, so that each can be told from all others. */
final class NumberedPacket {

    private static final int BYTES = 36;

    private NumberedPacket() {}

    static ByteBuffer of(InetAddress from, InetAddress to, long number) {
        ByteBuffer packet = ByteBuffer.allocate(BYTES);
        packet.putInt(0, 0x45000000 | BYTES);
        packet.putInt(8, 64 << 24 | 17 << 16);
        packet.put(12, from.getAddress()).put(16, to.getAddress());
        packet.putShort(24, (short) (BYTES - 20));
        packet.putLong(28, number);
        InternetChecksum.storeV4Header(packet, 0);
        return packet;
    }

    static long number(ByteBuffer packet) {
        return packet.getLong(packet.position() + 28);
    }

    /** Whether it is one of these; an ICMP error about one is not. */
    static boolean is(ByteBuffer packet) {
        return packet.remaining() == BYTES && packet.get(packet.position() + 9) == 17;
    }

    static boolean isFor(ByteBuffer packet, InetAddress owner) {
        byte[] destination = new byte[4];
        packet.get(packet.position() + 16, destination);
        return java.util.Arrays.equals(destination, owner.getAddress());
    }
}
