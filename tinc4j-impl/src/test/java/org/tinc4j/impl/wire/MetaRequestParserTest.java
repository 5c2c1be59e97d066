package org.tinc4j.impl.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tinc4j.NodeName;
import org.tinc4j.Subnet;
import org.tinc4j.impl.wire.MetaRequestParser.Result;

class MetaRequestParserTest {

    private static final NodeName ALICE = new NodeName("alice");
    private static final NodeName BOB = new NodeName("bob");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0 alice 17.7",
                "4 655 31 700000c",
                "7",
                "8",
                "9",
                "10 c41d10a4 alice 10.7.0.0/16",
                "10 0 alice 10.7.0.5#-3",
                "11 ffffffff alice fd00:7::/32#20",
                "11 1 alice 02:00:5e:00:53:01",
                "12 c41d10a4 alice bob 198.51.100.2 655 700000c 0 198.51.100.1 655",
                "12 1 alice bob some.host.name 655 ff00000c -2147483648 unspec unspec",
                "12 1 alice bob fd00::1 655 0 2147483647",
                "13 1 alice bob",
                "14 99 dave",
                "15 alice bob",
                "15 alice bob 19",
                "15 alice bob 20 KEYKEYKEY",
                "16 bob alice abc -1 -1 -1 12",
                "16 bob alice abc -1 -1 -1 0 198.51.100.1 655",
                "17 0",
                "17 32767",
                "21 12",
                "22 alice bob 198.51.100.1 655",
                "23 alice bob 512",
            })
    void writesTheCanonicalLineItRead(String line) {
        assertThat(parsed(line).encode()).isEqualTo(line);
    }

    @Test
    void anyWhiteSpaceSeparatesFieldsAndSurplusFieldsAreIgnored() {
        assertThat(parsed("\t 4\r655 \u000b 31\f700000C surplus fields\n")).isEqualTo(new MetaRequest.Ack(655, 31, 0x700000c));
    }

    @ParameterizedTest
    @CsvSource({"17,17,0", "17.7,17,7", "17.,17,0", "17.1234,17,123", "17.7rc1,17,7", "1.0,1,0"})
    void readsTheVersionOfAnIdAsFarAsItGoes(String text, int major, int minor) {
        assertThat(parsed("0 alice " + text + "\r")).isEqualTo(new MetaRequest.Id("alice", major, minor));
    }

    @Test
    void acceptsTheNameFieldOfControlAndInvitationGreetings() {
        assertThat(parsed("0 ?8qjRwEo- 17.1")).isEqualTo(new MetaRequest.Id("?8qjRwEo-", 17, 1));
    }

    @Test
    void keepsTheHostBitsOfASubnet() {
        assertThat(parsed("10 1 alice 10.98.1.1/16#5"))
                .isEqualTo(new MetaRequest.AddSubnet(1, ALICE, Subnet.parseLenient("10.98.1.1/16#5")));
    }

    @Test
    void anUnreadableSubRequestIsLeftToItsDestination() {
        assertThat(parsed("15 alice bob what ever")).isEqualTo(new MetaRequest.ReqKey(ALICE, BOB, -1, ""));
    }

    @Test
    void aReflexiveAddressWithoutPortIsNone() {
        assertThat(parsed("16 alice bob key -1 -1 -1 0 198.51.100.1"))
                .isEqualTo(new MetaRequest.AnsKey(ALICE, BOB, "key", -1, -1, -1, 0, "", ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "''|request: number is missing",
                "30|request: \"30\" is no request number",
                "-1|request: \"-1\" is no request number",
                "4294967304|request: \"4294967304\" is no request number",
                "8x|request: \"8x\" is no request number",
                "1 1 1 1 1 AA|METAKEY: belongs to the legacy handshake",
                "5|STATUS: is not handled by any node",
                "18 3|CONTROL: belongs on a control socket",
                "19|REQ_PUBKEY: is legal inside REQ_KEY only",
                "0 alice|ID: version is missing",
                "0 alice x.7|ID: version \"x.7\" does not start with a number",
                "4 65536 31 c|ACK: UDP port \"65536\" is no number in 0..65535",
                "4 655 2147483648 c|ACK: weight \"2147483648\" is no number in -2147483648..2147483647",
                "4 655 31 0xc|ACK: options \"0xc\" is no hex number of up to 8 digits",
                "4 655 31 123456789|ACK: options \"123456789\" is no hex number of up to 8 digits",
                "10 1 alice 1.2.3.4/33|ADD_SUBNET: \"1.2.3.4/33\" is no subnet",
                "10 1 da-ve 1.2.3.4|ADD_SUBNET: owner \"da-ve\" is no node name",
                "12 1 a b x 655 c 5 y|ADD_EDGE: local port is missing",
                "13 1 alice alice|DEL_EDGE: from and to are both \"alice\"",
                "17 32768|PACKET: length \"32768\" is no number in 0..32767",
                "21 11|SPTPS_PACKET: length \"11\" is no number in 12..32767",
                "23 alice bob 511|MTU_INFO: mtu \"511\" is no number in 512..2147483647",
            })
    void refusesWithAReason(String line, String reason) {
        assertThat(MetaRequestParser.parse(line)).isEqualTo(new Result.Malformed(reason));
    }

    @Test
    void acceptsAFieldOf2048CharactersAndNoLonger() {
        String longest = "x".repeat(2048);
        assertThat(parsed("15 alice bob 77 " + longest)).isEqualTo(new MetaRequest.ReqKey(ALICE, BOB, 77, longest));
        assertThat(MetaRequestParser.parse("15 alice bob 77 x" + longest)).isInstanceOf(Result.Malformed.class);
    }

    @Test
    void refusesNulWhichWouldEndTheLineEarlyElsewhere() {
        assertThat(MetaRequestParser.parse("12 1 a b x\0 655 c 5")).isEqualTo(new Result.Malformed("ADD_EDGE: the line contains NUL"));
    }

    @Test
    void aReasonIsPrintableAndShort() {
        String reason = ((Result.Malformed) MetaRequestParser.parse("10 1 \u001b[31m\u00e9" + "y".repeat(2000) + " x")).reason();
        assertThat(reason).hasSizeLessThanOrEqualTo(80).matches("[ -~]+").startsWith("ADD_SUBNET: owner \"?[31m?yy");
    }

    @Test
    void secretsDoNotAppearInToString() {
        assertThat(parsed("0 ^c00c1e 0").toString()).doesNotContain("c00c1e");
        assertThat(parsed("16 a b deadbeef 91 64 4 0").toString()).doesNotContain("deadbeef");
    }

    @Test
    void aRequestThatCouldNotBeReadBackIsNotMade() {
        assertThatThrownBy(() -> new MetaRequest.UdpInfo(ALICE, BOB, "10.0.0.1 655", "655"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("UDP_INFO: address has white space");
        assertThatThrownBy(() -> new MetaRequest.DelEdge(1, ALICE, ALICE)).hasMessageContaining("to itself");
        assertThatThrownBy(() -> new MetaRequest.PacketHeader(40000)).hasMessageContaining("outside 0..32767");
        assertThatThrownBy(() -> new MetaRequest.ReqKey(ALICE, BOB, -1, "data")).hasMessageContaining("sub-request of data=-1");
    }

    private static MetaRequest parsed(String line) {
        Result result = MetaRequestParser.parse(line);
        assertThat(result).isInstanceOf(Result.Parsed.class);
        return ((Result.Parsed) result).request();
    }
}
