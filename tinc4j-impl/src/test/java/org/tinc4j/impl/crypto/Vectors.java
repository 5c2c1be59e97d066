package org.tinc4j.impl.crypto;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;

/** Reads the known-answer vectors of the test resources. */
public final class Vectors {

    private Vectors() {}

    /** One file of {@code vectors/}. */
    public static JsonNode read(String file) {
        try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + file)) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The bytes of a hexadecimal field. */
    public static byte[] bytes(JsonNode object, String field) {
        return HexFormat.of().parseHex(object.get(field).textValue());
    }
}
