package org.tinc4j;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts of people and of the network: read or refused, and what was read prints as something that reads back the same. */
class TextJazzerTest {

    static Stream<byte[]> subnets() {
        return Stream.of("10.7.0.0/16#20", "255.255.255.255", "02:00:5e:00:53:01#7", "fd00:7::1/128", "::ffff:1.2.3.4/96", "::/0#-1")
                .map(TextJazzerTest::bytes);
    }

    @MethodSource("subnets")
    @FuzzTest
    void subnet(byte[] data) {
        Subnet subnet;
        try {
            subnet = Subnet.parseLenient(text(data));
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).matches("[ -~]+");
            return;
        }
        assertThat(Subnet.parseLenient(subnet.toString())).isEqualTo(subnet);
        assertThat(Subnet.parse(subnet.masked().toString()).covers(subnet)).isTrue();
    }

    static Stream<byte[]> keys() {
        NodeKey key = NodeKey.generate();
        return Stream.of(key.text(), key.publicKey().toString(), "-----BEGIN ED25519 PRIVATE KEY-----\n").map(TextJazzerTest::bytes);
    }

    @MethodSource("keys")
    @FuzzTest
    void privateKey(byte[] data) {
        try {
            NodeKey key = NodeKey.parse(text(data));
            assertThat(NodeKey.parse(key.text()).publicKey()).isEqualTo(key.publicKey());
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    @MethodSource("keys")
    @FuzzTest
    void publicKey(byte[] data) {
        try {
            NodePublicKey key = NodePublicKey.parse(text(data));
            assertThat(NodePublicKey.parse(key.toString())).isEqualTo(key);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    static Stream<byte[]> base64() {
        return Stream.of("", "A", "AQ", "AQI", "AQID", "-_", "+/", "AQI=").map(TextJazzerTest::bytes);
    }

    @MethodSource("base64")
    @FuzzTest
    void base64(byte[] data) {
        assertThat(TincBase64.decode(TincBase64.encode(data))).isEqualTo(data);
        byte[] decoded = TincBase64.decode(text(data));
        if (decoded != null) {
            assertThat(TincBase64.decode(TincBase64.encode(decoded))).isEqualTo(decoded);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] data) {
        return new String(data, StandardCharsets.ISO_8859_1);
    }
}
