package org.tinc4j.impl.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

class PrfTest {

    @Test
    void derivesWhatTincDerives() {
        for (JsonNode vector : Vectors.read("prf.json").get("cases")) {
            byte[] output = Prf.expand(
                    Vectors.bytes(vector, "secret"), Vectors.bytes(vector, "seed"), vector.get("output_length").intValue());
            assertThat(output).isEqualTo(Vectors.bytes(vector, "output"));
        }
    }
}
