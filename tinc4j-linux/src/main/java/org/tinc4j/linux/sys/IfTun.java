package org.tinc4j.linux.sys;

/**
 * The TUN driver: ioctl requests, flags, and {@code struct ifreq} as they use it.
 *
 * <pre>
 * struct ifreq   0 char ifr_name[16]   16 short ifr_flags   40 (sizeof on 64-bit machines)
 * </pre>
 *
 * <p><b>Source.</b> {@code linux/if_tun.h}, {@code linux/if.h}; kernel documentation networking/tuntap.
 */
public final class IfTun {

    /** Makes or attaches to an interface: {@code _IOW('T', 202, int)}. */
    public static final int TUNSETIFF = 0x400454ca;

    /** Asks what a descriptor is attached to: {@code _IOR('T', 210, unsigned int)}. */
    public static final int TUNGETIFF = 0x800454d2;

    /** Sets what the reader of a descriptor takes over from the kernel, {@code TUN_F_} flags: {@code _IOW('T', 208, unsigned int)}. */
    public static final int TUNSETOFFLOAD = 0x400454d0;

    /** Sets the size of the virtio-net header: {@code _IOW('T', 216, int)}. */
    public static final int TUNSETVNETHDRSZ = 0x400454d8;

    /** Checksums may be left to the reader. */
    public static final int TUN_F_CSUM = 0x01;

    /** TCP super-packets over IPv4. */
    public static final int TUN_F_TSO4 = 0x02;

    /** TCP super-packets over IPv6. */
    public static final int TUN_F_TSO6 = 0x04;

    /** TCP super-packets with CWR set, which belongs to the first segment. */
    public static final int TUN_F_TSO_ECN = 0x08;

    /** Runs of UDP datagrams over IPv4. From Linux 6.2 on. */
    public static final int TUN_F_USO4 = 0x20;

    /** Runs of UDP datagrams over IPv6. From Linux 6.2 on. */
    public static final int TUN_F_USO6 = 0x40;

    /** Several descriptors attach to one interface. */
    public static final int IFF_MULTI_QUEUE = 0x0100;

    /** Refuse, with EBUSY, to attach to an interface that is there already. */
    public static final int IFF_TUN_EXCL = 0x8000;

    /** A virtio-net header before each packet. */
    public static final int IFF_VNET_HDR = 0x4000;

    /** IP packets, no Ethernet header. */
    public static final int IFF_TUN = 0x0001;

    /** No four bytes of protocol information before each packet. */
    public static final int IFF_NO_PI = 0x1000;

    /** Reported only: the interface stays when its last descriptor is closed. */
    public static final int IFF_PERSIST = 0x0800;

    /** Size of an interface name with its zero byte. */
    public static final int IFNAMSIZ = 16;

    /** Offset of {@code ifr_name}. */
    public static final int IFREQ_NAME = 0;

    /** Offset of {@code ifr_flags}, a short. */
    public static final int IFREQ_FLAGS = IFREQ_NAME + IFNAMSIZ;

    /** Size of {@code struct ifreq}: the name and a union whose largest member is {@code struct ifmap}. */
    public static final int IFREQ_SIZE = IFREQ_FLAGS + 24;

    private IfTun() {}
}
