package org.tinc4j.bench.datapath;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A {@link PacketProcess} at each end, left to right, for as many measurements as are wanted. */
final class Packets implements AutoCloseable {

    private static final int PORT = 5202;
    private static final int STEP_MILLIS = 400;

    /** More than a good sender can; the first step finds out how many it can. */
    private static final double ALL = 2e6;

    /** What is on its way when a step ends arrives within that. */
    private static final int DRAIN_MILLIS = 100;

    private final LineProcess sender;
    private final LineProcess receiver;

    private Packets(LineProcess sender, LineProcess receiver) {
        this.sender = sender;
        this.receiver = receiver;
    }

    /** Starts both processes and lets them run a little, so that they are compiled. */
    static Packets start(Wire wire, Path directory) throws IOException, InterruptedException {
        LineProcess sender = process(wire.left(), directory, "send");
        LineProcess receiver = process(wire.right(), directory, "receive");
        Packets packets = new Packets(sender, receiver);
        try {
            sender.expect(PacketProcess.READY);
            receiver.expect(PacketProcess.READY);
            for (int i = 0; i < 3; i++) {
                packets.step(wire.right().underlay(), 64, ALL);
            }
            return packets;
        } catch (IOException | InterruptedException | RuntimeException e) {
            packets.close();
            throw e;
        }
    }

    private static LineProcess process(Wire.End end, Path directory, String role) {
        return LineProcess.start(
                end,
                directory.resolve("packets-" + end.name() + ".log"),
                List.of("-Xmx64m", "-XX:+UseSerialGC"),
                PacketProcess.class,
                List.of(role, Integer.toString(PORT)));
    }

    /** The highest rate of datagrams of a length that arrives without loss. */
    double rate(String address, int payloadBytes) throws IOException, InterruptedException {
        return PacketRate.search(rate -> step(address, payloadBytes, rate == 0 ? ALL : rate));
    }

    private PacketRate.Step step(String address, int payloadBytes, double rate) throws IOException, InterruptedException {
        receiver.ask("");
        String[] sent = sender.ask(address + " " + payloadBytes + " " + (long) rate + " " + STEP_MILLIS).split(" ");
        Thread.sleep(DRAIN_MILLIS);
        double seconds = Double.parseDouble(sent[1]) / 1e9;
        return new PacketRate.Step(Double.parseDouble(sent[0]) / seconds, Double.parseDouble(receiver.ask("")) / seconds);
    }

    @Override
    public void close() {
        sender.close();
        receiver.close();
    }
}
