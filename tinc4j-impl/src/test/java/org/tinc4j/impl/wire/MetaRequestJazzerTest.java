package org.tinc4j.impl.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.tinc4j.impl.wire.MetaRequestParser.Result;

/** Any line is a request that reads back as itself, or refused for a printable reason. */
class MetaRequestJazzerTest {

    static Stream<byte[]> lines() {
        return Stream.of(
                        "0 alice 17.7",
                        "4 655 10 700000c",
                        "10 1f2e alice 10.7.0.0/24#5",
                        "11 1f2e alice fd00::/64",
                        "12 1f2e alice bob 192.0.2.1 655 700000c 10 10.0.0.1 655",
                        "13 1f2e alice bob",
                        "14 1f2e alice",
                        "15 alice bob 15 AQIDBA",
                        "16 alice bob AQIDBA -1 -1 -1 0 192.0.2.1 655",
                        "17 1400",
                        "21 1400",
                        "22 alice bob 192.0.2.1 655",
                        "23 alice bob 1400",
                        "8",
                        "9")
                .map(line -> line.getBytes(StandardCharsets.ISO_8859_1));
    }

    @MethodSource("lines")
    @FuzzTest
    void line(byte[] data) {
        switch (MetaRequestParser.parse(new String(data, StandardCharsets.ISO_8859_1))) {
            case Result.Parsed parsed ->
                assertThat(MetaRequestParser.parse(parsed.request().encode())).isEqualTo(parsed);
            case Result.Malformed bad -> assertThat(bad.reason()).matches("[ -~]+");
        }
    }
}
