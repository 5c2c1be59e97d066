package org.tinc4j.config;

import java.io.IOException;
import java.nio.file.Path;
import org.tinc4j.Tinc;

/** An existing tinc directory: {@code tinc.conf}, {@code hosts/} and the key file. */
public record TincDirectory(Path path) {

    /**
     * Reads a directory.
     *
     * @param directory the configuration base
     * @return what it says
     * @throws IOException if a file cannot be read
     */
    public static TincDirectory read(Path directory) throws IOException {
        throw new IOException("not yet: " + directory);
    }

    /**
     * A builder with all of it.
     *
     * @return the builder
     */
    public Tinc.Builder builder() {
        throw new IllegalStateException();
    }
}
