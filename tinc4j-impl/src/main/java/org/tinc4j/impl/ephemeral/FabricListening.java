package org.tinc4j.impl.ephemeral;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import org.tinc4j.NodeClosedException;
import org.tinc4j.impl.fabric.FabricListener;
import org.tinc4j.impl.fabric.FabricStream;
import org.tinc4j.impl.fabric.Host;
import org.tinc4j.impl.fabric.StreamSink;
import org.tinc4j.impl.ledger.Ledger;
import org.tinc4j.impl.net.StreamConnection;
import org.tinc4j.impl.net.StreamListener;

/** A listening TCP socket on the virtual network, for a thread that waits. */
final class FabricListening implements StreamListener {

    private static final int MAX_WAITING = 128;

    private final RealTime time;
    private final Host host;
    private final Condition arrived;
    private final Ledger ledger;
    private final FabricListener socket;
    private final Ledger.Lease lease;
    private final Queue<FabricConnection> waiting = new ArrayDeque<>(); // guarded by time.lock
    private boolean closed; // guarded by time.lock

    FabricListening(RealTime time, Host host, int port, Ledger ledger) throws IOException {
        this.time = time;
        this.host = host;
        this.ledger = ledger;
        this.arrived = time.lock.newCondition();
        time.lock.lock();
        try {
            this.socket = host.listen(port, this::arrive);
            this.lease = ledger.take("socket", "TCP listener " + host.name() + " " + socket.local());
        } finally {
            time.lock.unlock();
        }
    }

    /** On the network's thread; the lock is held. */
    private StreamSink arrive(FabricStream stream) {
        FabricConnection connection = new FabricConnection(time, host, ledger, stream);
        if (waiting.size() < MAX_WAITING) {
            waiting.add(connection);
            arrived.signal();
        } else {
            connection.close();
        }
        return connection.sink();
    }

    @Override
    public StreamConnection accept() throws IOException {
        time.lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                arrived.await();
            }
            if (closed) {
                throw new NodeClosedException("TCP listener " + localAddress() + " is closed");
            }
            return waiting.remove();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NodeClosedException("TCP listener " + localAddress() + " was interrupted", e);
        } finally {
            time.lock.unlock();
        }
    }

    @Override
    public InetSocketAddress localAddress() {
        return socket.local();
    }

    @Override
    public boolean isClosed() {
        time.lock.lock();
        try {
            return closed;
        } finally {
            time.lock.unlock();
        }
    }

    @Override
    public void close() {
        time.lock.lock();
        try {
            closed = true;
            socket.close();
            lease.close();
            waiting.forEach(FabricConnection::close);
            waiting.clear();
            arrived.signalAll();
        } finally {
            time.lock.unlock();
        }
    }
}
