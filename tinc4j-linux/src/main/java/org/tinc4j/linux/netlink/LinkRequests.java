package org.tinc4j.linux.netlink;

import static org.tinc4j.linux.sys.Rtnetlink.AF_INET;
import static org.tinc4j.linux.sys.Rtnetlink.AF_INET6;
import static org.tinc4j.linux.sys.Rtnetlink.IFA_ADDRESS;
import static org.tinc4j.linux.sys.Rtnetlink.IFA_F_NODAD;
import static org.tinc4j.linux.sys.Rtnetlink.IFA_LOCAL;
import static org.tinc4j.linux.sys.Rtnetlink.IFF_UP;
import static org.tinc4j.linux.sys.Rtnetlink.IFLA_AF_SPEC;
import static org.tinc4j.linux.sys.Rtnetlink.IFLA_IFNAME;
import static org.tinc4j.linux.sys.Rtnetlink.IFLA_INET6_ADDR_GEN_MODE;
import static org.tinc4j.linux.sys.Rtnetlink.IFLA_MTU;
import static org.tinc4j.linux.sys.Rtnetlink.IN6_ADDR_GEN_MODE_NONE;
import static org.tinc4j.linux.sys.Rtnetlink.NLM_F_CREATE;
import static org.tinc4j.linux.sys.Rtnetlink.NLM_F_EXCL;
import static org.tinc4j.linux.sys.Rtnetlink.RTM_DELADDR;
import static org.tinc4j.linux.sys.Rtnetlink.RTM_GETLINK;
import static org.tinc4j.linux.sys.Rtnetlink.RTM_NEWADDR;
import static org.tinc4j.linux.sys.Rtnetlink.RTM_NEWLINK;
import static org.tinc4j.linux.sys.Rtnetlink.RT_SCOPE_UNIVERSE;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.tinc4j.Subnet;

/** Requests about an interface and its addresses. Each result is one message, from position 0 to its limit. */
public final class LinkRequests {

    private LinkRequests() {}

    /**
     * Asks for an interface by name.
     *
     * @param name of the interface
     * @return the request; the reply is a {@link NetlinkReply.Link}
     */
    public static ByteBuffer find(String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        return link(RTM_GETLINK, 0, 0, 0).attribute(IFLA_IFNAME, Arrays.copyOf(text, text.length + 1)).finish();
    }

    /**
     * Sets the MTU and brings the interface up.
     *
     * @param ifindex number of the interface
     * @param mtuBytes in bytes
     * @return the request
     */
    public static ByteBuffer up(int ifindex, int mtuBytes) {
        return link(RTM_NEWLINK, ifindex, IFF_UP, IFF_UP).attribute(IFLA_MTU, mtuBytes).finish();
    }

    /**
     * Takes the interface down.
     *
     * @param ifindex number of the interface
     * @param mtuBytes MTU it gets back, in bytes
     * @return the request
     */
    public static ByteBuffer down(int ifindex, int mtuBytes) {
        return link(RTM_NEWLINK, ifindex, 0, IFF_UP).attribute(IFLA_MTU, mtuBytes).finish();
    }

    /**
     * Keeps the kernel from giving the interface a link-local address, and so from soliciting routers through the mesh.
     *
     * @param ifindex number of the interface
     * @return the request; kernels without IPv6 refuse it
     */
    public static ByteBuffer withoutLinkLocal(int ifindex) {
        NetlinkMessage message = link(RTM_NEWLINK, ifindex, 0, 0);
        int families = message.open(IFLA_AF_SPEC);
        int ipv6 = message.open(AF_INET6);
        message.attribute(IFLA_INET6_ADDR_GEN_MODE, new byte[] {IN6_ADDR_GEN_MODE_NONE});
        return message.close(ipv6).close(families).finish();
    }

    /**
     * Gives the interface an address. The kernel adds the route to its network by itself.
     *
     * @param ifindex number of the interface
     * @param address with the prefix length of its network
     * @return the request
     */
    public static ByteBuffer addAddress(int ifindex, Subnet address) {
        return address(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, ifindex, address);
    }

    /**
     * Takes an address from the interface.
     *
     * @param ifindex number of the interface
     * @param address as added
     * @return the request
     */
    public static ByteBuffer removeAddress(int ifindex, Subnet address) {
        return address(RTM_DELADDR, 0, ifindex, address);
    }

    /** A message with a {@code struct ifinfomsg}; only flags in the mask change. */
    private static NetlinkMessage link(int type, int ifindex, int flags, int mask) {
        return new NetlinkMessage(type, 0).u8(0).u8(0).u16(0).u32(ifindex).u32(flags).u32(mask);
    }

    /** A message with a {@code struct ifaddrmsg}. */
    private static ByteBuffer address(int type, int flags, int ifindex, Subnet address) {
        byte[] bytes = address.address();
        return new NetlinkMessage(type, flags)
                .u8(family(address))
                .u8(address.prefixLength())
                .u8(IFA_F_NODAD)
                .u8(RT_SCOPE_UNIVERSE)
                .u32(ifindex)
                .attribute(IFA_LOCAL, bytes)
                .attribute(IFA_ADDRESS, bytes)
                .finish();
    }

    static int family(Subnet subnet) {
        return switch (subnet.kind()) {
            case IPV4 -> AF_INET;
            case IPV6 -> AF_INET6;
            case MAC -> throw new IllegalArgumentException(
                    "subnet " + subnet + " is a MAC address; a TUN carries IPv4 and IPv6 only");
        };
    }
}
