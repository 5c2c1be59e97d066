package org.tinc4j.bench.datapath;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tinc4j.testkit.wire.Conditions;
import org.tinc4j.testkit.wire.LaneCounters;

/** A bad wire with the tunnel of one variant over it. Streams go from left to right. */
final class Course implements AutoCloseable {

    /** What {@link BenchNode} calls its interface. */
    private static final String TUN = "tun0";

    private final String variant;
    private final BadWire wire;
    private final Tunnel tunnel;

    private Course(String variant, BadWire wire, Tunnel tunnel) {
        this.variant = variant;
        this.wire = wire;
        this.tunnel = tunnel;
    }

    /** Starts it all; the wire is perfect until the first stream. */
    static Course start(String variant, Plan plan) throws IOException, InterruptedException {
        Path directory = Scratch.empty(plan.directory().resolve("goodput-" + variant));
        BadWire wire = BadWire.start(directory);
        try {
            for (Wire.End end : wire.hosts().ends()) {
                // Else a connection begins with what the last one learnt about other conditions.
                end.netns().kernelSetting("net/ipv4/tcp_no_metrics_save", 1);
            }
            Tunnel tunnel = Variants.named(variant, plan.jvm()).start(wire.hosts(), directory);
            if (tunnel.nodes().isEmpty()) {
                tunnel.close();
                throw new IllegalArgumentException("measure=goodput needs nodes of tinc4j; choose other variants than " + variant);
            }
            Congestion.choose(wire.hosts(), tunnel, plan.congestion());
            return new Course(variant, wire, tunnel);
        } catch (IOException | RuntimeException e) {
            wire.close();
            throw e;
        }
    }

    /** Compiles what the JVMs run. */
    void warmUp(int seconds) throws IOException {
        stream(seconds);
    }

    /** One stream under a cell's conditions, through a tunnel that is known to be direct. All variants lose the same packets in a round. */
    GoodputRun run(Cell cell, int round, int seconds) throws IOException {
        wire.conditions(Conditions.PERFECT, round);
        for (NodeProcess node : tunnel.nodes()) {
            node.ask("direct");
        }
        wire.conditions(cell.conditions(), round);
        List<LaneCounters> before = wire.counters();
        Map<String, Long> drops = drops();
        GoodputStream stream = stream(seconds);
        List<LaneCounters> after = wire.counters();
        drops().forEach((reason, count) -> drops.merge(reason, count, (old, now) -> now - old));
        drops.values().removeIf(count -> count == 0);
        return new GoodputRun(
                cell,
                variant,
                round,
                stream,
                after.getFirst().since(before.getFirst()),
                after.getLast().since(before.getLast()),
                drops);
    }

    private GoodputStream stream(int seconds) throws IOException {
        return GoodputStream.run(
                tunnel.nodes().getFirst(), tunnel.nodes().getLast(), tunnel.address(wire.hosts().right()), seconds);
    }

    private Map<String, Long> drops() throws IOException {
        Map<String, Long> sums = new TreeMap<>();
        for (NodeProcess node : tunnel.nodes()) {
            for (String drop : node.ask("drops").split(" ")) {
                if (!drop.isEmpty()) {
                    String[] reasonAndCount = drop.split("=");
                    sums.merge(reasonAndCount[0], Long.parseLong(reasonAndCount[1]), Long::sum);
                }
            }
        }
        for (Wire.End end : wire.hosts().ends()) {
            sums.merge("UDP_RECEIVE_BUFFER", end.netns().counter("Udp", "RcvbufErrors"), Long::sum);
            sums.merge("WIRE_QUEUE", queueDrops(end, Wire.DEVICE), Long::sum);
            if (!Variants.inProcess(variant, end.name())) {
                sums.merge("DEVICE_QUEUE", queueDrops(end, TUN), Long::sum);
            }
        }
        return sums;
    }

    /** What an interface did not take because whoever reads from it was too slow. */
    private static long queueDrops(Wire.End end, String device) {
        return Long.parseLong(end.netns().require("cat", "/sys/class/net/" + device + "/statistics/tx_dropped").strip());
    }

    @Override
    public void close() {
        tunnel.close();
        wire.close();
    }
}
