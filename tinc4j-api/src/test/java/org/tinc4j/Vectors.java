package org.tinc4j;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;

/** Known answers, from {@code src/test/resources/vectors}. */
final class Vectors {

    private Vectors() {}

    static JsonNode read(String name) {
        try (InputStream file = Vectors.class.getResourceAsStream("/vectors/" + name)) {
            return new ObjectMapper().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(JsonNode hex) {
        return HexFormat.of().parseHex(hex.asText());
    }
}
