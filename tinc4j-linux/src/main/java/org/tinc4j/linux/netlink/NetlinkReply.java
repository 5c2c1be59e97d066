package org.tinc4j.linux.netlink;

import static org.tinc4j.linux.sys.Rtnetlink.ALIGN_TO;
import static org.tinc4j.linux.sys.Rtnetlink.IFINFOMSG_SIZE;
import static org.tinc4j.linux.sys.Rtnetlink.IFLA_MTU;
import static org.tinc4j.linux.sys.Rtnetlink.NLMSGERR_SIZE;
import static org.tinc4j.linux.sys.Rtnetlink.NLMSGHDR_SIZE;
import static org.tinc4j.linux.sys.Rtnetlink.NLMSG_ERROR;
import static org.tinc4j.linux.sys.Rtnetlink.RTATTR_SIZE;
import static org.tinc4j.linux.sys.Rtnetlink.RTA_OIF;
import static org.tinc4j.linux.sys.Rtnetlink.RTMSG_SIZE;
import static org.tinc4j.linux.sys.Rtnetlink.RTM_NEWLINK;
import static org.tinc4j.linux.sys.Rtnetlink.RTM_NEWROUTE;

import java.nio.ByteBuffer;

/**
 * The first message of what the kernel sent back. Requests here ask for one thing, so later messages only acknowledge.
 *
 * <p><b>Source.</b> netlink(7): "negative errno or 0 for acknowledgements".
 */
public sealed interface NetlinkReply {

    /**
     * Refused, or done.
     *
     * @param errno 0 when done, else a positive error number
     */
    record Status(int errno) implements NetlinkReply {}

    /**
     * An interface.
     *
     * @param ifindex its number
     * @param mtuBytes its MTU
     */
    record Link(int ifindex, int mtuBytes) implements NetlinkReply {}

    /**
     * A route.
     *
     * @param ifindex number of the outgoing interface, 0 if there is none
     * @param prefixLength of its destination
     */
    record Route(int ifindex, int prefixLength) implements NetlinkReply {}

    /**
     * Something else, or cut short.
     *
     * @param reason what is wrong with it
     */
    record Malformed(String reason) implements NetlinkReply {}

    /**
     * Reads a reply.
     *
     * @param bytes from 0 to the limit, in native byte order
     * @return what it says
     */
    static NetlinkReply read(ByteBuffer bytes) {
        if (bytes.limit() < NLMSGHDR_SIZE) {
            return new Malformed(bytes.limit() + " bytes are no netlink header");
        }
        int length = bytes.getInt(0);
        int type = Short.toUnsignedInt(bytes.getShort(4));
        int fixed = switch (type) {
            case NLMSG_ERROR -> NLMSGERR_SIZE;
            case RTM_NEWLINK -> IFINFOMSG_SIZE;
            case RTM_NEWROUTE -> RTMSG_SIZE;
            default -> 0;
        };
        if (fixed == 0 || length < NLMSGHDR_SIZE + fixed || length > bytes.limit()) {
            return new Malformed("netlink message of type " + type + " states " + length + " bytes, there are " + bytes.limit());
        }
        int attributes = NLMSGHDR_SIZE + fixed;
        return switch (type) {
            case NLMSG_ERROR -> new Status(-bytes.getInt(NLMSGHDR_SIZE));
            case RTM_NEWLINK ->
                    new Link(bytes.getInt(NLMSGHDR_SIZE + 4), u32(bytes, attributes, length, IFLA_MTU));
            default -> new Route(u32(bytes, attributes, length, RTA_OIF), bytes.get(NLMSGHDR_SIZE + 1) & 0xff);
        };
    }

    /** The value of a 32-bit attribute, 0 if it is not there. */
    private static int u32(ByteBuffer bytes, int from, int to, int wanted) {
        int at = from;
        while (at + RTATTR_SIZE <= to) {
            int length = Short.toUnsignedInt(bytes.getShort(at));
            if (length < RTATTR_SIZE || at + length > to) {
                return 0;
            }
            if (Short.toUnsignedInt(bytes.getShort(at + 2)) == wanted && length == RTATTR_SIZE + Integer.BYTES) {
                return bytes.getInt(at + RTATTR_SIZE);
            }
            at += length + ALIGN_TO - 1 & -ALIGN_TO;
        }
        return 0;
    }
}
