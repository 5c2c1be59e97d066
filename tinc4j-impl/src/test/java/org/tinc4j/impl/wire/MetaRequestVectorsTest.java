package org.tinc4j.impl.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.tinc4j.impl.wire.MetaRequestParser.Result;

/** Lines that tincd sent, and what tincd did with lines it was sent. */
class MetaRequestVectorsTest {

    /** Requests the line codec reads and the state of the connection, or the receiver's graph, refuses. */
    private static final Set<String> REFUSED_LATER = Set.of("0 dave 17.7", "7");

    @Test
    void idLinesOfARecordedSessionReadBackByteExact() throws IOException {
        List<String> lines = new ArrayList<>();
        for (JsonNode chunk : vector("meta-session.json").get("chunks")) {
            if (chunk.get("what").asText().startsWith("ID line")) {
                byte[] bytes = HexFormat.of().parseHex(chunk.get("bytes").asText());
                lines.add(new String(bytes, StandardCharsets.ISO_8859_1));
            }
        }
        assertThat(lines).hasSize(2).allSatisfy(line -> assertThat(encoded(line) + "\n").isEqualTo(line));
    }

    @Test
    void handshakeLinesOfARecordedTunnelReadBackByteExact() throws IOException {
        for (JsonNode entry : vector("tunnelled-session.json").get("handshake_lines")) {
            String line = entry.get("line").asText();
            assertThat(encoded(line)).isEqualTo(line);
            assertThat(((Result.Parsed) MetaRequestParser.parse(line)).request().kind().name())
                    .isEqualTo(entry.get("request").asText());
        }
    }

    @Test
    void packetLinesOfARecordedTunnelReadBackByteExact() throws IOException {
        for (JsonNode entry : vector("tunnelled-session.json").get("packets")) {
            for (String form : List.of("sptps_packet_request_line", "req_key_packet_line")) {
                if (entry.has(form)) {
                    assertThat(encoded(entry.get(form).asText())).isEqualTo(entry.get(form).asText());
                }
            }
        }
    }

    @TestFactory
    List<DynamicTest> readsExactlyWhatTincdReads() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode entry : vector("request-handling.json").get("cases")) {
            String line = entry.get("request").asText();
            boolean closes = entry.get("outcome").asText().equals("close") && !REFUSED_LATER.contains(line);
            tests.add(DynamicTest.dynamicTest(line, () -> assertThat(MetaRequestParser.parse(line))
                    .isInstanceOf(closes ? Result.Malformed.class : Result.Parsed.class)));
        }
        assertThat(tests).hasSizeGreaterThan(30);
        return tests;
    }

    private static String encoded(String line) {
        return ((Result.Parsed) MetaRequestParser.parse(line)).request().encode();
    }

    private static JsonNode vector(String name) throws IOException {
        try (InputStream in = MetaRequestVectorsTest.class.getResourceAsStream("/vectors/" + name)) {
            return new ObjectMapper().readTree(in);
        }
    }
}
