package org.tinc4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodePublicKeyTest {

    @Test
    void readsAndPrintsTheTextOfHostFiles() {
        for (JsonNode known : Vectors.read("ed25519.json").get("cases")) {
            String text = known.get("public_tinc_base64").asText();
            NodePublicKey key = NodePublicKey.parse(text);
            assertThat(key.encoded()).isEqualTo(Vectors.bytes(known.get("public")));
            assertThat(key).hasToString(text);
            assertThat(key).isEqualTo(NodePublicKey.of(Vectors.bytes(known.get("public")))).hasSameHashCodeAs(NodePublicKey.parse(text));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "DE6B", "DE6B/OvzQ4bHw1NGnvEwZeG5WDzml2wXdwthkJRVxg", "DE6B/OvzQ4bHw1NGnvEwZeG5WDzml2wXdwthkJRVxgLA",
        "DE6B/OvzQ4bHw1NGnvEwZeG5WDzml2wXdwthkJRVxg=", "DE6B/OvzQ4bHw1NGnvEwZeG5WDzml2wXdwthkJRVxg "
    })
    void refusesAnythingButFortyThreeCharactersOfTheAlphabet(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NodePublicKey.parse(text))
                .withMessageContainingAll("of " + text.length() + " characters", "Ed25519PublicKey =");
    }

    @Test
    void copiesItsBytes() {
        byte[] bytes = new byte[32];
        NodePublicKey key = NodePublicKey.of(bytes);

        bytes[0] = 1;
        key.encoded()[1] = 1;

        assertThat(key.encoded()).containsOnly(0);
        assertThatIllegalArgumentException().isThrownBy(() -> NodePublicKey.of(new byte[31]));
    }
}
