package org.tinc4j.linux.netlink;

import static org.tinc4j.linux.sys.Rtnetlink.ALIGN_TO;
import static org.tinc4j.linux.sys.Rtnetlink.NLMSGHDR_SIZE;
import static org.tinc4j.linux.sys.Rtnetlink.NLM_F_ACK;
import static org.tinc4j.linux.sys.Rtnetlink.NLM_F_REQUEST;
import static org.tinc4j.linux.sys.Rtnetlink.RTATTR_SIZE;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes one netlink message: header, the fixed part of its type, then attributes, each aligned to 4 bytes.
 *
 * <pre>
 * | len 4 | type 2 | flags 2 | seq 4 | pid 4 | fixed part | len 2 | type 2 | value | pad | ...      native byte order
 * </pre>
 *
 * <p><b>Source.</b> netlink(7), rtnetlink(7).
 */
final class NetlinkMessage {

    /** Our longest request is a route with an IPv6 destination, 60 bytes. */
    private static final int MAX_BYTES = 128;

    /** Replies carry it back; one request is under way at a time, so one number does. */
    private static final int SEQUENCE = 1;

    private final ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES).order(ByteOrder.nativeOrder());

    /** Starts a message. The kernel fills in nothing: length is set by {@link #finish()}. */
    NetlinkMessage(int type, int flags) {
        bytes.putInt(0).putShort((short) type).putShort((short) (flags | NLM_F_REQUEST | NLM_F_ACK));
        bytes.putInt(SEQUENCE).putInt(0);
        assert bytes.position() == NLMSGHDR_SIZE;
    }

    NetlinkMessage u8(int value) {
        bytes.put((byte) value);
        return this;
    }

    NetlinkMessage u16(int value) {
        bytes.putShort((short) value);
        return this;
    }

    NetlinkMessage u32(int value) {
        bytes.putInt(value);
        return this;
    }

    NetlinkMessage attribute(int type, byte[] value) {
        bytes.putShort((short) (RTATTR_SIZE + value.length)).putShort((short) type).put(value);
        return align();
    }

    NetlinkMessage attribute(int type, int value) {
        bytes.putShort((short) (RTATTR_SIZE + Integer.BYTES)).putShort((short) type).putInt(value);
        return this;
    }

    /** Opens an attribute that holds attributes; the result goes to {@link #close(int)}. */
    int open(int type) {
        int start = bytes.position();
        bytes.putShort((short) 0).putShort((short) type);
        return start;
    }

    NetlinkMessage close(int start) {
        bytes.putShort(start, (short) (bytes.position() - start));
        return this;
    }

    /** The whole message, position 0, limit at its end. */
    ByteBuffer finish() {
        bytes.putInt(0, bytes.position());
        return bytes.flip();
    }

    private NetlinkMessage align() {
        while (bytes.position() % ALIGN_TO != 0) {
            bytes.put((byte) 0);
        }
        return this;
    }
}
