package org.tinc4j.bench.datapath;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.tinc4j.testkit.Netns;
import org.tinc4j.testkit.wire.Conditions;
import org.tinc4j.testkit.wire.LaneCounters;
import org.tinc4j.testkit.wire.WireProcess;

/** Two hosts joined by a {@link WireProcess}, which delays and loses packets as it is told. */
final class BadWire implements AutoCloseable {

    /** Enough for what a sender hands over at once; the kernel's 500 would be a loss of its own. */
    private static final int QUEUE_PACKETS = 10_000;

    private static final String FAR_DEVICE = "far0";

    private final Wire hosts;
    private final LineProcess process;

    private BadWire(Wire hosts, LineProcess process) {
        this.hosts = hosts;
        this.process = process;
    }

    /**
     * Makes the hosts and joins them; perfect at first.
     *
     * @param directory for the log
     */
    static BadWire start(Path directory) throws IOException {
        Wire hosts = Wire.cut();
        LineProcess process = LineProcess.start(
                hosts.left(),
                directory.resolve("wire.log"),
                List.of("--enable-native-access=ALL-UNNAMED", "-Xmx256m", "-XX:+UseSerialGC"),
                WireProcess.class,
                List.of(Conditions.PERFECT.word(), "0", Wire.DEVICE, FAR_DEVICE));
        BadWire wire = new BadWire(hosts, process);
        try {
            process.expect(WireProcess.READY);
            hosts.left().netns().hand(FAR_DEVICE, hosts.right().netns(), Wire.DEVICE);
            for (Wire.End end : hosts.ends()) {
                end.netns().require("ip", "link", "set", Wire.DEVICE, "txqueuelen", Integer.toString(QUEUE_PACKETS));
                end.netns().link(Wire.DEVICE, Netns.LinkState.UP);
            }
            hosts.addresses();
            return wire;
        } catch (IOException | RuntimeException e) {
            wire.close();
            throw e;
        }
    }

    Wire hosts() {
        return hosts;
    }

    /** For what is sent from now on; the seed decides what becomes of which packet. */
    void conditions(Conditions conditions, long seed) throws IOException {
        process.ask("conditions " + conditions.word() + " " + seed);
    }

    /** From left to right, and back. */
    List<LaneCounters> counters() throws IOException {
        return LaneCounters.parse(process.ask("counters"));
    }

    @Override
    public void close() {
        process.close();
        hosts.close();
    }
}
