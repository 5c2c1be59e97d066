package org.tinc4j;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TincBase64Test {

    private static final JsonNode VECTORS = Vectors.read("base64.json");

    @Test
    void encodesWithTheStandardAlphabetFromTheLowEnd() {
        for (JsonNode known : VECTORS.get("encode")) {
            assertThat(TincBase64.encode(Vectors.bytes(known.get("bytes")))).isEqualTo(known.get("text").asText());
        }
    }

    @Test
    void encodesAPartOfAnArray() {
        assertThat(TincBase64.encode(new byte[] {1, (byte) 0xf3, (byte) 0xd6, 2}, 1, 2)).isEqualTo("zbN");
    }

    @Test
    void decodesBothAlphabets() {
        for (JsonNode known : VECTORS.get("encode")) {
            assertThat(TincBase64.decode(known.get("text").asText())).isEqualTo(Vectors.bytes(known.get("bytes")));
            assertThat(TincBase64.decode(known.get("urlsafe").asText())).isEqualTo(Vectors.bytes(known.get("bytes")));
        }
    }

    @Test
    void decodesAnyLengthButRefusesForeignCharacters() {
        for (JsonNode known : VECTORS.get("decode")) {
            String text = known.get("text").asText();
            byte[] decoded = TincBase64.decode(text);
            if (text.matches("[A-Za-z0-9+/_-]*")) {
                assertThat(decoded).as(text).isEqualTo(Vectors.bytes(known.get("bytes")));
            } else {
                assertThat(decoded).as(text).isNull();
            }
        }
    }

    @Test
    void decodesWhatItEncodedForAnyBytes() {
        for (long seed = 0; seed < 2000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] bytes = new byte[random.nextInt(100)];
            random.nextBytes(bytes);
            assertThat(TincBase64.decode(TincBase64.encode(bytes))).as("seed %d", seed).isEqualTo(bytes);
        }
    }

    @Test
    void returnsNullOrThreeQuartersOfTheLengthForAnyText() {
        for (long seed = 0; seed < 5000; seed++) {
            String text = RandomText.of(new SplittableRandom(seed), "AZaz09+/-_=\n\u00e9\u0661", 12);
            byte[] decoded = TincBase64.decode(text);
            if (decoded != null) {
                assertThat(decoded).as("seed %d", seed).hasSize(text.length() * 3 / 4);
            }
        }
    }
}
