package org.tinc4j.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptsTest {

    private static final Scripts.Settings PLAIN = Scripts.Settings.of(Optional.empty(), Optional.empty());

    @TempDir
    private Path directory;

    private final RecordedLog log = new RecordedLog();
    private ScriptFiles files;

    @BeforeEach
    void makeFiles() throws IOException {
        files = new ScriptFiles(directory);
    }

    private Scripts scripts(Scripts.Settings settings) {
        return new Scripts(
                directory, settings, Map.of("NAME", "me", "NETNAME", "net"), new Scripts.Output(Optional.of(directory.resolve("log"))), log);
    }

    @Test
    void givesAScriptCommonAndOwnVariables() throws Exception {
        files.recording("host-up");

        scripts(PLAIN).run("host-up", Map.of("NODE", "hub", "WEIGHT", ""));

        assertThat(files.ran()).containsExactly("host-up NAME=me NETNAME=net NODE=hub WEIGHT=");
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void givesNoScriptWhatWasMeantForAnother() throws Exception {
        files.recording("host-up", "tinc-down");
        Scripts scripts = scripts(PLAIN);

        scripts.run("host-up", Map.of("NODE", "hub"));
        scripts.run("tinc-down", Map.of());

        assertThat(files.ran().get(1)).isEqualTo("tinc-down NAME=me NETNAME=net");
    }

    @Test
    void runsAScriptInTheDirectoryWithAnEmptyInput() throws Exception {
        files.script("tinc-up", "#!/bin/sh\ncat\npwd -P\necho to standard error >&2\n");

        scripts(PLAIN).run("tinc-up", Map.of());

        assertThat(directory.resolve("log")).hasContent(directory.toRealPath() + "\nto standard error\n");
    }

    @Test
    void waitsForTheEndOfAScript() throws Exception {
        files.script("tinc-up", "#!/bin/sh\nsleep 0.3\necho done >ran\n");

        scripts(PLAIN).run("tinc-up", Map.of());

        assertThat(files.ran()).containsExactly("done");
    }

    @Test
    void doesNothingWithoutAScript() throws Exception {
        scripts(PLAIN).run("tinc-up", Map.of());

        assertThat(scripts(PLAIN).has("tinc-up")).isFalse();
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void logsTheStatusOfAScriptThatFails() throws Exception {
        files.script("tinc-up", "#!/bin/sh\nexit 3\n");

        scripts(PLAIN).run("tinc-up", Map.of());

        assertThat(log.lines()).containsExactly("WARN script " + directory.resolve("tinc-up") + " ended with status 3");
    }

    @Test
    void saysWhatToDoAboutAScriptThatIsNotExecutable() throws Exception {
        files.recording("tinc-up");
        Files.setPosixFilePermissions(directory.resolve("tinc-up"), PosixFilePermissions.fromString("rw-r--r--"));

        scripts(PLAIN).run("tinc-up", Map.of());

        assertThat(log.lines()).singleElement().asString().contains("tinc-up").contains("must be executable");
        assertThat(files.ran()).isEmpty();
    }

    @Test
    void killsAScriptThatHangsWithItsChildren() throws Exception {
        files.script("tinc-up", "#!/bin/sh\necho $$ >pids\nsleep 600 &\necho $! >>pids\nwait\n");

        scripts(new Scripts.Settings(List.of(), "", Duration.ofSeconds(1))).run("tinc-up", Map.of());

        assertThat(log.lines()).singleElement().asString().contains("is killed").contains("within 1 s");
        for (String pid : Files.readAllLines(directory.resolve("pids"))) {
            ProcessHandle.of(Long.parseLong(pid)).ifPresent(left -> left.onExit().join());
        }
    }

    @Test
    void runsAScriptByItsInterpreterAndArguments() throws Exception {
        files.script("tinc-up", "echo \"$0 $-\" >ran\n");
        Files.setPosixFilePermissions(directory.resolve("tinc-up"), PosixFilePermissions.fromString("rw-r--r--"));

        scripts(Scripts.Settings.of(Optional.of("/bin/sh -eu"), Optional.empty())).run("tinc-up", Map.of());

        assertThat(files.ran()).singleElement().asString().startsWith(directory.resolve("tinc-up").toString()).contains("e").contains("u");
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void findsScriptsByTheirExtension() throws Exception {
        files.recording("hosts/hub-up.sh");

        Scripts scripts = scripts(Scripts.Settings.of(Optional.empty(), Optional.of(".sh")));
        scripts.run("hosts/hub-up", Map.of());

        assertThat(scripts.has("hosts/hub-up")).isTrue();
        assertThat(files.ran()).containsExactly("hosts/hub-up.sh NAME=me NETNAME=net");
    }
}
