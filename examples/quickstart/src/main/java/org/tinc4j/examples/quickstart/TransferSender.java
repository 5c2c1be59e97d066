package org.tinc4j.examples.quickstart;

import java.io.IOException;
import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import org.tinc4j.PacketPort;

/** The near end of a transfer: keeps a window of packets on the way, and goes back to the first one missing. */
final class TransferSender {

    /** Packets on the way at most: they fit the smallest socket buffer a system gives by default. */
    private static final int WINDOW = 64;

    /** Silence after which the window is sent again; far longer than a round trip on one machine. */
    private static final Duration SILENCE = Duration.ofMillis(200);

    /** Silence after which the transfer has failed. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final long SEED = 20;

    private final PacketPort port;
    private final Inet4Address local;
    private final Inet4Address remote;
    private final long bytes;
    private final int packets;
    private final MessageDigest hash;
    private final byte[] data = new byte[TransferPacket.DATA_BYTES];
    private int hashed;
    private int repeated;

    TransferSender(PacketPort port, Inet4Address local, Inet4Address remote, long bytes, MessageDigest hash) {
        this.port = port;
        this.local = local;
        this.remote = remote;
        this.bytes = bytes;
        this.packets = packets(bytes);
        this.hash = hash;
    }

    /** Packets it takes to send so many bytes. */
    static int packets(long bytes) {
        return Math.toIntExact((bytes + TransferPacket.DATA_BYTES - 1) / TransferPacket.DATA_BYTES);
    }

    /**
     * Sends everything.
     *
     * @param progress told how many bytes have arrived
     */
    void send(LongConsumer progress) throws IOException, InterruptedException, StepFailedException {
        int acknowledged = 0;
        int next = 0;
        long lastHeard = System.nanoTime();
        while (acknowledged < packets) {
            while (next < Math.min(packets, acknowledged + WINDOW)) {
                send(next++);
            }
            Optional<ByteBuffer> answer = port.receive(SILENCE);
            if (answer.isEmpty()) {
                if (System.nanoTime() - lastHeard > PATIENCE.toNanos()) {
                    throw new StepFailedException("packet " + acknowledged + " of " + packets + " was not acknowledged within "
                            + PATIENCE.toSeconds() + " s");
                }
                repeated += next - acknowledged;
                next = acknowledged;
            } else if (TransferPacket.isOfTransfer(answer.get()) && TransferPacket.number(answer.get()) > acknowledged) {
                acknowledged = TransferPacket.number(answer.get());
                next = Math.max(next, acknowledged);
                lastHeard = System.nanoTime();
                progress.accept(Math.min(bytes, (long) acknowledged * TransferPacket.DATA_BYTES));
            }
        }
    }

    private void send(int number) throws IOException {
        int length = (int) Math.min(data.length, bytes - (long) number * data.length);
        fill(number);
        if (number == hashed) {
            hash.update(data, 0, length);
            hashed++;
        }
        port.send(TransferPacket.data(local, remote, number, data, length));
    }

    /** The same data each time the same packet is sent. */
    private void fill(int number) {
        new SplittableRandom(SEED + number).nextBytes(data);
    }

    int repeated() {
        return repeated;
    }
}
