package org.tinc4j.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where files named by {@code Ed25519PublicKeyFile} are read from. */
interface PublicKeyFiles {

    /** Where there is only text: no file can be read. */
    PublicKeyFiles NONE = path -> {
        throw new IOException("the file is out of reach of a text");
    };

    /** Files relative to a configuration base. */
    static PublicKeyFiles in(Path base) {
        return path -> TincConf.parse(Files.readAllBytes(base.resolve(path)), path);
    }

    /** The file's blocks and problems. */
    TincConf read(String path) throws IOException;
}
