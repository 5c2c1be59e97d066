package org.tinc4j.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScreenTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    private String text() {
        return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    @Test
    void alignsWordsLeftAndNumbersRight() {
        new Screen(out, Screen.Kind.PIPE)
                .table(1, List.of("node", "ms"), List.of(List.of("a", "0.5"), List.of("longer", "12.25")));

        assertThat(text()).isEqualTo("  node       ms\n  a         0.5\n  longer  12.25\n");
    }

    @Test
    void printsALineForEachQuarterWhenPiped() {
        Screen screen = new Screen(out, Screen.Kind.PIPE);

        for (int done = 0; done <= 200; done++) {
            screen.progress(done, 200);
        }
        screen.progressEnds();

        assertThat(text()).isEqualTo("   25 %\n   50 %\n   75 %\n  100 %\n");
    }

    @Test
    void redrawsOneLineOnATerminalAndWipesIt() {
        Screen screen = new Screen(out, Screen.Kind.TERMINAL);

        screen.progress(200, 200);
        screen.progressEnds();

        String bar = "  [" + "=".repeat(32) + "] 100 %";
        assertThat(text()).isEqualTo("\r" + bar + "\r" + " ".repeat(bar.length()) + "\r");
    }
}
