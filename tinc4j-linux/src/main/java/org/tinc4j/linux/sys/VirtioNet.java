package org.tinc4j.linux.sys;

/**
 * {@code struct virtio_net_hdr}, which a TUN with IFF_VNET_HDR reads and writes before each packet, in the byte order of the machine.
 *
 * <pre>
 * 0 u8 flags   1 u8 gso_type   2 u16 hdr_len   4 u16 gso_size   6 u16 csum_start   8 u16 csum_offset   10 (sizeof)
 * </pre>
 *
 * <p><b>Source.</b> virtio 1.2 section 5.1.6; {@code linux/virtio_net.h}; kernel documentation networking/tuntap.
 */
public final class VirtioNet {

    /** Flag: the checksum from {@code csum_start} on is to be completed. */
    public static final int F_NEEDS_CSUM = 1;

    /** One packet. */
    public static final int GSO_NONE = 0;

    /** TCP over IPv4. */
    public static final int GSO_TCPV4 = 1;

    /** TCP over IPv6. */
    public static final int GSO_TCPV6 = 4;

    /** UDP datagrams, each with a header of its own. */
    public static final int GSO_UDP_L4 = 5;

    /** Bit in {@code gso_type}: CWR is set on the first segment. */
    public static final int GSO_ECN = 0x80;

    /** Offset of {@code flags}. */
    public static final int FLAGS = 0;

    /** Offset of {@code gso_type}. */
    public static final int GSO_TYPE = 1;

    /** Offset of {@code hdr_len}. */
    public static final int HDR_LEN = 2;

    /** Offset of {@code gso_size}. */
    public static final int GSO_SIZE = 4;

    /** Offset of {@code csum_start}. */
    public static final int CSUM_START = 6;

    /** Offset of {@code csum_offset}. */
    public static final int CSUM_OFFSET = 8;

    /** Size of the structure. */
    public static final int SIZE = 10;

    private VirtioNet() {}
}
