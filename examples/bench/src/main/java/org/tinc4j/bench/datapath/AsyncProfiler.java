package org.tinc4j.bench.datapath;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.tinc4j.testkit.Command;

/** The library of async-profiler. It is no dependency of the build: Maven is asked for it when it is wanted. */
final class AsyncProfiler {

    private static final String VERSION = "4.1";

    private AsyncProfiler() {}

    /** The one named in the arguments, or that of Maven's repository, unpacked. */
    static Path library(Plan plan) throws IOException {
        if (plan.asyncProfiler().isPresent()) {
            return plan.asyncProfiler().get().toAbsolutePath();
        }
        Path directory = plan.directory().toAbsolutePath();
        Path library = directory.resolve("libasyncProfiler.so");
        Command.require(List.of(
                "mvn", "-q", "-B", "dependency:copy",
                "-Dartifact=tools.profiler:async-profiler:" + VERSION,
                "-DoutputDirectory=" + directory));
        String folder = System.getProperty("os.arch").equals("aarch64") ? "linux-arm64" : "linux-x64";
        try (ZipFile jar = new ZipFile(directory.resolve("async-profiler-" + VERSION + ".jar").toFile())) {
            ZipEntry entry = jar.getEntry(folder + "/libasyncProfiler.so");
            if (entry == null) {
                throw new IOException("async-profiler " + VERSION + " has no library for " + folder + "; name one with async=/path/to/it");
            }
            try (InputStream in = jar.getInputStream(entry)) {
                Files.copy(in, library, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return library;
    }
}
