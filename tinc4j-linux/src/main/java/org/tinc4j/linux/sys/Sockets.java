package org.tinc4j.linux.sys;

/**
 * UDP sockets: families, options, addresses and the messages of sendmsg(2) and its kin, on 64-bit machines. Native byte order, but ports and
 * addresses in network order.
 *
 * <pre>
 * struct sockaddr_in    0 u16 family  2 be16 port  4 address[4]  8 zero[8]                                                 16
 * struct sockaddr_in6   0 u16 family  2 be16 port  4 be32 flowinfo  8 address[16]  24 u32 scope_id                         28
 * struct iovec          0 void* base  8 size_t len                                                                         16
 * struct msghdr         0 void* name  8 u32 namelen  16 iovec* iov  24 size_t iovlen  32 void* control
 *                       40 size_t controllen  48 int flags                                                                 56
 * struct mmsghdr        0 struct msghdr  56 u32 len                                                                        64
 * struct cmsghdr        0 size_t len  8 int level  12 int type  16 data                                        a multiple of 8
 * </pre>
 *
 * <p><b>Source.</b> socket(7), ip(7), ipv6(7), udp(7), sendmmsg(2), recvmmsg(2), cmsg(3); {@code asm-generic/socket.h},
 * {@code linux/in.h}, {@code linux/in6.h}, {@code linux/udp.h}.
 */
public final class Sockets {

    /** IPv4. */
    public static final int AF_INET = 2;

    /** IPv6. */
    public static final int AF_INET6 = 10;

    /** Datagrams. */
    public static final int SOCK_DGRAM = 2;

    /** Flag of socket(2): do not wait. */
    public static final int SOCK_NONBLOCK = SystemCalls.O_NONBLOCK;

    /** Flag of socket(2): close on exec. */
    public static final int SOCK_CLOEXEC = SystemCalls.O_CLOEXEC;

    /** Level: the socket itself. */
    public static final int SOL_SOCKET = 1;

    /** Size of the send buffer; the kernel doubles it. */
    public static final int SO_SNDBUF = 7;

    /** Size of the receive buffer; the kernel doubles it. */
    public static final int SO_RCVBUF = 8;

    /** Several sockets may be bound to one address. */
    public static final int SO_REUSEPORT = 15;

    /** {@link #SO_SNDBUF} beyond the limit of the system; needs CAP_NET_ADMIN. */
    public static final int SO_SNDBUFFORCE = 32;

    /** {@link #SO_RCVBUF} beyond the limit of the system; needs CAP_NET_ADMIN. */
    public static final int SO_RCVBUFFORCE = 33;

    /** Level: IPv4, also on an IPv6 socket that sends to IPv4 addresses. */
    public static final int IPPROTO_IP = 0;

    /** Path MTU discovery, IPv4. */
    public static final int IP_MTU_DISCOVER = 10;

    /** Set the don't-fragment bit, refuse what is longer than the path MTU that is known. */
    public static final int IP_PMTUDISC_DO = 2;

    /** Level: IPv6. */
    public static final int IPPROTO_IPV6 = 41;

    /** Path MTU discovery, IPv6. */
    public static final int IPV6_MTU_DISCOVER = 23;

    /** As {@link #IP_PMTUDISC_DO}. */
    public static final int IPV6_PMTUDISC_DO = 2;

    /** Whether an IPv6 socket keeps to IPv6. */
    public static final int IPV6_V6ONLY = 26;

    /** Level, and level of control messages: UDP. */
    public static final int SOL_UDP = 17;

    /** Size of the datagrams that a message is cut into; as a control message a {@code u16}. Since Linux 4.18. */
    public static final int UDP_SEGMENT = 103;

    /** Take in runs of datagrams; as a control message an {@code int}, the size of each. Since Linux 5.0. */
    public static final int UDP_GRO = 104;

    /** Reported with a message: it was longer than the room for it. */
    public static final int MSG_TRUNC = 0x20;

    /** Offset of the family in every {@code sockaddr}, a short. */
    public static final int SOCKADDR_FAMILY = 0;

    /** Offset of the port in both. */
    public static final int SOCKADDR_PORT = 2;

    /** Offset of the address in {@code sockaddr_in}. */
    public static final int SOCKADDR_IN_ADDR = 4;

    /** Size of {@code struct sockaddr_in}. */
    public static final int SOCKADDR_IN_SIZE = 16;

    /** Offset of the flow label in {@code sockaddr_in6}. */
    public static final int SOCKADDR_IN6_FLOWINFO = 4;

    /** Offset of the address in {@code sockaddr_in6}. */
    public static final int SOCKADDR_IN6_ADDR = 8;

    /** Offset of the scope in {@code sockaddr_in6}. */
    public static final int SOCKADDR_IN6_SCOPE_ID = 24;

    /** Size of {@code struct sockaddr_in6}. */
    public static final int SOCKADDR_IN6_SIZE = 28;

    /** Offset of {@code iov_base}. */
    public static final int IOVEC_BASE = 0;

    /** Offset of {@code iov_len}. */
    public static final int IOVEC_LEN = 8;

    /** Size of {@code struct iovec}. */
    public static final int IOVEC_SIZE = 16;

    /** Offset of {@code msg_name}. */
    public static final int MSGHDR_NAME = 0;

    /** Offset of {@code msg_namelen}, an int. */
    public static final int MSGHDR_NAMELEN = 8;

    /** Offset of {@code msg_iov}. */
    public static final int MSGHDR_IOV = 16;

    /** Offset of {@code msg_iovlen}. */
    public static final int MSGHDR_IOVLEN = 24;

    /** Offset of {@code msg_control}. */
    public static final int MSGHDR_CONTROL = 32;

    /** Offset of {@code msg_controllen}. */
    public static final int MSGHDR_CONTROLLEN = 40;

    /** Offset of {@code msg_flags}, an int. */
    public static final int MSGHDR_FLAGS = 48;

    /** Offset of {@code msg_len}, an int, in {@code struct mmsghdr}. */
    public static final int MMSGHDR_LEN = 56;

    /** Size of {@code struct mmsghdr}, which begins with a {@code struct msghdr}. */
    public static final int MMSGHDR_SIZE = 64;

    /** Offset of {@code cmsg_len}, which counts header and data without padding. */
    public static final int CMSGHDR_LEN = 0;

    /** Offset of {@code cmsg_level}. */
    public static final int CMSGHDR_LEVEL = 8;

    /** Offset of {@code cmsg_type}. */
    public static final int CMSGHDR_TYPE = 12;

    /** Offset of the data of a control message. */
    public static final int CMSGHDR_DATA = 16;

    /** Room for a control message of up to 8 bytes. */
    public static final int CMSG_SPACE = CMSGHDR_DATA + 8;

    /** Type of service of a datagram, of {@link #IPPROTO_IP}. */
    public static final int IP_TOS = 1;

    /** Traffic class of a datagram, of {@link #IPPROTO_IPV6}. */
    public static final int IPV6_TCLASS = 67;

    private Sockets() {}
}
