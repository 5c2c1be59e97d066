package org.tinc4j.bench.datapath;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the kernel tells about processes, processors and protocols. Source: proc(5). */
final class Proc {

    /** USER_HZ, which is 100 on every architecture Linux has today. */
    private static final double TICKS_PER_SECOND = 100;

    private Proc() {}

    /** Processor time of processes since they started, in seconds. */
    static double processSeconds(List<Long> pids) throws IOException {
        double ticks = 0;
        for (long pid : pids) {
            ticks += processTicks(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
        }
        return ticks / TICKS_PER_SECOND;
    }

    /** utime and stime, the 14th and 15th field; the second one is a name that may have blanks and brackets. */
    static double processTicks(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]);
    }

    /** Time that all processors together were busy since the machine started, in seconds. */
    static double machineSeconds() throws IOException {
        return machineTicks(Files.readString(Path.of("/proc/stat"))) / TICKS_PER_SECOND;
    }

    /** User, nice, system, irq and softirq; not idle, not waiting, and not what the hypervisor took. */
    static double machineTicks(String stat) {
        String[] fields = stat.lines().findFirst().orElseThrow().split("\\s+");
        return Double.parseDouble(fields[1])
                + Double.parseDouble(fields[2])
                + Double.parseDouble(fields[3])
                + Double.parseDouble(fields[6])
                + Double.parseDouble(fields[7]);
    }

    /** Resident memory of a process in MiB. */
    static double rssMebibytes(long pid) throws IOException {
        Matcher rss = Pattern.compile("VmRSS:\\s+(\\d+) kB").matcher(Files.readString(Path.of("/proc", Long.toString(pid), "status")));
        if (!rss.find()) {
            throw new IOException("process " + pid + " has no VmRSS; it has ended");
        }
        return Double.parseDouble(rss.group(1)) / 1024;
    }

    /** Open descriptors of a process. */
    static long descriptors(long pid) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return open.count();
        }
    }
}
