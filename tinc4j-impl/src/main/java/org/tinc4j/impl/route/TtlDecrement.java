package org.tinc4j.impl.route;

import java.nio.ByteBuffer;
import org.tinc4j.impl.wire.InternetChecksum;
import org.tinc4j.impl.wire.IpPacket;

/**
 * Takes one hop off an inner packet that this node forwards between others.
 *
 * <p><b>Source.</b> RFC 1812 section 5.3.1, RFC 8200 section 3; tinc manual, option {@code DecrementTTL}.
 */
public final class TtlDecrement {

    private TtlDecrement() {}

    /**
     * Decrements TTL or hop limit and adjusts the header checksum of IPv4.
     *
     * @param m borrowed, changed
     * @param off first byte of a valid packet
     * @return false if none is left: the packet is unchanged, to be dropped, and {@link IcmpError#timeExceeded} to be sent
     */
    public static boolean decrement(ByteBuffer m, int off) {
        int limit = IpPacket.hopLimit(m, off);
        if (limit <= 1) {
            return false;
        }
        if (IpPacket.version(m, off) == 6) {
            m.put(off + 7, (byte) (limit - 1));
            return true;
        }
        int oldWord = m.getShort(off + 8);
        m.put(off + 8, (byte) (limit - 1));
        int checksum = m.getShort(off + 10) & 0xffff;
        m.putShort(off + 10, (short) InternetChecksum.update(checksum, oldWord, m.getShort(off + 8)));
        return true;
    }
}
