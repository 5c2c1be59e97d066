package org.tinc4j.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The whole program, with a smaller transfer. */
class QuickstartTest {

    private static final Pattern HASH = Pattern.compile("^ {4}([0-9a-f]{64})$", Pattern.MULTILINE);

    @Test
    void everythingItPromisesIsTrueAndFitsEightyColumns() {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Screen screen = new Screen(new PrintStream(printed, true, StandardCharsets.UTF_8), Screen.Kind.PIPE);

        int exitCode = new Quickstart(screen, 1 << 20).run();

        String text = printed.toString(StandardCharsets.UTF_8);
        assertThat(exitCode).as(text).isZero();
        assertThat(text).contains("everything above is true").doesNotContain("\u001b", "\r");
        assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(text.lines().filter(line -> line.contains("direct"))).hasSize(6);
        assertThat(text).contains("GET http://gamma:80/hello  ->  200", "Hello from gamma");
        Matcher hashes = HASH.matcher(text);
        assertThat(hashes.find()).isTrue();
        String sent = hashes.group(1);
        assertThat(hashes.find()).isTrue();
        assertThat(hashes.group(1)).isEqualTo(sent);
    }
}
