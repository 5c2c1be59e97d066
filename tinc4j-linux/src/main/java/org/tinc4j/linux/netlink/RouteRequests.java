package org.tinc4j.linux.netlink;

import static org.tinc4j.linux.sys.Rtnetlink.NLM_F_CREATE;
import static org.tinc4j.linux.sys.Rtnetlink.NLM_F_EXCL;
import static org.tinc4j.linux.sys.Rtnetlink.RTA_DST;
import static org.tinc4j.linux.sys.Rtnetlink.RTA_OIF;
import static org.tinc4j.linux.sys.Rtnetlink.RTM_DELROUTE;
import static org.tinc4j.linux.sys.Rtnetlink.RTM_F_FIB_MATCH;
import static org.tinc4j.linux.sys.Rtnetlink.RTM_GETROUTE;
import static org.tinc4j.linux.sys.Rtnetlink.RTM_NEWROUTE;
import static org.tinc4j.linux.sys.Rtnetlink.RTN_UNICAST;
import static org.tinc4j.linux.sys.Rtnetlink.RTPROT_STATIC;
import static org.tinc4j.linux.sys.Rtnetlink.RT_SCOPE_LINK;
import static org.tinc4j.linux.sys.Rtnetlink.RT_SCOPE_NOWHERE;
import static org.tinc4j.linux.sys.Rtnetlink.RT_SCOPE_UNIVERSE;
import static org.tinc4j.linux.sys.Rtnetlink.RT_TABLE_MAIN;

import java.nio.ByteBuffer;
import org.tinc4j.Subnet;

/** Requests about routes of the main table that lead to an interface. Each result is one message, from position 0 to its limit. */
public final class RouteRequests {

    private RouteRequests() {}

    /**
     * Routes a range to an interface; refused with EEXIST if the range has a route.
     *
     * @param ifindex number of the interface
     * @param destination a range with its host bits zero
     * @return the request
     */
    public static ByteBuffer add(int ifindex, Subnet destination) {
        int scope = destination.kind() == Subnet.Kind.IPV4 ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
        return route(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, scope, RTN_UNICAST, destination)
                .attribute(RTA_OIF, ifindex)
                .finish();
    }

    /**
     * Takes a route from an interface; refused with ESRCH if there is none.
     *
     * @param ifindex number of the interface
     * @param destination as added
     * @return the request
     */
    public static ByteBuffer remove(int ifindex, Subnet destination) {
        return route(RTM_DELROUTE, 0, RT_SCOPE_NOWHERE, RTN_UNICAST, destination)
                .attribute(RTA_OIF, ifindex)
                .finish();
    }

    /**
     * Asks which route the first address of a range takes.
     *
     * @param destination the range
     * @return the request; the reply is a {@link NetlinkReply.Route}
     */
    public static ByteBuffer find(Subnet destination) {
        byte[] address = destination.address();
        return new NetlinkMessage(RTM_GETROUTE, 0)
                .u8(LinkRequests.family(destination)).u8(address.length * 8).u8(0).u8(0)
                .u8(0).u8(0).u8(0).u8(0)
                .u32(RTM_F_FIB_MATCH)
                .attribute(RTA_DST, address)
                .finish();
    }

    /** A message with a {@code struct rtmsg} and its destination. */
    private static NetlinkMessage route(int type, int flags, int scope, int kind, Subnet destination) {
        return new NetlinkMessage(type, flags)
                .u8(LinkRequests.family(destination)).u8(destination.prefixLength()).u8(0).u8(0)
                .u8(RT_TABLE_MAIN).u8(RTPROT_STATIC).u8(scope).u8(kind)
                .u32(0)
                .attribute(RTA_DST, destination.address());
    }
}
