package org.tinc4j.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One command that is run to its end. */
public final class Command {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Command() {}

    /**
     * What a command left.
     *
     * @param exitCode 0 is success
     * @param output standard output and standard error, as they came
     */
    public record Result(int exitCode, String output) {
        /** Whether it ended well. */
        public boolean succeeded() {
            return exitCode == 0;
        }
    }

    /** Runs a command, whatever comes of it. */
    public static Result run(List<String> words) {
        try {
            Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
            process.getOutputStream().close();
            // A thread of its own: with two cores the common pool has one, and a test may have that wait for something else.
            CompletableFuture<String> output = CompletableFuture.supplyAsync(
                    () -> readAll(process.getInputStream()), task -> Thread.ofPlatform().daemon().start(task));
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("\"" + String.join(" ", words) + "\" ran longer than " + LIMIT);
            }
            return new Result(process.exitValue(), output.join());
        } catch (IOException e) {
            return new Result(127, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while \"" + String.join(" ", words) + "\" ran", e);
        }
    }

    /** Runs a command that must succeed. */
    public static String require(List<String> words) {
        Result result = run(words);
        if (!result.succeeded()) {
            throw new IllegalStateException(
                    "\"" + String.join(" ", words) + "\" ended with " + result.exitCode() + ": " + result.output().strip());
        }
        return result.output();
    }

    private static String readAll(InputStream in) {
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
