package org.tinc4j.bench.datapath;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A {@link BenchNode} in a JVM of its own, seen from here. */
final class NodeProcess implements AutoCloseable {

    private final LineProcess process;
    private final Path gcLog;

    private NodeProcess(LineProcess process, Path gcLog) {
        this.process = process;
        this.gcLog = gcLog;
    }

    /**
     * Starts the JVM; it is ready later.
     *
     * @param end where
     * @param directory for its logs
     * @param jvm more arguments of the JVM
     * @param arguments of {@link BenchNode}
     */
    static NodeProcess start(Wire.End end, Path directory, List<String> jvm, List<String> arguments) {
        Path gcLog = directory.resolve(end.name() + ".gc.log");
        List<String> all = new ArrayList<>(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx512m", "-Xlog:gc*:file=" + gcLog));
        all.addAll(jvm);
        Path log = directory.resolve(end.name() + ".log");
        return new NodeProcess(LineProcess.start(end, log, all, BenchNode.class, arguments), gcLog);
    }

    long pid() {
        return process.pid();
    }

    Path gcLog() {
        return gcLog;
    }

    /** Waits until full-size packets go to the other node by UDP. */
    void awaitReady() throws IOException {
        process.expect(BenchNode.READY);
    }

    /** One request and its answer of one line. */
    String ask(String request) throws IOException {
        return process.ask(request);
    }

    @Override
    public void close() {
        process.close();
    }
}
