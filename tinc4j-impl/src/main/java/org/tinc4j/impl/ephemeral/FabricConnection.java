package org.tinc4j.impl.ephemeral;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.tinc4j.impl.fabric.FabricStream;
import org.tinc4j.impl.fabric.Host;
import org.tinc4j.impl.fabric.StreamEnd;
import org.tinc4j.impl.fabric.StreamSink;
import org.tinc4j.impl.ledger.Ledger;
import org.tinc4j.impl.net.StreamConnection;

/** A TCP connection on the virtual network, for threads that wait. */
final class FabricConnection implements StreamConnection {

    private final RealTime time;
    private final Host host;
    private final Condition changed;
    private final Ledger.Lease lease;
    private final Deque<byte[]> received = new ArrayDeque<>(); // guarded by time.lock
    private FabricStream stream; // guarded by time.lock
    private StreamEnd end; // guarded by time.lock
    private boolean connected; // guarded by time.lock
    private boolean closed; // guarded by time.lock

    /** One that is to be connected. */
    FabricConnection(RealTime time, Host host, Ledger ledger) {
        this.time = time;
        this.host = host;
        this.lease = ledger.take("socket", "TCP connection of " + host.name());
        this.changed = time.lock.newCondition();
    }

    /** One that was accepted. */
    FabricConnection(RealTime time, Host host, Ledger ledger, FabricStream accepted) {
        this(time, host, ledger);
        this.stream = accepted;
        this.connected = true;
    }

    /** Told on the network's thread, with the lock held. */
    StreamSink sink() {
        return new StreamSink() {
            @Override
            public void connected(FabricStream made) {
                connected = true;
                changed.signalAll();
            }

            @Override
            public void failed(StreamEnd reason) {
                end = reason;
                changed.signalAll();
            }

            @Override
            public void received(byte[] bytes) {
                received.addLast(bytes);
                changed.signalAll();
            }

            @Override
            public void writable() {
                changed.signalAll();
            }

            @Override
            public void closed(StreamEnd reason) {
                end = reason;
                changed.signalAll();
            }
        };
    }

    @Override
    public void connect(InetSocketAddress remote, int timeoutMillis) throws IOException {
        time.lock.lock();
        try {
            if (closed) {
                throw new SocketException("the connection is closed");
            }
            stream = host.connect(remote, sink());
            long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
            while (!connected && end == null && !closed) {
                if (left <= 0) {
                    close();
                    throw new SocketTimeoutException("connect timed out");
                }
                left = changed.awaitNanos(left);
            }
            if (closed) {
                throw new SocketException("the connection is closed");
            }
            if (!connected) {
                throw new ConnectException(end.text());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SocketException("interrupted");
        } finally {
            time.lock.unlock();
        }
    }

    @Override
    public InetSocketAddress remote() {
        return stream.remote();
    }

    @Override
    public InetSocketAddress local() {
        return stream.local();
    }

    @Override
    public int read(byte[] into) throws IOException {
        time.lock.lock();
        try {
            while (received.isEmpty() && end == null && !closed) {
                changed.await();
            }
            if (closed) {
                throw new SocketException("the connection is closed");
            }
            byte[] first = received.poll();
            if (first == null) {
                if (end == StreamEnd.CLOSED) {
                    return -1;
                }
                throw new SocketException(end.text());
            }
            int length = Math.min(first.length, into.length);
            System.arraycopy(first, 0, into, 0, length);
            if (length < first.length) {
                received.addFirst(Arrays.copyOfRange(first, length, first.length));
            }
            if (end == null) {
                stream.consumed(length);
            }
            return length;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SocketException("interrupted");
        } finally {
            time.lock.unlock();
        }
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        time.lock.lock();
        try {
            while (stream.unsentBytes() >= FabricStream.WRITE_HIGH_BYTES && end == null && !closed) {
                changed.await();
            }
            if (closed) {
                throw new SocketException("the connection is closed");
            }
            if (end != null) {
                throw new SocketException(end.text());
            }
            stream.write(bytes.clone());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SocketException("interrupted");
        } finally {
            time.lock.unlock();
        }
    }

    @Override
    public void close() {
        time.lock.lock();
        try {
            if (!closed) {
                closed = true;
                lease.close();
                received.clear();
                if (stream != null) {
                    if (connected) {
                        stream.close();
                    } else {
                        stream.abort();
                    }
                }
                changed.signalAll();
            }
        } finally {
            time.lock.unlock();
        }
    }
}
