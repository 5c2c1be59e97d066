package org.tinc4j.daemon;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where log lines go, and which.
 *
 * <p>The logger, slf4j-simple, asks for {@link System#err} anew at each line. So a log file takes that stream's place, and is opened anew
 * by doing so again; what the JVM itself has to say then goes there too.
 */
final class LogOutput implements AutoCloseable {

    private static final String PROPERTY = "org.slf4j.simpleLogger.";

    private final PrintStream original = System.err;
    private final Optional<Path> file;

    private LogOutput(Optional<Path> file) {
        this.file = file;
    }

    /**
     * Opens the log.
     *
     * @param file appended to; empty is standard error
     */
    static LogOutput open(Optional<Path> file) throws IOException {
        LogOutput output = new LogOutput(file);
        output.reopen();
        return output;
    }

    /** Closes the file and opens one of the same name, as whoever rotates logs expects. If that fails, the old one is kept. */
    void reopen() throws IOException {
        if (file.isPresent()) {
            PrintStream before = System.err;
            System.setErr(stream(file.get()));
            if (before != original) {
                before.close();
            }
        }
    }

    private static PrintStream stream(Path path) throws IOException {
        try {
            return new PrintStream(new FileOutputStream(path.toFile(), true), true, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IOException("log file cannot be opened: " + e.getMessage() + "; name one in a directory that exists and is writable", e);
        }
    }

    /**
     * Chooses what is logged. Takes effect only before the first logger is made.
     *
     * @param debugLevel 0 warnings, 1 and 2 what happens, 3 and 4 details, 5 all; what the daemon itself says is always logged
     */
    static void level(int debugLevel) {
        System.setProperty(PROPERTY + "defaultLogLevel", "warn");
        System.setProperty(PROPERTY + "log.org.tinc4j", nameOf(debugLevel));
        System.setProperty(PROPERTY + "log." + Main.LOGGER, debugLevel < 3 ? "info" : nameOf(debugLevel));
        System.setProperty(PROPERTY + "showDateTime", "true");
        System.setProperty(PROPERTY + "dateTimeFormat", "yyyy-MM-dd HH:mm:ss.SSS");
        System.setProperty(PROPERTY + "showThreadName", "false");
    }

    static String nameOf(int debugLevel) {
        return switch (debugLevel) {
            case 0 -> "warn";
            case 1, 2 -> "info";
            case 3, 4 -> "debug";
            default -> "trace";
        };
    }

    /** Gives standard error back. */
    @Override
    public void close() {
        PrintStream last = System.err;
        System.setErr(original);
        if (last != original) {
            last.close();
        }
    }
}
