package org.tinc4j.bench;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many threads there are. Platform threads are counted by {@link java.lang.management.ThreadMXBean}, which sees no others; virtual
 * threads by their names in the JSON dump of {@link HotSpotDiagnosticMXBean#dumpThreads}, the one documented place that lists them.
 *
 * @param virtual virtual threads of the nodes of one network
 * @param platform platform threads of this JVM, whoever they belong to
 */
record ThreadCensus(int virtual, int platform) {

    /** Threads of a node are named {@code tinc4j NETWORK/NODE JOB}. */
    static ThreadCensus take(String network) throws IOException {
        Path directory = Files.createTempDirectory("census");
        Path dump = directory.resolve("threads.json");
        try {
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(dump.toString(), ThreadDumpFormat.JSON);
            // The slash may be escaped, as JSON allows.
            Pattern name = Pattern.compile("\"name\": *\"tinc4j " + Pattern.quote(network) + "\\\\?/");
            Matcher matcher = name.matcher(Files.readString(dump));
            int virtual = (int) matcher.results().count();
            return new ThreadCensus(virtual, ManagementFactory.getThreadMXBean().getThreadCount());
        } finally {
            Files.deleteIfExists(dump);
            Files.deleteIfExists(directory);
        }
    }
}
