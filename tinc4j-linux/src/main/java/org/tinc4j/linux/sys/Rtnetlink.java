package org.tinc4j.linux.sys;

/**
 * rtnetlink: message types, flags, attributes and the fixed headers. All integers in native byte order, addresses in network order.
 *
 * <pre>
 * struct nlmsghdr    0 u32 len  4 u16 type  6 u16 flags  8 u32 seq  12 u32 pid                                     16
 * struct nlmsgerr    0 s32 error  4 struct nlmsghdr of the request                                                 20
 * struct rtattr      0 u16 len  2 u16 type                                                                          4
 * struct ifinfomsg   0 u8 family  2 u16 type  4 s32 index  8 u32 flags  12 u32 change                              16
 * struct ifaddrmsg   0 u8 family  1 u8 prefixlen  2 u8 flags  3 u8 scope  4 u32 index                               8
 * struct rtmsg       0 u8 family  1 u8 dst_len  2 u8 src_len  3 u8 tos  4 u8 table  5 u8 protocol  6 u8 scope
 *                    7 u8 type  8 u32 flags                                                                        12
 * struct sockaddr_nl 0 u16 family  4 u32 pid  8 u32 groups                                                         12
 * </pre>
 *
 * <p><b>Source.</b> netlink(7), rtnetlink(7), {@code linux/netlink.h}, {@code linux/rtnetlink.h}, {@code linux/if_link.h},
 * {@code linux/if_addr.h}.
 */
public final class Rtnetlink {

    /** Socket domain. */
    public static final int AF_NETLINK = 16;

    /** IPv4, as an address family in messages. */
    public static final int AF_INET = 2;

    /** IPv6, as an address family in messages. */
    public static final int AF_INET6 = 10;

    /** Socket type. */
    public static final int SOCK_RAW = 3;

    /** Protocol of the netlink domain: routing. */
    public static final int NETLINK_ROUTE = 0;

    /** Size of {@code struct sockaddr_nl}. */
    public static final int SOCKADDR_NL_SIZE = 12;

    /** Size of {@code struct nlmsghdr}. */
    public static final int NLMSGHDR_SIZE = 16;

    /** Size of {@code struct nlmsgerr}. */
    public static final int NLMSGERR_SIZE = 4 + NLMSGHDR_SIZE;

    /** Size of {@code struct rtattr}. */
    public static final int RTATTR_SIZE = 4;

    /** Size of {@code struct ifinfomsg}. */
    public static final int IFINFOMSG_SIZE = 16;

    /** Size of {@code struct ifaddrmsg}. */
    public static final int IFADDRMSG_SIZE = 8;

    /** Size of {@code struct rtmsg}. */
    public static final int RTMSG_SIZE = 12;

    /** Everything in a message starts at a multiple of this. */
    public static final int ALIGN_TO = 4;

    /** Reply: error number, 0 for an acknowledgement. */
    public static final int NLMSG_ERROR = 2;

    /** Makes or changes an interface; also the reply to {@link #RTM_GETLINK}. */
    public static final int RTM_NEWLINK = 16;

    /** Asks for an interface. */
    public static final int RTM_GETLINK = 18;

    /** Adds an address. */
    public static final int RTM_NEWADDR = 20;

    /** Removes an address. */
    public static final int RTM_DELADDR = 21;

    /** Adds a route; also the reply to {@link #RTM_GETROUTE}. */
    public static final int RTM_NEWROUTE = 24;

    /** Removes a route. */
    public static final int RTM_DELROUTE = 25;

    /** Asks for a route. */
    public static final int RTM_GETROUTE = 26;

    /** Every request has it. */
    public static final int NLM_F_REQUEST = 0x001;

    /** Answer even when there is nothing to say. */
    public static final int NLM_F_ACK = 0x004;

    /** Fail if it is there already. */
    public static final int NLM_F_EXCL = 0x200;

    /** Create it if it is not there. */
    public static final int NLM_F_CREATE = 0x400;

    /** Interface attribute: name. */
    public static final int IFLA_IFNAME = 3;

    /** Interface attribute: MTU. */
    public static final int IFLA_MTU = 4;

    /** Interface attribute: settings per address family. */
    public static final int IFLA_AF_SPEC = 26;

    /** In the IPv6 settings: how link-local addresses are made. */
    public static final int IFLA_INET6_ADDR_GEN_MODE = 8;

    /** Not at all. */
    public static final byte IN6_ADDR_GEN_MODE_NONE = 1;

    /** Interface flag: up. */
    public static final int IFF_UP = 0x1;

    /** Address attribute: the address, or that of the other end. */
    public static final int IFA_ADDRESS = 1;

    /** Address attribute: the interface's own address. */
    public static final int IFA_LOCAL = 2;

    /** Address flag: no duplicate address detection. There is nobody to ask on a point-to-point interface. */
    public static final int IFA_F_NODAD = 0x02;

    /** Route attribute: destination. */
    public static final int RTA_DST = 1;

    /** Route attribute: outgoing interface. */
    public static final int RTA_OIF = 4;

    /** The main routing table. */
    public static final int RT_TABLE_MAIN = 254;

    /** Origin of a route: an administrator. */
    public static final int RTPROT_STATIC = 4;

    /** Reach of a route: anywhere. */
    public static final int RT_SCOPE_UNIVERSE = 0;

    /** Reach of a route: hosts on this link. */
    public static final int RT_SCOPE_LINK = 253;

    /** Reach for a deletion: any. */
    public static final int RT_SCOPE_NOWHERE = 255;

    /** Kind of a route: to an interface or gateway. */
    public static final int RTN_UNICAST = 1;

    /** Flag of {@link #RTM_GETROUTE}: answer with the entry of the table that matched. Since Linux 4.13. */
    public static final int RTM_F_FIB_MATCH = 0x2000;

    private Rtnetlink() {}
}
