package org.tinc4j.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {

    @TempDir
    private Path directory;

    @Test
    void holdsTheNumberUntilItIsClosed() throws IOException {
        Path path = directory.resolve("pid");

        try (PidFile file = PidFile.write(path, 4711)) {
            assertThat(path).hasContent("4711\n");
            assertThat(file).isNotNull();
        }

        assertThat(path).doesNotExist();
    }

    @Test
    void takesOverAFileThatNobodyHolds() throws IOException {
        Path path = directory.resolve("pid");
        Files.writeString(path, "12345678 and more\n");

        try (PidFile file = PidFile.write(path, 1)) {
            assertThat(path).hasContent("1\n");
            assertThat(file).isNotNull();
        }
    }

    @Test
    void isRefusedWhileAnotherDaemonHoldsIt() throws IOException {
        Path path = directory.resolve("pid");

        try (PidFile first = PidFile.write(path, 1)) {
            assertThatThrownBy(() -> PidFile.write(path, 2))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(path.toString())
                    .hasMessageContaining("another running daemon");
            assertThat(path).hasContent("1\n");
            assertThat(first).isNotNull();
        }
    }

    @Test
    void namesTheFileThatCannotBeWritten() {
        Path path = directory.resolve("missing/pid");

        assertThatThrownBy(() -> PidFile.write(path, 1)).isInstanceOf(IOException.class).hasMessageStartingWith("pid file " + path);
    }
}
