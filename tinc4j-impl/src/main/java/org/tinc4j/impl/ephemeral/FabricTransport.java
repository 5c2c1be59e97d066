package org.tinc4j.impl.ephemeral;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import org.tinc4j.NodeClosedException;
import org.tinc4j.impl.fabric.FabricUdp;
import org.tinc4j.impl.fabric.Host;
import org.tinc4j.impl.ledger.Ledger;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketDevice;

/** A UDP socket on the virtual network, for threads that wait. */
final class FabricTransport implements DatagramTransport {

    /** What a kernel's default receive buffer holds of full datagrams, about. */
    private static final int MAX_WAITING = 512;

    private record Datagram(byte[] bytes, InetSocketAddress from) {}

    private final RealTime time;
    private final Condition arrived;
    private final FabricUdp socket;
    private final Ledger.Lease lease;
    private final Queue<Datagram> waiting = new ArrayDeque<>(); // guarded by time.lock
    private boolean closed; // guarded by time.lock

    FabricTransport(RealTime time, Host host, int port, Ledger ledger) throws IOException {
        this.time = time;
        this.arrived = time.lock.newCondition();
        time.lock.lock();
        try {
            this.socket = host.bindUdp(port, this::arrive);
            this.lease = ledger.take("socket", "UDP " + host.name() + " " + socket.local());
        } finally {
            time.lock.unlock();
        }
    }

    /** On the network's thread, or on that of a sender; the lock is held. */
    private void arrive(byte[] bytes, InetSocketAddress from) {
        if (waiting.size() < MAX_WAITING) {
            waiting.add(new Datagram(bytes, from));
            arrived.signal();
        }
    }

    @Override
    public InetSocketAddress localAddress() {
        return socket.local();
    }

    @Override
    public int receive(PacketBatch batch) throws IOException {
        time.lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                arrived.await();
            }
            if (closed) {
                throw new NodeClosedException("UDP socket " + localAddress() + " is closed");
            }
            int count = 0;
            while (count < batch.capacity() && !waiting.isEmpty()) {
                Datagram datagram = waiting.remove();
                PacketBuffer buffer = batch.get(count++);
                int room = buffer.capacity() - PacketDevice.HEADROOM_BYTES - PacketDevice.TAILROOM_BYTES;
                // As with a real socket, what is longer than the buffer is cut off.
                int length = Math.min(datagram.bytes().length, room);
                buffer.reset(PacketDevice.HEADROOM_BYTES, length);
                buffer.memory().put(PacketDevice.HEADROOM_BYTES, datagram.bytes(), 0, length);
                buffer.remote(datagram.from());
            }
            batch.size(count);
            return count;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NodeClosedException("UDP socket " + localAddress() + " was interrupted", e);
        } finally {
            time.lock.unlock();
        }
    }

    @Override
    public void send(PacketBatch batch, SendResult[] results) throws IOException {
        time.lock.lock();
        try {
            if (closed) {
                throw new NodeClosedException("UDP socket " + localAddress() + " is closed");
            }
            for (int i = 0; i < batch.size(); i++) {
                results[i] = send(socket, batch.get(i));
            }
        } finally {
            time.lock.unlock();
        }
    }

    /** One datagram; it is copied. */
    static SendResult send(FabricUdp socket, PacketBuffer buffer) {
        byte[] datagram = new byte[buffer.length()];
        buffer.memory().get(buffer.offset(), datagram);
        return switch (socket.send(buffer.remote(), datagram)) {
            case SENT -> SendResult.SENT;
            case TOO_LONG -> SendResult.TOO_LONG;
            case FAILED -> SendResult.FAILED;
        };
    }

    @Override
    public void close() {
        time.lock.lock();
        try {
            closed = true;
            waiting.clear();
            socket.close();
            lease.close();
            arrived.signalAll();
        } finally {
            time.lock.unlock();
        }
    }
}
