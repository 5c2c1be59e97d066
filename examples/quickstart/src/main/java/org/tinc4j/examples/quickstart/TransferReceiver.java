package org.tinc4j.examples.quickstart;

import java.io.IOException;
import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.tinc4j.PacketPort;

/** The far end of a transfer: takes packets in order, hashes them, and says which one it expects next. Runs until interrupted. */
final class TransferReceiver implements Callable<Void> {

    private static final Duration LONG = Duration.ofSeconds(10);

    /** One acknowledgement for so many packets in order. */
    private static final int PACKETS_PER_ACKNOWLEDGEMENT = 8;

    private final PacketPort port;
    private final Inet4Address local;
    private final Inet4Address remote;
    private final int packets;
    private final MessageDigest hash;
    private int expected;

    TransferReceiver(PacketPort port, Inet4Address local, Inet4Address remote, int packets, MessageDigest hash) {
        this.port = port;
        this.local = local;
        this.remote = remote;
        this.packets = packets;
        this.hash = hash;
    }

    @Override
    public Void call() throws IOException, InterruptedException {
        while (true) {
            Optional<ByteBuffer> packet = port.receive(LONG);
            if (packet.isPresent() && TransferPacket.isOfTransfer(packet.get())) {
                take(packet.get());
            }
        }
    }

    private void take(ByteBuffer packet) throws IOException {
        boolean inOrder = TransferPacket.number(packet) == expected;
        if (inOrder) {
            hash.update(TransferPacket.content(packet));
            expected++;
        }
        if (!inOrder || expected % PACKETS_PER_ACKNOWLEDGEMENT == 0 || expected == packets) {
            port.send(TransferPacket.acknowledgement(local, remote, expected));
        }
    }
}
