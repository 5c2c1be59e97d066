package org.tinc4j.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The first example in the README is one that the build compiles. */
class ReadmeTest {

    private static final Path ROOT = Path.of("..", "..");

    @Test
    void showsTheCompiledExampleOfAnExistingMesh() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        String compiled = Files.readString(ROOT.resolve("javadoc/src/snippets/ExistingMesh.java"));

        String shown = between(readme, "```java\n", "```");

        assertThat(shown.indent(8)).isEqualTo(between(compiled, "region=\"by-hand\"\n", "        // @end"));
    }

    private static String between(String text, String start, String end) {
        int from = text.indexOf(start) + start.length();
        return text.substring(from, text.indexOf(end, from));
    }
}
