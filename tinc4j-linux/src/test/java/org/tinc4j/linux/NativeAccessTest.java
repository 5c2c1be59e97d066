package org.tinc4j.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Which flags an embedder needs, found out in a JVM of its own: with them, neither jnr-ffi nor the JDK has anything to say. */
@EnabledOnOs(OS.LINUX)
class NativeAccessTest {

    private static final Predicate<String> IS_A_MODULE =
            entry -> entry.contains("tinc4j") && !entry.contains("test-classes") && !entry.contains("tinc4j-impl")
                    || Path.of(entry).getFileName().toString().matches("(jnr|jffi|asm|slf4j).*\\.jar");

    @Test
    void onTheClassPathAllUnnamedIsEnough() throws Exception {
        assertThat(run("--enable-native-access=ALL-UNNAMED", "-cp", path(entry -> true))).isEqualTo(OpenInvalidName.EXPECTED);
    }

    @Test
    void onTheModulePathJffiIsEnough() throws Exception {
        assertThat(run(
                        "--enable-native-access=org.jnrproject.jffi",
                        "-p",
                        path(IS_A_MODULE),
                        "--add-modules",
                        "tinc4j.linux",
                        "-cp",
                        path(entry -> entry.contains("test-classes"))))
                .isEqualTo(OpenInvalidName.EXPECTED);
    }

    /** Standard output and error of a JVM that opens a TUN. */
    private static String run(String... flags) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.add(OpenInvalidName.class.getName());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.strip();
    }

    private static String path(Predicate<String> filter) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .filter(filter)
                .collect(Collectors.joining(File.pathSeparator));
    }
}
