package org.tinc4j.impl.stack;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.tinc4j.impl.wire.InternetChecksum;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketDevice;

/**
 * Builds the pings of a node without a kernel device.
 *
 * <p><b>Source.</b> RFC 792, RFC 4443 section 4.1.
 */
public final class EchoRequest {

    private static final int V4_DONT_FRAGMENT = 0x4000;

    private EchoRequest() {}

    /**
     * Builds an echo request behind {@link PacketDevice#HEADROOM_BYTES}.
     *
     * @param source address of this node
     * @param destination whom to ask, of the same family
     * @param id tells askers apart; the low 16 bits count
     * @param sequence tells requests apart; the low 16 bits count
     * @param payload comes back in the reply
     * @param out borrowed; has room for the packet
     * @throws IllegalArgumentException if the families differ
     */
    public static void build(
            InetAddress source, InetAddress destination, int id, int sequence, byte[] payload, PacketBuffer out) {
        byte[] from = source.getAddress();
        byte[] to = destination.getAddress();
        if (from.length != to.length) {
            throw new IllegalArgumentException("source " + source.getHostAddress() + " and destination "
                    + destination.getHostAddress() + " are of different families");
        }
        boolean v4 = from.length == 4;
        int headerBytes = v4 ? IpPacket.V4_HEADER_BYTES : IpPacket.V6_HEADER_BYTES;
        int icmpBytes = Echo.HEADER_BYTES + payload.length;
        int at = PacketDevice.HEADROOM_BYTES;
        out.reset(at, headerBytes + icmpBytes);

        ByteBuffer m = out.memory();
        int icmpAt = at + headerBytes;
        if (v4) {
            m.putInt(at, 0x45000000 | (headerBytes + icmpBytes));
            // RFC 6864 section 4.1: an identification of no meaning is only allowed in a packet that nobody cuts.
            m.putInt(at + 4, V4_DONT_FRAGMENT);
            m.putInt(at + 8, Echo.HOP_LIMIT << 24 | IpPacket.ICMP << 16);
            m.put(at + 12, from);
            m.put(at + 16, to);
            InternetChecksum.storeV4Header(m, at);
        } else {
            m.putInt(at, 0x60000000);
            m.putInt(at + 4, icmpBytes << 16 | IpPacket.ICMPV6 << 8 | Echo.HOP_LIMIT);
            m.put(at + 8, from);
            m.put(at + 24, to);
        }
        m.putInt(icmpAt, (v4 ? Echo.V4_REQUEST : Echo.V6_REQUEST) << 24);
        m.putShort(icmpAt + 4, (short) id);
        m.putShort(icmpAt + 6, (short) sequence);
        m.put(icmpAt + Echo.HEADER_BYTES, payload);
        InternetChecksum.storeIcmp(m, at);
    }
}
