package org.tinc4j.impl.stack;

import java.nio.ByteBuffer;

/**
 * Recognises the answers to {@link EchoRequest}.
 *
 * <p><b>Source.</b> RFC 792, RFC 4443 section 4.2.
 */
public final class EchoReply {

    private EchoReply() {}

    /**
     * Which request a packet answers.
     *
     * @param m borrowed
     * @param off first byte of the packet
     * @param len bytes there are
     * @return {@code id << 16 | sequence}, or -1 if it is not an intact echo reply
     */
    public static long match(ByteBuffer m, int off, int len) {
        int at = Echo.find(m, off, len, Echo.V4_REPLY, Echo.V6_REPLY);
        return at < 0 ? -1 : m.getInt(at + 4) & 0xffffffffL;
    }
}
