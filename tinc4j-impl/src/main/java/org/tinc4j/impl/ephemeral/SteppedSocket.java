package org.tinc4j.impl.ephemeral;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.tinc4j.NodeClosedException;
import org.tinc4j.impl.fabric.DatagramSink;
import org.tinc4j.impl.fabric.FabricUdp;
import org.tinc4j.impl.fabric.Host;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.PacketBatch;

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
            results[i] = FabricTransport.send(socket, batch.get(i));
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
