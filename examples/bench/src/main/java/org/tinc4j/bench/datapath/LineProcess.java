package org.tinc4j.bench.datapath;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tinc4j.testkit.ChildProcess;

/** A class of this benchmark that runs in a JVM of its own at one end, and answers each line with a line. */
final class LineProcess implements AutoCloseable {

    private final ChildProcess process;
    private final BufferedReader answers;
    private final PrintStream requests;

    private LineProcess(ChildProcess process) {
        this.process = process;
        this.answers = new BufferedReader(new InputStreamReader(process.process().getInputStream(), StandardCharsets.UTF_8));
        this.requests = new PrintStream(process.process().getOutputStream(), true, StandardCharsets.UTF_8);
    }

    /**
     * Starts a JVM with the class path of this one.
     *
     * @param end where
     * @param log for its standard error
     * @param jvm arguments of the JVM
     * @param main the class
     * @param arguments its arguments
     */
    static LineProcess start(Wire.End end, Path log, List<String> jvm, Class<?> main, List<String> arguments) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(jvm);
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        words.addAll(arguments);
        return new LineProcess(ChildProcess.start(end.netns().wrap(words), log));
    }

    long pid() {
        return process.process().pid();
    }

    /** Waits for a line that it prints by itself. */
    void expect(String line) throws IOException {
        String read = read();
        if (!read.equals(line)) {
            throw new IOException("expected \"" + line + "\" but the process said \"" + read + "\": " + process.logText());
        }
    }

    /** One request and its answer. */
    String ask(String request) throws IOException {
        requests.println(request);
        return read();
    }

    private String read() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the process ended: " + process.logText());
        }
        return line;
    }

    @Override
    public void close() {
        process.close();
    }
}
