package org.tinc4j.impl.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.tinc4j.NodeName;

class NodeIdTest {

    @Test
    void isTheFirstSixBytesOfTheDigestOfTheName() throws IOException {
        try (InputStream vectors = NodeIdTest.class.getResourceAsStream("/vectors/node-id.json")) {
            JsonNode cases = new ObjectMapper().readTree(vectors).get("cases");
            assertThat(cases).isNotEmpty();
            for (JsonNode known : cases) {
                NodeName name = new NodeName(known.get("name").asText());
                assertThat(NodeId.of(name)).as("id of %s", name).isEqualTo(Long.parseLong(known.get("id").asText(), 16));
            }
        }
    }
}
