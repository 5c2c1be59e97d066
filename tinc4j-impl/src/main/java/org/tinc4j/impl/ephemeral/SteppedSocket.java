package org.tinc4j.impl.ephemeral;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.tinc4j.NodeClosedException;
import org.tinc4j.impl.fabric.DatagramSink;
import org.tinc4j.impl.fabric.FabricUdp;
import org.tinc4j.impl.fabric.Host;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;

/** A UDP socket on the virtual network, for sending; what arrives goes to a sink. One thread at a time. */
final class SteppedSocket implements DatagramTransport {

    private final FabricUdp socket;

    SteppedSocket(Host host, int port, DatagramSink sink) throws IOException {
        this.socket = host.bindUdp(port, sink);
    }

    @Override
    public InetSocketAddress localAddress() {
        return socket.local();
    }

    @Override
    public int receive(PacketBatch batch) throws IOException {
        throw new NodeClosedException("datagrams are handed on as they come; nobody waits for them here");
    }

    @Override
    public void send(PacketBatch batch, SendResult[] results) {
        for (int i = 0; i < batch.size(); i++) {
            PacketBuffer buffer = batch.get(i);
            byte[] datagram = new byte[buffer.length()];
            buffer.memory().get(buffer.offset(), datagram);
            results[i] = switch (socket.send(buffer.remote(), datagram)) {
                case SENT -> SendResult.SENT;
                case TOO_LONG -> SendResult.TOO_LONG;
                case FAILED -> SendResult.FAILED;
            };
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
