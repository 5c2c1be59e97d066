package org.tinc4j.bench.datapath;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tinc4j.testkit.Command;

/** What the figures were measured on. */
final class Machine {

    private Machine() {}

    static Map<String, String> describe(Plan plan) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("time", Instant.now().toString());
        facts.put("kernel", Command.require(List.of("uname", "-sr")).strip());
        facts.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("processor", Files.readString(Path.of("/proc/cpuinfo"))
                .lines()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown"));
        facts.put("jdk", Runtime.version().toString());
        facts.put("iperf3", Command.run(List.of("iperf3", "--version")).output().lines().findFirst().orElse("unknown"));
        facts.put("congestion", plan.congestion());
        return facts;
    }
}
