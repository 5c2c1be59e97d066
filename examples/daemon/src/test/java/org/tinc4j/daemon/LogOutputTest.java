package org.tinc4j.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogOutputTest {

    @TempDir
    private Path directory;

    @Test
    void followsARotatedFile() throws IOException {
        PrintStream standardError = System.err;
        Path file = directory.resolve("log");
        Files.writeString(file, "before\n");

        try (LogOutput output = LogOutput.open(Optional.of(file))) {
            System.err.println("first");
            Files.move(file, directory.resolve("log.1"));
            System.err.println("second");
            output.reopen();
            System.err.println("third");
        }

        assertThat(directory.resolve("log.1")).hasContent("before\nfirst\nsecond\n");
        assertThat(file).hasContent("third\n");
        assertThat(System.err).isSameAs(standardError);
    }

    @ParameterizedTest
    @CsvSource({"0, warn", "1, info", "2, info", "3, debug", "4, debug", "5, trace", "9, trace"})
    void givesMoreTheHigherTheLevel(int level, String name) {
        assertThat(LogOutput.nameOf(level)).isEqualTo(name);
    }
}
