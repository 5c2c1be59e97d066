package org.tinc4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeNameTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "Z", "0", "_", "node_1", "AZaz09_"})
    void acceptsLettersDigitsAndUnderscore(String text) {
        assertThat(NodeName.isValid(text)).isTrue();
        assertThat(new NodeName(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a-b", "a b", "a.b", "../hub", "a\n", "\u00e9", "\u0661", "a\u009b31m"})
    void refusesAnythingElse(String text) {
        assertThat(NodeName.isValid(text)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NodeName(text))
                .withMessageContaining("A-Z a-z 0-9 _")
                .satisfies(e -> assertThat(e.getMessage()).matches("[ -~]+"));
    }

    @Test
    void namesThePositionOfTheIllegalCharacter() {
        assertThatIllegalArgumentException().isThrownBy(() -> new NodeName("ab-c")).withMessageContaining("position 3");
    }

    @Test
    void hasAtMost255Characters() {
        assertThat(NodeName.isValid("a".repeat(255))).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> new NodeName("a".repeat(256))).withMessageContaining("256 characters");
    }

    @Test
    void standsInByteOrder() {
        assertThat(Stream.of("b", "a", "_", "Z", "9", "ab").map(NodeName::new).sorted())
                .extracting(NodeName::value)
                .containsExactly("9", "Z", "_", "a", "ab", "b");
    }
}
