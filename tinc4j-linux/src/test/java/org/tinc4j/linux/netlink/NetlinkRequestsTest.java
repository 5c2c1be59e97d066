package org.tinc4j.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.tinc4j.Subnet;

/** Requests against bytes written by hand from rtnetlink(7), in little-endian order. */
class NetlinkRequestsTest {

    @BeforeAll
    static void littleEndianOnly() {
        assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "the bytes here are little-endian");
    }

    @Test
    void findsALinkByName() {
        assertThat(hex(LinkRequests.find("tun0"))).isEqualTo(bytes(
                "2c000000 1200 0500 01000000 00000000", // nlmsghdr: 44 bytes, RTM_GETLINK, REQUEST|ACK
                "00 00 0000 00000000 00000000 00000000", // ifinfomsg
                "0900 0300 74756e30 00 000000")); // IFLA_IFNAME, padded
    }

    @Test
    void setsMtuAndUpInOneRequest() {
        assertThat(hex(LinkRequests.up(7, 1425))).isEqualTo(bytes(
                "28000000 1000 0500 01000000 00000000", // RTM_NEWLINK
                "00 00 0000 07000000 01000000 01000000", // index 7, flags IFF_UP, mask IFF_UP
                "0800 0400 91050000")); // IFLA_MTU
    }

    @Test
    void givesTheMtuBackGoingDown() {
        assertThat(hex(LinkRequests.down(7, 1500))).isEqualTo(bytes(
                "28000000 1000 0500 01000000 00000000", "00 00 0000 07000000 00000000 01000000", "0800 0400 dc050000"));
    }

    @Test
    void nestsTheIpv6Settings() {
        assertThat(hex(LinkRequests.withoutLinkLocal(7))).isEqualTo(bytes(
                "30000000 1000 0500 01000000 00000000",
                "00 00 0000 07000000 00000000 00000000",
                "1000 1a00", // IFLA_AF_SPEC
                "0c00 0a00", // AF_INET6
                "0500 0800 01 000000")); // IFLA_INET6_ADDR_GEN_MODE none
    }

    @Test
    void addsAnIpv4AddressWithItsHostBits() {
        assertThat(hex(LinkRequests.addAddress(7, Subnet.parseLenient("10.7.0.5/16")))).isEqualTo(bytes(
                "28000000 1400 0506 01000000 00000000", // RTM_NEWADDR, CREATE|EXCL
                "02 10 02 00 07000000", // ifaddrmsg: AF_INET, /16, NODAD, universe
                "0800 0200 0a070005", // IFA_LOCAL
                "0800 0100 0a070005")); // IFA_ADDRESS
    }

    @Test
    void removesAnIpv6Address() {
        assertThat(hex(LinkRequests.removeAddress(7, Subnet.parseLenient("fd00:7::5/64")))).isEqualTo(bytes(
                "40000000 1500 0500 01000000 00000000",
                "0a 40 02 00 07000000",
                "1400 0200 fd000007 00000000 00000000 00000005",
                "1400 0100 fd000007 00000000 00000000 00000005"));
    }

    @Test
    void addsAnIpv4Route() {
        assertThat(hex(RouteRequests.add(7, Subnet.parse("10.9.0.0/16")))).isEqualTo(bytes(
                "2c000000 1800 0506 01000000 00000000", // RTM_NEWROUTE, CREATE|EXCL
                "02 10 00 00 fe 04 fd 01 00000000", // rtmsg: main table, static, link scope, unicast
                "0800 0100 0a090000", // RTA_DST
                "0800 0400 07000000")); // RTA_OIF
    }

    @Test
    void removesAnIpv6Route() {
        assertThat(hex(RouteRequests.remove(7, Subnet.parse("fd00:9::/32")))).isEqualTo(bytes(
                "38000000 1900 0500 01000000 00000000",
                "0a 20 00 00 fe 04 ff 01 00000000",
                "1400 0100 fd000009 00000000 00000000 00000000",
                "0800 0400 07000000"));
    }

    @Test
    void asksForTheTableEntryOfARoute() {
        assertThat(hex(RouteRequests.find(Subnet.parse("10.9.0.0/16")))).isEqualTo(bytes(
                "24000000 1a00 0500 01000000 00000000", "02 20 00 00 00 00 00 00 00200000", "0800 0100 0a090000"));
    }

    @Test
    void refusesAMacAddress() {
        Subnet mac = Subnet.parse("02:00:5e:00:53:01");
        assertThatThrownBy(() -> RouteRequests.add(7, mac))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("02:00:5e:00:53:01 is a MAC address");
    }

    @Test
    void readsAnAcknowledgementAndARefusal() {
        String request = "28000000 1000 0500 01000000 00000000";
        assertThat(read("24000000 0200 0001 01000000 2a000000", "00000000", request)).isEqualTo(new NetlinkReply.Status(0));
        assertThat(read("24000000 0200 0001 01000000 2a000000", "efffffff", request)).isEqualTo(new NetlinkReply.Status(17));
    }

    @Test
    void readsALinkWithItsMtuBehindOtherAttributes() {
        assertThat(read(
                        "34000000 1000 0000 01000000 2a000000",
                        "00 00 feff 07000000 90100000 00000000",
                        "0900 0300 74756e30 00 000000",
                        "0800 0400 dc050000"))
                .isEqualTo(new NetlinkReply.Link(7, 1500));
    }

    @Test
    void readsTheInterfaceAndPrefixOfARoute() {
        assertThat(read(
                        "2c000000 1800 0000 01000000 2a000000",
                        "02 10 00 00 fe 04 fd 01 00000000",
                        "0800 0100 0a090000",
                        "0800 0400 07000000"))
                .isEqualTo(new NetlinkReply.Route(7, 16));
    }

    @Test
    void damagedRepliesAreValuesAndReadNothingBeyondTheirEnd() {
        assertThat(read("24000000")).isInstanceOf(NetlinkReply.Malformed.class);
        assertThat(read("24000000 0200 0001 01000000 2a000000")).isInstanceOf(NetlinkReply.Malformed.class);
        assertThat(read("14000000 0200 0001 01000000 2a000000", "00000000")).isInstanceOf(NetlinkReply.Malformed.class);
        assertThat(read("10000000 0300 0000 01000000 2a000000")).isInstanceOf(NetlinkReply.Malformed.class);
        assertThat(read("28000000 1000 0000 01000000 2a000000", "00 00 feff 07000000 90100000 00000000", "ffff 0400 dc050000"))
                .isEqualTo(new NetlinkReply.Link(7, 0));
        assertThat(read("24000000 1000 0000 01000000 2a000000", "00 00 feff 07000000 90100000 00000000", "0000 0400"))
                .isEqualTo(new NetlinkReply.Link(7, 0));
    }

    private static NetlinkReply read(String... groups) {
        return NetlinkReply.read(
                ByteBuffer.wrap(HexFormat.of().parseHex(bytes(groups))).order(ByteOrder.nativeOrder()));
    }

    private static String bytes(String... groups) {
        return String.join("", groups).replace(" ", "");
    }

    private static String hex(ByteBuffer message) {
        assertThat(message.position()).isZero();
        return HexFormat.of().formatHex(message.array(), 0, message.limit());
    }
}
