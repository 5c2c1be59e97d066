package org.tinc4j.bench.datapath;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.tinc4j.testkit.ChildProcess;

/** Takes every {@link Figure} of one tunnel, one after the other. */
final class Measurement {

    private final Wire wire;
    private final Tunnel tunnel;
    private final Iperf iperf;
    private final Path directory;
    private final String seconds;
    private final String address;
    private final Map<Figure, Double> figures = new EnumMap<>(Figure.class);

    private Measurement(Wire wire, Tunnel tunnel, Iperf iperf, Path directory, int seconds) {
        this.wire = wire;
        this.tunnel = tunnel;
        this.iperf = iperf;
        this.directory = directory;
        this.seconds = Integer.toString(seconds);
        this.address = tunnel.address(wire.right());
    }

    /** Starts a variant's tunnel, measures, and ends it. */
    static Map<Figure, Double> of(Variant variant, Wire wire, Packets packets, Plan plan, boolean countCalls, Path directory)
            throws IOException, InterruptedException {
        try (Tunnel tunnel = variant.start(wire, directory); Iperf iperf = Iperf.start(wire, tunnel, plan.congestion(), directory)) {
            if (plan.measure() == Plan.Measure.SOCKETS) {
                return sockets(tunnel, wire, plan);
            }
            warmUp(tunnel, iperf, wire, plan);
            Measurement measurement = new Measurement(wire, tunnel, iperf, directory, plan.seconds());
            measurement.tcp();
            if (plan.measure() == Plan.Measure.ALL) {
                measurement.idle();
                measurement.underLoad();
                measurement.udp(packets);
                measurement.calls(countCalls);
            }
            measurement.memory();
            return measurement.figures;
        }
    }

    /** One stream each way, through whatever sockets the nodes have. */
    private static Map<Figure, Double> sockets(Tunnel tunnel, Wire wire, Plan plan) throws IOException {
        if (tunnel.nodes().isEmpty()) {
            throw new IllegalArgumentException("measure=sockets needs nodes of tinc4j; choose other variants");
        }
        NodeProcess left = tunnel.nodes().getFirst();
        NodeProcess right = tunnel.nodes().getLast();
        SocketStream.run(left, right, wire.right().overlay(), plan.warmUpSeconds());
        SocketStream.run(right, left, wire.left().overlay(), plan.warmUpSeconds());
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        double daemons = Proc.processSeconds(tunnel.processes());
        double machine = Proc.machineSeconds();
        SocketStream one = SocketStream.run(left, right, wire.right().overlay(), plan.seconds());
        figures.put(Figure.CPU_DAEMONS, (Proc.processSeconds(tunnel.processes()) - daemons) / (one.bytes() / 1e9));
        figures.put(Figure.CPU_MACHINE, (Proc.machineSeconds() - machine) / (one.bytes() / 1e9));
        figures.put(Figure.TCP_ONE, one.megabitsPerSecond());
        figures.put(Figure.TCP_REVERSE, SocketStream.run(right, left, wire.left().overlay(), plan.seconds()).megabitsPerSecond());
        return figures;
    }

    /** Compiles what a JVM runs; one second is enough for everybody else, to fill caches. */
    static void warmUp(Tunnel tunnel, Iperf iperf, Wire wire, Plan plan) throws IOException, InterruptedException {
        int length = tunnel.nodes().isEmpty() ? 1 : plan.warmUpSeconds();
        iperf.run(tunnel.address(wire.right()), "--bidir", "-t", Integer.toString(length));
    }

    private void idle() throws IOException, InterruptedException {
        beginWakeUps();
        Ping ping = Ping.measure(wire, address, 1000, directory);
        endWakeUps(Figure.WAKE_IDLE_MEDIAN, Figure.WAKE_IDLE_P99, Figure.WAKE_IDLE_MAX);
        figures.put(Figure.PING_IDLE_MEDIAN, ping.medianMicros());
        figures.put(Figure.PING_IDLE_P99, ping.p99Micros());
    }

