package org.tinc4j.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Shell scripts in a directory, each of which writes down that it ran, and in which environment. */
final class ScriptFiles {

    private final Path directory;

    ScriptFiles(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory.resolve("hosts"));
    }

    Path directory() {
        return directory;
    }

    /** Adds scripts that write one line each: the name, then every variable of tinc's in the order of names. */
    ScriptFiles recording(String... names) throws IOException {
        for (String name : names) {
            script(name, """
                    #!/bin/sh
                    line=%s
                    for v in DEBUG DEVICE INTERFACE NAME NETNAME NODE REMOTEADDRESS REMOTEPORT SUBNET WEIGHT; do
                        eval "set=\\${$v+yes}; value=\\$$v"
                        [ -z "$set" ] || line="$line $v=$value"
                    done
                    echo "$line" >>"$(dirname "$0")/%sran"
                    """.formatted(name, name.contains("/") ? "../" : ""));
        }
        return this;
    }

    /** Adds a script. */
    ScriptFiles script(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return this;
    }

    /** What ran so far. */
    List<String> ran() throws IOException {
        Path record = directory.resolve("ran");
        return Files.exists(record) ? Files.readAllLines(record) : List.of();
    }
}
