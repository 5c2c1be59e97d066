package org.tinc4j.examples.quickstart;

import java.io.IOException;
import java.net.Inet4Address;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import org.tinc4j.Subnet;
import org.tinc4j.TincNode;

/**
 * What came of sending many bytes from one node to another as raw IP packets.
 *
 * @param bytes that were sent and arrived
 * @param packets it took
 * @param repeated packets that had to be sent again, not counted above
 * @param time from the first packet to the last acknowledgement
 * @param sentHash SHA-256 of what was sent, in hex
 * @param receivedHash SHA-256 of what arrived, in hex
 */
record Transfer(long bytes, int packets, int repeated, Duration time, String sentHash, String receivedHash) {

    static Transfer run(TincNode from, TincNode to, long bytes, LongConsumer progress)
            throws IOException, InterruptedException, StepFailedException {
        MessageDigest sent = sha256();
        MessageDigest received = sha256();
        Inet4Address source = address(from);
        Inet4Address destination = address(to);
        int packets = TransferSender.packets(bytes);
        TransferSender sender = new TransferSender(from.packets(), source, destination, bytes, sent);
        TransferReceiver receiver = new TransferReceiver(to.packets(), destination, source, packets, received);
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Void> receiving = threads.submit(receiver);
            try {
                sender.send(progress);
            } finally {
                receiving.cancel(true);
            }
        }
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        HexFormat hex = HexFormat.of();
        return new Transfer(
                bytes, packets, sender.repeated(), time, hex.formatHex(sent.digest()), hex.formatHex(received.digest()));
    }

    boolean intact() {
        return sentHash.equals(receivedHash);
    }

    double mebibytesPerSecond() {
        return bytes / 1048576.0 / (time.toNanos() / 1e9);
    }

    private static Inet4Address address(TincNode node) throws StepFailedException {
        return node.status().node(node.name().value()).stream()
                .flatMap(self -> self.subnets().stream())
                .map(Subnet::inetAddress)
                .filter(Inet4Address.class::isInstance)
                .map(Inet4Address.class::cast)
                .findFirst()
                .orElseThrow(() -> new StepFailedException(node.name() + " has no IPv4 address on the mesh"));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