    private void tcp() throws IOException, InterruptedException {
        double daemons = Proc.processSeconds(tunnel.processes());
        double machine = Proc.machineSeconds();
        Iperf.Flow one = Iperf.received(iperf.run(address, "-t", seconds));
        double gigabytes = one.bytes() / 1e9;
        if (!tunnel.processes().isEmpty()) {
            figures.put(Figure.CPU_DAEMONS, (Proc.processSeconds(tunnel.processes()) - daemons) / gigabytes);
        }
        figures.put(Figure.CPU_MACHINE, (Proc.machineSeconds() - machine) / gigabytes);
        figures.put(Figure.TCP_ONE, one.megabitsPerSecond());
        figures.put(Figure.TCP_FOUR, Iperf.received(iperf.run(address, "-t", seconds, "-P", "4")).megabitsPerSecond());
        figures.put(Figure.TCP_REVERSE, Iperf.received(iperf.run(address, "-t", seconds, "-R")).megabitsPerSecond());
        String both = iperf.run(address, "-t", seconds, "--bidir");
        figures.put(Figure.TCP_BOTH, Iperf.received(both).megabitsPerSecond() + Iperf.receivedBack(both).megabitsPerSecond());
    }

    /** One stream runs before and after what is measured: 200 pings take a second or a little more. */
    private void underLoad() throws IOException, InterruptedException {
        ChildProcess load = iperf.begin(address, "-t", "3");
        try {
            Thread.sleep(500);
            beginWakeUps();
            Ping ping = Ping.measure(wire, address, 200, directory);
            endWakeUps(Figure.WAKE_LOAD_MEDIAN, Figure.WAKE_LOAD_P99, Figure.WAKE_LOAD_MAX);
            figures.put(Figure.PING_LOAD_MEDIAN, ping.medianMicros());
            figures.put(Figure.PING_LOAD_P99, ping.p99Micros());
        } finally {
            Iperf.result(load);
        }
    }

    private void udp(Packets packets) throws IOException, InterruptedException {
        figures.put(Figure.UDP_SMALL, packets.rate(address, 64) / 1000);
        figures.put(Figure.UDP_LARGE, packets.rate(address, 1200) / 1000);
    }

    private void calls(boolean countCalls) throws IOException, InterruptedException {
        if (countCalls && !tunnel.processes().isEmpty()) {
            figures.put(Figure.SYSTEM_CALLS, SystemCalls.perMegabyte(iperf, address, tunnel.processes(), 1, directory));
        }
    }

    private void memory() throws IOException {
        List<Long> pids = tunnel.processes();
        if (!pids.isEmpty()) {
            figures.put(Figure.RSS_LEFT, Proc.rssMebibytes(pids.getFirst()));
            figures.put(Figure.RSS_RIGHT, Proc.rssMebibytes(pids.getLast()));
        }
        if (!tunnel.nodes().isEmpty()) {
            GcLog log = GcLog.read(tunnel.nodes().stream().map(NodeProcess::gcLog).toList());
            figures.put(Figure.GC_PAUSES, (double) log.pauses());
            figures.put(Figure.GC_LONGEST, log.longestMillis());
        }
    }

    private void beginWakeUps() throws IOException {
        for (NodeProcess node : tunnel.nodes()) {
            node.ask("wakeups");
        }
    }

    /** Median, 99th percentile and largest, each of the node where it is worse. */
    private void endWakeUps(Figure... three) throws IOException {
        for (NodeProcess node : tunnel.nodes()) {
            double[] micros = Arrays.stream(node.ask("wakeups end").split(" ")).mapToDouble(Double::parseDouble).toArray();
            for (int i = 0; i < three.length; i++) {
                figures.merge(three[i], micros[i], Math::max);
            }
        }
    }
}
