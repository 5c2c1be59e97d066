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
