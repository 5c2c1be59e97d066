package org.tinc4j;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A range of overlay addresses that a node owns: an IPv4 or IPv6 prefix or one MAC address, with a weight. Immutable.
 *
 * <p>Text forms: {@code 10.7.0.5}, {@code 10.7.0.0/16#20}, {@code fd00:7::/32}, {@code 02:00:5e:00:53:01}. The weight follows a
 * {@code #}; lower is preferred, {@value #DEFAULT_WEIGHT} is left out.
 *
 * <p><b>Source.</b> tinc manual, option {@code Subnet}; RFC 5952 for the printed form of IPv6 addresses.
 */
public final class Subnet implements Comparable<Subnet> {

    /** The weight of a subnet that states none. */
    public static final int DEFAULT_WEIGHT = 10;

    /** What the address of a subnet is. The order is the order of the routing table. */
    public enum Kind {
        /** One MAC address, 6 bytes. */
        MAC(6),
        /** An IPv4 prefix, 4 bytes. */
        IPV4(4),
        /** An IPv6 prefix, 16 bytes. */
        IPV6(16);

        private final int addressBytes;

        Kind(int addressBytes) {
            this.addressBytes = addressBytes;
        }
    }

    /** Longest text tinc accepts. */
    private static final int MAX_TEXT = 63;

    private final Kind kind;
    private final byte[] address;
    private final int prefixLength;
    private final int weight;

    private Subnet(Kind kind, byte[] address, int prefixLength, int weight) {
        this.kind = kind;
        this.address = address;
        this.prefixLength = prefixLength;
        this.weight = weight;
    }

    /**
     * Reads a subnet as a person writes it: host bits must be zero.
     *
     * @param text see the class comment
     * @return the subnet
     * @throws IllegalArgumentException if the text is no subnet, naming text and reason
     */
    public static Subnet parse(String text) {
        Subnet subnet = parseLenient(text);
        if (!subnet.hostBitsAreZero()) {
            throw new IllegalArgumentException("subnet \"" + text + "\" has host bits set beyond /" + subnet.prefixLength
                    + "; write " + subnet.masked());
        }
        return subnet;
    }

    /**
     * Reads a subnet as it appears on the wire, where host bits may be set and are kept.
     *
     * @param text see the class comment
     * @return the subnet
     * @throws IllegalArgumentException if the text is no subnet, naming text and reason
     */
    public static Subnet parseLenient(String text) {
        return SubnetParser.parse(text, MAX_TEXT);
    }

    /**
     * One host.
     *
     * @param address an IPv4 or IPv6 address
     * @return its /32 or /128 subnet of default weight
     */
    public static Subnet host(InetAddress address) {
        byte[] bytes = address.getAddress();
        return of(bytes.length == 4 ? Kind.IPV4 : Kind.IPV6, bytes, bytes.length * 8, DEFAULT_WEIGHT);
    }

    static Subnet of(Kind kind, byte[] address, int prefixLength, int weight) {
        return new Subnet(kind, address, prefixLength, weight);
    }

    /**
     * What kind of address it is.
     *
     * @return MAC, IPv4 or IPv6
     */
    public Kind kind() {
        return kind;
    }

    /**
     * The address, in network byte order: 4, 16 or 6 bytes.
     *
     * @return a copy
     */
    public byte[] address() {
        return address.clone();
    }

    /**
     * The address as an {@link InetAddress}.
     *
     * @return the address, of the family that {@link #kind()} says, also if IPv6 holds a mapped IPv4 address
     * @throws IllegalStateException for a MAC subnet
     */
    public InetAddress inetAddress() {
        if (kind == Kind.MAC) {
            throw new IllegalStateException(this + " is a MAC address");
        }
        try {
            // InetAddress.getByAddress would turn ::ffff:a.b.c.d into an IPv4 address.
            return kind == Kind.IPV6 ? Inet6Address.getByAddress(null, address, -1) : InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of " + address.length + " bytes is always accepted", e);
        }
    }

    /**
     * Length of the prefix in bits; 48 for a MAC address.
     *
     * @return 0 to 32, 0 to 128, or 48
     */
    public int prefixLength() {
        return prefixLength;
    }

    /**
     * The weight; lower is preferred among equal prefixes.
     *
     * @return any integer
     */
    public int weight() {
        return weight;
    }

    /**
     * Whether it stands for exactly one address.
     *
     * @return true for /32, /128 and MAC
     */
    public boolean isHost() {
        return prefixLength == kind.addressBytes * 8;
    }

    /**
     * Whether an address lies in this subnet.
     *
     * @param candidate 4, 6 or 16 bytes
     * @return true if of the same kind and equal in the first {@link #prefixLength()} bits
     */
    public boolean contains(byte[] candidate) {
        return candidate.length == address.length && equalBits(candidate, address, prefixLength);
    }

    /**
     * Whether an address lies in this subnet.
     *
     * @param candidate an IPv4 or IPv6 address
     * @return true if of the same family and equal in the first {@link #prefixLength()} bits
     */
    public boolean contains(InetAddress candidate) {
        return contains(candidate.getAddress());
    }

    /**
     * Whether every address of another subnet lies in this one.
     *
     * @param other any subnet
     * @return true if it is of the same kind, not shorter, and its address lies here
     */
    public boolean covers(Subnet other) {
        return kind == other.kind && other.prefixLength >= prefixLength && contains(other.address);
    }

    /**
     * The same range with the host bits cleared.
     *
     * @return this, if they are clear already
     */
    public Subnet masked() {
        if (hostBitsAreZero()) {
            return this;
        }
        byte[] bytes = address.clone();
        for (int bit = prefixLength; bit < bytes.length * 8; bit++) {
            bytes[bit >> 3] &= (byte) ~(0x80 >> (bit & 7));
        }
        return new Subnet(kind, bytes, prefixLength, weight);
    }

    private boolean hostBitsAreZero() {
        for (int bit = prefixLength; bit < address.length * 8; bit++) {
            if ((address[bit >> 3] & 0x80 >> (bit & 7)) != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean equalBits(byte[] a, byte[] b, int bits) {
        int whole = bits >> 3;
        if (Arrays.mismatch(a, 0, whole, b, 0, whole) >= 0) {
            return false;
        }
        int rest = bits & 7;
        return rest == 0 || ((a[whole] ^ b[whole]) & 0xff << 8 - rest & 0xff) == 0;
    }

    /** Order of the routing table: kind, longer prefix first, address, weight. */
    @Override
    public int compareTo(Subnet other) {
        int order = kind.compareTo(other.kind);
        if (order == 0) {
            order = Integer.compare(other.prefixLength, prefixLength);
        }
        if (order == 0) {
            order = Arrays.compareUnsigned(address, other.address);
        }
        return order != 0 ? order : Integer.compare(weight, other.weight);
    }

    /** Equal in kind, address, prefix length and weight: two subnets that differ in weight only are two entries. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Subnet that && compareTo(that) == 0;
    }

    @Override
    public int hashCode() {
        return (Arrays.hashCode(address) * 31 + prefixLength) * 31 + weight;
    }

    /** The text form, as it travels on the wire. */
    @Override
    public String toString() {
        String text =
                switch (kind) {
                    case MAC -> HexFormat.ofDelimiter(":").formatHex(address);
                    case IPV4, IPV6 -> addressText() + (isHost() ? "" : "/" + prefixLength);
                };
        return weight == DEFAULT_WEIGHT ? text : text + "#" + weight;
    }

    private String addressText() {
        return kind == Kind.IPV4 ? SubnetParser.formatIpv4(address) : SubnetParser.formatIpv6(address);
    }
}
