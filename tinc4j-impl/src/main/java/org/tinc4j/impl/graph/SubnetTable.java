package org.tinc4j.impl.graph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.tinc4j.NodeName;
import org.tinc4j.Subnet;

/**
 * Which node owns an address. Immutable, made anew whenever subnets or reachability change, read by the data path.
 *
 * <p>The protocol describes a walk along the table, longest prefix first, then by address, weight and owner: the first match with a
 * reachable owner, or with none, counts; where only unreachable owners match, the last match does. Here that walk is done beforehand,
 * once for each stretch of addresses on which it comes out the same, and a look-up is a binary search for the stretch.
 *
 * <p><b>Threads.</b> Any. Look-ups allocate nothing.
 *
 * <p><b>Source.</b> tinc 1.1 protocol, subnet look-up.
 */
public final class SubnetTable {

    /**
     * One range and who owns it.
     *
     * @param subnet the range; bits beyond its prefix may be set and count for the order only
     * @param owner the node, or null for a broadcast range, which belongs to all
     * @param ownerIndex the caller's own number for the owner, handed back by look-ups
     * @param ownerReachable whether packets can be sent there; ignored without owner
     */
    public record Entry(Subnet subnet, NodeName owner, int ownerIndex, boolean ownerReachable) {

        boolean usable() {
            return owner == null || ownerReachable;
        }
    }

    private static final Comparator<Entry> ORDER = Comparator.comparing(Entry::subnet)
            .thenComparing(Entry::owner, Comparator.nullsFirst(Comparator.naturalOrder()));

    private static final int NO_OWNER_INDEX = -1;

    private static final List<Entry> STANDARD_BROADCAST = List.of(
            broadcast("ff:ff:ff:ff:ff:ff"), broadcast("255.255.255.255"), broadcast("224.0.0.0/4"), broadcast("ff00::/8"));

    private final AddressIndex mac;
    private final AddressIndex ipv4;
    private final AddressIndex ipv6;

    private SubnetTable(AddressIndex mac, AddressIndex ipv4, AddressIndex ipv6) {
        this.mac = mac;
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
    }

    /**
     * Makes a table. Costs a sort of the entries.
     *
     * @param entries in any order; the standard broadcast ranges are not added by themselves
     * @return the table
     */
    public static SubnetTable of(Collection<Entry> entries) {
        List<Entry> sorted = new ArrayList<>(entries);
        sorted.sort(ORDER);
        return new SubnetTable(
                AddressIndex.of(ofKind(sorted, Subnet.Kind.MAC)),
                AddressIndex.of(ofKind(sorted, Subnet.Kind.IPV4)),
                AddressIndex.of(ofKind(sorted, Subnet.Kind.IPV6)));
    }

    private static List<Entry> ofKind(List<Entry> sorted, Subnet.Kind kind) {
        return sorted.stream().filter(entry -> entry.subnet().kind() == kind).toList();
    }

    /**
     * The broadcast ranges every node has.
     *
     * @return one MAC address, {@code 255.255.255.255}, {@code 224.0.0.0/4} and {@code ff00::/8}, without owner, with owner index -1
     */
    public static Collection<Entry> standardBroadcast() {
        return STANDARD_BROADCAST;
    }

    private static Entry broadcast(String subnet) {
        return new Entry(Subnet.parse(subnet), null, NO_OWNER_INDEX, false);
    }

    /**
     * Looks up an IPv4 address.
     *
     * @param address its 4 bytes, big-endian
     * @return the entry that counts, whose owner may be unreachable; null if no range holds the address
     */
    public Entry lookupIpv4(int address) {
        return ipv4.find(0, address & 0xffff_ffffL);
    }

    /**
     * Looks up an IPv6 address.
     *
     * @param high its first 8 bytes, big-endian
     * @param low its last 8 bytes, big-endian
     * @return the entry that counts, whose owner may be unreachable; null if no range holds the address
     */
    public Entry lookupIpv6(long high, long low) {
        return ipv6.find(high, low);
    }

    /**
     * Looks up a MAC address.
     *
     * @param mac48 its 6 bytes, big-endian, in the low 48 bits; the others are zero
     * @return the entry that counts, whose owner may be unreachable; null if there is none of this address
     */
    public Entry lookupMac(long mac48) {
        return mac.find(0, mac48);
    }
}
