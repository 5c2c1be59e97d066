package org.tinc4j.impl.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.tinc4j.TincBase64;

/** The text form of keys against tinc's own output. */
class TincBase64VectorsTest {

    @Test
    void encodesAndDecodesLikeTinc() {
        for (JsonNode vector : Vectors.read("base64.json").get("encode")) {
            byte[] bytes = Vectors.bytes(vector, "bytes");
            assertThat(TincBase64.encode(bytes)).isEqualTo(vector.get("text").textValue());
            assertThat(TincBase64.decode(vector.get("text").textValue())).isEqualTo(bytes);
            assertThat(TincBase64.decode(vector.get("urlsafe").textValue())).isEqualTo(bytes);
        }
    }

    /** Where tinc reports a length of 0 for text that is no base64, this decoder tells it apart from empty text by null. */
    @Test
    void decodesOrRefusesLikeTinc() {
        for (JsonNode vector : Vectors.read("base64.json").get("decode")) {
            byte[] decoded = TincBase64.decode(vector.get("text").textValue());
            assertThat(decoded == null ? new byte[0] : decoded).as(vector.toString())
                    .isEqualTo(Vectors.bytes(vector, "bytes"))
                    .hasSize(vector.get("length").intValue());
        }
    }
}
