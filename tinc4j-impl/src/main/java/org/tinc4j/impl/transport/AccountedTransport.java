package org.tinc4j.impl.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.tinc4j.Capabilities;
import org.tinc4j.impl.ledger.Ledger;
import org.tinc4j.spi.BufferPool;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.Pollable;

/** A socket of a platform, held in the ledger until it is closed. */
final class AccountedTransport implements DatagramTransport {

    private final DatagramTransport transport;
    private final Ledger.Lease lease;

    /** Takes the transport. */
    AccountedTransport(DatagramTransport transport, Ledger ledger) {
        this.transport = transport;
        this.lease = ledger.take("socket", "UDP socket " + transport.localAddress());
    }

    @Override
    public InetSocketAddress localAddress() {
        return transport.localAddress();
    }

    @Override
    public int receiveBytes() {
        return transport.receiveBytes();
    }

    @Override
    public int sendBytes() {
        return transport.sendBytes();
    }

    @Override
    public BufferPool.Memory memory() {
        return transport.memory();
    }

    @Override
    public Capabilities capabilities() {
        return transport.capabilities();
    }

    @Override
    public int receive(PacketBatch batch) throws IOException {
        return transport.receive(batch);
    }

    @Override
    public Optional<Pollable> pollable() {
        return transport.pollable();
    }

    @Override
    public void send(PacketBatch batch, SendResult[] results) throws IOException {
        transport.send(batch, results);
    }

    @Override
    public void close() {
        transport.close();
        lease.close();
    }
}
