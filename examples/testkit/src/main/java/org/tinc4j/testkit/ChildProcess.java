package org.tinc4j.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that runs beside the test and is ended with it, at the latest when this JVM ends. Its standard error goes to a file. */
public final class ChildProcess implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 10;

    private final Process process;
    private final Path log;
    private final Thread cleanup;

    private ChildProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.cleanup = new Thread(process::destroyForcibly, "kill " + process.pid());
        Runtime.getRuntime().addShutdownHook(cleanup);
    }

    /**
     * Starts a process.
     *
     * @param words the command
     * @param log standard error is appended here
     */
    public static ChildProcess start(List<String> words, Path log) {
        try {
            ProcessBuilder builder = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
            return new ChildProcess(builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start \"" + String.join(" ", words) + "\"", e);
        }
    }

    /** The process itself, for its pid and its streams. */
    public Process process() {
        return process;
    }

    /** Whether it runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Everything in the log so far. */
    public String logText() {
        return read(log);
    }

    /** Everything in a log so far; nothing if it is not there. */
    public static String read(Path log) {
        try {
            return Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks it to end (SIGTERM), and insists if it takes too long. */
    public void terminate() {
        process.destroy();
        if (!ended()) {
            kill();
        }
    }

    /** Ends it without a chance to clean up (SIGKILL). */
    public void kill() {
        process.destroyForcibly();
        if (!ended()) {
            throw new IllegalStateException("process " + process.pid() + " survived SIGKILL for " + PATIENCE_SECONDS + " s");
        }
    }

    /** Waits for its end; tells whether it came. */
    public boolean ended() {
        try {
            return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            terminate();
        }
        Runtime.getRuntime().removeShutdownHook(cleanup);
    }
}
