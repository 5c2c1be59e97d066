package org.tinc4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubnetTest {

    @Test
    void readsEachKind() {
        Subnet ipv4 = Subnet.parse("1.2.3.0/24#42");
        assertThat(ipv4.kind()).isEqualTo(Subnet.Kind.IPV4);
        assertThat(ipv4.address()).containsExactly(1, 2, 3, 0);
        assertThat(ipv4.prefixLength()).isEqualTo(24);
        assertThat(ipv4.weight()).isEqualTo(42);
        assertThat(ipv4.isHost()).isFalse();

        Subnet ipv6 = Subnet.parse("04fb:7deb:78db:1950:2d21:258d:40b6:f0d7/128#999");
        assertThat(ipv6.kind()).isEqualTo(Subnet.Kind.IPV6);
        assertThat(ipv6.address()).startsWith(0x04, 0xfb, 0x7d, 0xeb).hasSize(16);
        assertThat(ipv6.weight()).isEqualTo(999);
        assertThat(ipv6.isHost()).isTrue();

        Subnet mac = Subnet.parse("57:04:13:01:f9:26#60");
        assertThat(mac.kind()).isEqualTo(Subnet.Kind.MAC);
        assertThat(mac.address()).containsExactly(0x57, 0x04, 0x13, 0x01, 0xf9, 0x26);
        assertThat(mac.prefixLength()).isEqualTo(48);
        assertThat(mac.weight()).isEqualTo(60);

        assertThat(Subnet.parseLenient("fe80::16dd:a9ff:fe7e:b4c2/64").weight()).isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "1.2.256.0", "1.2.3.0/", "1.2.3.0/42", "1.2.3.0/MASK", "fe80::/129", "fe80::/MASK", "fe80::/", "57:04:13:01:f9:26/1",
        "57:04:13:01:f9:26/48", "1.2.3.0#WEIGHT", "1.2.3.0#", "fe80::#", "57:04:13:01:f9:26#w", "1.1.1", "1:2:3:4:5:",
        "1:2:3:4:5:::6", "1:2:3:4:5:6:7:8:9", "256.256.256.256", "1:2:3:4:5:6:7:8.123", "1:2:3:4:5:6:7:1.2.3.4",
        "a:b:c:d:e:f:g:h", "1.1.1.1/-1", "1.1.1.1/33", "1::/-1", "1::/129", "", "#1", "/8", ":", ":::", "1::2::3", "1:2:3:4:5:6:7",
        ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", "1:2:3:4::5:6:7:8", "12345::", "1.2.3.4::", "::1.2.3", "::1.2.3.4:5", "1.2.3.4.", "1..2.3",
        "010.0.0.1", "1.2.3.4/+8", "1.2.3.4/ 8", " 1.2.3.4", "1.2.3.4#1#2", "1.2.3.4/8/8", "1.2.3.4#99999999999", "1.2.3.4/4294967304",
        "1.2.3.4/\u0661", "\u0661.2.3.4", "1.2.3.4#\uff11", "\uff11::", "57:04:13:01:f9", "57:04:13:01:f9:226", "0x1.2.3.4", "+1.2.3.4"
    })
    void refusesWhatIsNoSubnetAndNamesIt(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Subnet.parseLenient(text))
                .withMessageStartingWith("\"" + text.replaceAll("[^ -~]", "?") + "\" is no subnet: ");
    }

    @Test
    void refusesLongTextWithoutRepeatingAllOfIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Subnet.parseLenient(":".repeat(1024)))
                .withMessageContaining("more than 63 characters")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(250));
    }

    @ParameterizedTest
    @CsvSource({
        "12:fe:ff:3a:28:90#42, 12:fe:ff:3a:28:90#42",
        "2:0:5E:0:53:1, 02:00:5e:00:53:01",
        "1.2.3.4/32#10, 1.2.3.4",
        "1.2.3.4#-3, 1.2.3.4#-3",
        "181.35.16.0/27#1, 181.35.16.0/27#1",
        "5fbf:5cfe:0:fdd2:fd76::/96#900, 5fbf:5cfe:0:fdd2:fd76::/96#900",
        "0.0.0.0/0, 0.0.0.0/0",
        "::/0, ::/0",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        // RFC 5952 section 4: no leading zeros, "::" for two groups or more, for the longest run, for the first of equal runs, lower case.
        "2001:0db8::0001, 2001:db8::1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:DB8:AAAA::, 2001:db8:aaaa::",
        "0:0:1:2:3:4:5:6, ::1:2:3:4:5:6",
        "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::1.2.3.4, ::102:304",
    })
    void printsOneFormOfEachSubnet(String text, String printed) {
        assertThat(Subnet.parse(text)).hasToString(printed);
        assertThat(Subnet.parse(printed)).isEqualTo(Subnet.parse(text)).hasSameHashCodeAs(Subnet.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "10.20.0.0/8, 10.0.0.0/8",
        "10.20.30.0/16, 10.20.0.0/16",
        "1.1.1.1/0, 0.0.0.0/0",
        "1::/0#3, ::/0#3",
        "fe80::16dd:a9ff:fe7e:b4c2/64, fe80::/64",
        "10.0.0.255/31, 10.0.0.254/31",
    })
    void refusesHostBitsWhereAPersonWritesAndKeepsThemOnTheWire(String text, String remedy) {
        assertThatIllegalArgumentException().isThrownBy(() -> Subnet.parse(text)).withMessageEndingWith("write " + remedy);
        assertThat(Subnet.parseLenient(text)).hasToString(text);
        assertThat(Subnet.parseLenient(text).masked()).isEqualTo(Subnet.parse(remedy));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/8", "192.168.0.0/16", "192.168.24.0/24"})
    void acceptsNetworkAddresses(String text) {
        Subnet subnet = Subnet.parse(text);

        assertThat(subnet).hasToString(text);
        assertThat(subnet.masked()).isSameAs(subnet);
    }

    @Test
    void standsInTableOrder() {
        List<Subnet> ordered = List.of(
                Subnet.parse("00:00:00:00:00:01"),
                Subnet.parse("00:00:00:00:00:02#1"),
                Subnet.parse("80:00:00:00:00:00"),
                Subnet.parse("10.0.0.1"),
                Subnet.parse("200.0.0.1"),
                Subnet.parse("9.0.0.0/16"),
                Subnet.parse("10.0.0.0/8#-1"),
                Subnet.parse("10.0.0.0/8"),
                Subnet.parse("10.0.0.0/8#11"),
                Subnet.parse("0.0.0.0/0"),
                Subnet.parse("::1"),
                Subnet.parse("fd00::/16"),
                Subnet.parse("::/0"));
        List<Subnet> shuffled = new ArrayList<>(ordered);
        Collections.shuffle(shuffled, new Random(1));

        assertThat(shuffled.stream().sorted()).containsExactlyElementsOf(ordered);
    }

    @Test
    void isAnotherEntryIfOnlyTheWeightDiffers() {
        assertThat(Subnet.parse("10.0.0.0/8")).isNotEqualTo(Subnet.parse("10.0.0.0/8#11")).isEqualTo(Subnet.parse("10.0.0.0/8#10"));
    }

    @Test
    void comparesExactlyThePrefixBits() {
        Subnet subnet = Subnet.parse("10.7.8.0/21");

        assertThat(subnet.contains(new byte[] {10, 7, 15, (byte) 255})).isTrue();
        assertThat(subnet.contains(new byte[] {10, 7, 16, 0})).isFalse();
        assertThat(subnet.contains(new byte[] {10, 7, 7, (byte) 255})).isFalse();
        assertThat(subnet.contains(new byte[16])).isFalse();
        assertThat(Subnet.parse("0.0.0.0/0").contains(new byte[] {-1, -1, -1, -1})).isTrue();
        assertThat(subnet.covers(Subnet.parse("10.7.12.0/22"))).isTrue();
        assertThat(subnet.covers(Subnet.parse("10.7.0.0/20"))).isFalse();
        assertThat(Subnet.parse("::/0").covers(subnet)).isFalse();
    }

    @Test
    void turnsIntoAnAddressOfItsOwnFamily() throws Exception {
        assertThat(Subnet.parse("10.7.0.5").inetAddress()).isEqualTo(InetAddress.getByAddress(new byte[] {10, 7, 0, 5}));
        assertThat(Subnet.parse("::ffff:1.2.3.4").inetAddress()).isInstanceOf(Inet6Address.class);
        assertThat(Subnet.host(InetAddress.getByAddress(new byte[] {10, 7, 0, 5}))).hasToString("10.7.0.5");
        assertThatIllegalStateException().isThrownBy(() -> Subnet.parse("1:2:3:4:5:6").inetAddress());
    }

    @Test
    void cannotBeChangedThroughItsAddress() {
        Subnet subnet = Subnet.parse("10.7.0.5");

        subnet.address()[0] = 99;

        assertThat(subnet).hasToString("10.7.0.5");
    }
}
