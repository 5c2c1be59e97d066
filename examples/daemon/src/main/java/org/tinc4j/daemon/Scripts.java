package org.tinc4j.daemon;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * Runs the scripts of a tinc directory, one at a time, to their end.
 *
 * <p>A script gets the daemon's environment with tinc's variables, the directory as its working directory, an empty standard input, and
 * the daemon's log as its output. One that does not end in time is killed with its children: a script that hangs delays those after it,
 * but does not stop them.
 *
 * <p><b>Source.</b> tinc manual, chapter "Scripts".
 */
final class Scripts {

    /** Our own bound, C tinc has none: longer than a patient DHCP client, shorter than systemd waits for a service to stop (90 s). */
    static final Duration TIME_LIMIT = Duration.ofSeconds(60);

    /** What a script must not inherit from whoever started the daemon. */
    private static final Set<String> VARIABLES = Set.of(
            "NETNAME", "NAME", "DEVICE", "INTERFACE", "DEBUG", "NODE", "REMOTEADDRESS", "REMOTEPORT", "SUBNET", "WEIGHT");

    private final Path directory;
    private final Settings settings;
    private final Map<String, String> common;
    private final Output output;
    private final Logger log;

    /**
     * How scripts are found and run.
     *
     * @param interpreter words put before the script; none runs the script itself
     * @param extension ends every script's name
     * @param timeLimit how long one may run
     */
    record Settings(List<String> interpreter, String extension, Duration timeLimit) {

        /** Copies the list. */
        Settings {
            interpreter = List.copyOf(interpreter);
        }

        /**
         * From the configuration.
         *
         * @param interpreter {@code ScriptsInterpreter}, with arguments after blanks
         * @param extension {@code ScriptsExtension}
         */
        static Settings of(Optional<String> interpreter, Optional<String> extension) {
            return new Settings(
                    interpreter.filter(text -> !text.isBlank()).map(text -> List.of(text.strip().split("\\s+"))).orElse(List.of()),
                    extension.orElse(""),
                    TIME_LIMIT);
        }
    }

    /**
     * Where what scripts print goes.
     *
     * @param file appended to; empty is the daemon's own standard error
     */
    record Output(Optional<Path> file) {

        private void apply(ProcessBuilder builder) {
            if (file.isPresent()) {
                builder.redirectOutput(ProcessBuilder.Redirect.appendTo(file.get().toAbsolutePath().toFile())).redirectErrorStream(true);
            } else {
                builder.redirectOutput(ProcessBuilder.Redirect.INHERIT).redirectError(ProcessBuilder.Redirect.INHERIT);
            }
        }
    }

    /**
     * Scripts of a directory.
     *
     * @param directory the configuration base
     * @param common variables that every script gets
     * @param output what scripts print goes there
     */
    Scripts(Path directory, Settings settings, Map<String, String> common, Output output, Logger log) {
        this.directory = directory.toAbsolutePath();
        this.settings = settings;
        this.common = Map.copyOf(common);
        this.output = output;
        this.log = log;
    }

    /** Whether there is such a script. */
    boolean has(String name) {
        return Files.exists(file(name));
    }

    private Path file(String name) {
        return directory.resolve(name + settings.extension());
    }

    /**
     * Runs a script and waits for its end. Does nothing if there is none; what goes wrong is logged.
     *
     * @param name for example {@code host-up} or {@code hosts/hub-up}
     * @param variables besides the common ones
     */
    void run(String name, Map<String, String> variables) throws InterruptedException {
        if (!has(name)) {
            return;
        }
        log.debug("running script {}", name);
        Process process;
        try {
            process = builder(name, variables).start();
        } catch (IOException e) {
            log.warn("script {} cannot be run: {}; it must be executable, or name its interpreter in ScriptsInterpreter", file(name),
                    e.getMessage());
            return;
        }
        try {
            await(name, process);
        } finally {
            end(process);
        }
    }

    private ProcessBuilder builder(String name, Map<String, String> variables) {
        List<String> command = new ArrayList<>(settings.interpreter());
        command.add(file(name).toString());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        output.apply(builder);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeAll(VARIABLES);
        environment.putAll(common);
        environment.putAll(variables);
        return builder;
    }

    private void await(String name, Process process) throws InterruptedException {
        if (!process.waitFor(settings.timeLimit().toMillis(), TimeUnit.MILLISECONDS)) {
            log.warn("script {} is killed: it has not ended within {} s", file(name), settings.timeLimit().toSeconds());
        } else if (process.exitValue() != 0) {
            log.warn("script {} ended with status {}", file(name), process.exitValue());
        }
    }

    /** Kills what still runs. A script that has ended may leave children behind, for example a DHCP client: those are let be. */
    private static void end(Process process) {
        if (process.isAlive()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
