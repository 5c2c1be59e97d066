package org.tinc4j.impl.stack;

import java.nio.ByteBuffer;
import org.tinc4j.impl.wire.InternetChecksum;
import org.tinc4j.impl.wire.IpPacket;

/**
 * Answers pings for a node without a kernel device.
 *
 * <p><b>Source.</b> RFC 792, RFC 1122 section 3.2.2.6, RFC 4443 section 4.2.
 */
public final class EchoResponder {

    private EchoResponder() {}

    /**
     * Whether a packet is an intact echo request.
     *
     * @param m borrowed
     * @param off first byte of the packet
     * @param len bytes there are
     */
    static boolean isRequest(ByteBuffer m, int off, int len) {
        return Echo.find(m, off, len, Echo.V4_REQUEST, Echo.V6_REQUEST) >= 0;
    }

    /**
     * Turns an echo request into its reply, in place. Whether its destination is ours is for the caller to know.
     *
     * @param m borrowed, changed only if it is an intact request
     * @param off first byte of the packet
     * @param len bytes there are
     * @return false if it is not an intact echo request
     */
    public static boolean answer(ByteBuffer m, int off, int len) {
        int at = Echo.find(m, off, len, Echo.V4_REQUEST, Echo.V6_REQUEST);
        if (at < 0) {
            return false;
        }
        boolean v4 = IpPacket.version(m, off) == 4;
        m.put(at, (byte) (v4 ? Echo.V4_REPLY : Echo.V6_REPLY));
        if (v4) {
            int source = IpPacket.sourceV4(m, off);
            m.putInt(off + 12, IpPacket.destinationV4(m, off));
            m.putInt(off + 16, source);
            m.put(off + 8, (byte) Echo.HOP_LIMIT);
            InternetChecksum.storeV4Header(m, off);
        } else {
            long sourceHigh = IpPacket.sourceHighV6(m, off);
            long sourceLow = IpPacket.sourceLowV6(m, off);
            m.putLong(off + 8, IpPacket.destinationHighV6(m, off));
            m.putLong(off + 16, IpPacket.destinationLowV6(m, off));
            m.putLong(off + 24, sourceHigh);
            m.putLong(off + 32, sourceLow);
            m.put(off + 7, (byte) Echo.HOP_LIMIT);
        }
        // Not adjusted by the changed word: a reply of zeros only is the one message for which RFC 1624 gives a wrong sum.
        InternetChecksum.storeIcmp(m, off);
        return true;
    }
}
