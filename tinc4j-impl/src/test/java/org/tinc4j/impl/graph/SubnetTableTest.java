package org.tinc4j.impl.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tinc4j.NodeName;
import org.tinc4j.Subnet;
import org.tinc4j.impl.graph.SubnetTable.Entry;

class SubnetTableTest {

    private static final int ADDRESS = 10 << 24 | 7 << 16 | 5;

    private static Entry up(String subnet, String owner) {
        return new Entry(Subnet.parseLenient(subnet), new NodeName(owner), 0, true);
    }

    private static Entry down(String subnet, String owner) {
        return new Entry(Subnet.parseLenient(subnet), new NodeName(owner), 0, false);
    }

    private static Entry lookup(Entry... entries) {
        return SubnetTable.of(List.of(entries)).lookupIpv4(ADDRESS);
    }

    @Test
    void prefersTheLongestPrefix() {
        assertThat(lookup(up("0.0.0.0/0", "a"), up("10.7.0.0/16", "b"), up("10.0.0.0/8", "c")))
                .isEqualTo(up("10.7.0.0/16", "b"));
    }

    @Test
    void passesOverUnreachableOwnersToAShorterPrefix() {
        assertThat(lookup(down("10.7.0.5", "a"), down("10.7.0.0/16", "b"), up("10.0.0.0/8", "c"), up("0.0.0.0/0", "d")))
                .isEqualTo(up("10.0.0.0/8", "c"));
    }

    @Test
    void prefersLowerWeightThenLowerName() {
        assertThat(lookup(up("10.7.0.5", "b"), up("10.7.0.5", "a"), up("10.7.0.5#20", "A"))).isEqualTo(up("10.7.0.5", "a"));
        assertThat(lookup(up("10.7.0.5", "a"), up("10.7.0.5#-1", "b"))).isEqualTo(up("10.7.0.5#-1", "b"));
    }

    @Test
    void returnsTheLastMatchIfNoOwnerIsReachable() {
        assertThat(lookup(down("10.7.0.5", "a"), down("10.0.0.0/8", "b"), down("10.0.0.0/8#11", "a"), up("11.0.0.0/8", "c")))
                .isEqualTo(down("10.0.0.0/8#11", "a"));
    }

    @Test
    void returnsNullIfNothingMatches() {
        assertThat(lookup(up("10.8.0.0/16", "a"))).isNull();
        assertThat(lookup()).isNull();
    }

    @Test
    void takesSubnetsThatDifferBeyondThePrefixForOneRangeOrderedByAddress() {
        assertThat(lookup(up("10.2.0.0/8#1", "a"), up("10.1.0.0/8#9", "b"))).isEqualTo(up("10.1.0.0/8#9", "b"));
    }

    @Test
    void knowsBroadcastRangesAsUsableThoughNobodyOwnsThem() {
        SubnetTable table = SubnetTable.of(SubnetTable.standardBroadcast());

        assertThat(table.lookupMac(0xffff_ffff_ffffL).subnet()).hasToString("ff:ff:ff:ff:ff:ff");
        assertThat(table.lookupIpv4(-1).subnet()).hasToString("255.255.255.255");
        assertThat(table.lookupIpv4(0xe000_0001).subnet()).hasToString("224.0.0.0/4");
        assertThat(table.lookupIpv6(0xff02L << 48, 1).subnet()).hasToString("ff00::/8");
        assertThat(table.lookupIpv6(-1, -1).owner()).isNull();
        assertThat(table.lookupIpv4(0xf000_0000)).isNull();
        assertThat(table.lookupMac(0xffff_ffff_fffeL)).isNull();
    }

    @Test
    void coversTheWholeRangeOfADefaultRoute() {
        SubnetTable table = SubnetTable.of(List.of(up("::/0", "six"), up("0.0.0.0/0", "four")));

        assertThat(table.lookupIpv6(0, 0).owner()).hasToString("six");
        assertThat(table.lookupIpv6(-1, -1).owner()).hasToString("six");
        assertThat(table.lookupIpv4(0).owner()).hasToString("four");
        assertThat(table.lookupIpv4(-1).owner()).hasToString("four");
        assertThat(table.lookupMac(0)).isNull();
    }
}
