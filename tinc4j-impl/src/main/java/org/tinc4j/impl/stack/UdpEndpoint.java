package org.tinc4j.impl.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.tinc4j.DropReason;

/**
 * One UDP socket of this host: what has arrived, bounded in bytes, and who waits for it.
 *
 * <p><b>Threads.</b> Any.
 *
 * <p><b>Source.</b> RFC 768; RFC 1122 section 4.1.3.3 for errors.
 */
public final class UdpEndpoint {

    /** As on Linux, more or less. */
    private static final int DEFAULT_RECEIVE_BYTES = 208 << 10;

    /** What a datagram takes beside its bytes: an array, an IPv6 address and what holds the two together. */
    private static final int OVERHEAD_BYTES = 256;

    /** One datagram and whom it came from. */
    public record Datagram(byte[] data, InetSocketAddress from) {}

    private final HostStack host;
    private final InetAddress address;
    private volatile int port;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();

    // All guarded by lock.
    private final Deque<Datagram> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private int receiveBytes = DEFAULT_RECEIVE_BYTES;
    private InetSocketAddress remote;
    private SocketException error;
    private boolean closed;

    /**
     * Not bound yet.
     *
     * @param address the only one it receives for; null is all
     */
    UdpEndpoint(HostStack host, InetAddress address) {
        this.host = host;
        this.address = address;
    }

    void bound(int toPort) {
        port = toPort;
    }

    /** Its port. */
    public int port() {
        return port;
    }

    /** The only address it receives for; null is all. */
    public InetAddress address() {
        return address;
    }

    /** From now on it only hears of one; null is all. */
    public void connect(InetSocketAddress to) {
        lock.lock();
        try {
            remote = to;
            error = null;
            if (to != null) {
                waiting.removeIf(datagram -> !datagram.from().equals(to));
                waitingBytes = waiting.stream().mapToInt(UdpEndpoint::cost).sum();
            }
        } finally {
            lock.unlock();
        }
    }

    /** How much may wait, in bytes. */
    public void receiveBytes(int bytes) {
        lock.lock();
        try {
            receiveBytes = bytes;
        } finally {
            lock.unlock();
        }
    }

    /** As set. */
    public int receiveBytes() {
        lock.lock();
        try {
            return receiveBytes;
        } finally {
            lock.unlock();
        }
    }

    private static int cost(Datagram datagram) {
        return datagram.data().length + OVERHEAD_BYTES;
    }

    /** Whether a packet for its port may be for it. */
    boolean takes(ByteBuffer m, int off) {
        return address == null || Arrays.equals(address.getAddress(), Packets.destination(m, off));
    }

    /** A datagram came. Borrows the memory. */
    void received(ByteBuffer m, int off, int udpAt, int dataAt, int length) {
        byte[] data = new byte[length];
        m.get(dataAt, data);
        InetSocketAddress from =
                new InetSocketAddress(Packets.address(Packets.source(m, off)), m.getShort(udpAt) & 0xffff);
        Datagram datagram = new Datagram(data, from);
        lock.lock();
        try {
            if (closed || remote != null && !remote.equals(from)) {
                host.device().drops().accept(DropReason.NO_RECEIVER, 1);
            } else if (waitingBytes > 0 && waitingBytes + cost(datagram) > receiveBytes) {
                host.device().drops().accept(DropReason.QUEUE_FULL, 1);
            } else {
                waiting.add(datagram);
                waitingBytes += cost(datagram);
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** An ICMP error quotes a datagram of this port. "UDP MUST pass to the application layer all ICMP error messages that it receives". */
    void onError(IcmpQuote quote, ByteBuffer m) {
        lock.lock();
        try {
            // An unconnected socket would not know which datagram it was.
            if (remote == null || closed || quote.kind() == IcmpQuote.Kind.TOO_BIG) {
                return;
            }
            boolean same = remote.getPort() == (m.getShort(quote.transportAt() + 2) & 0xffff)
                    && Arrays.equals(remote.getAddress().getAddress(), Packets.destination(m, quote.packetAt()));
            if (same) {
                error = switch (quote.kind()) {
                    case PORT_UNREACHABLE -> new PortUnreachableException("Connection refused");
                    case NETWORK_UNREACHABLE -> new SocketException("Network is unreachable");
                    case HOST_UNREACHABLE, PROHIBITED, TOO_BIG -> new java.net.NoRouteToHostException("No route to host");
                };
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a datagram.
     *
     * @param timeoutMillis 0 is without end
     */
    public Datagram receive(int timeoutMillis) throws IOException {
        try (Waiting patience = new Waiting(timeoutMillis)) {
            lock.lock();
            try {
                while (true) {
                    ensureOpen();
                    throwError();
                    Datagram datagram = waiting.poll();
                    if (datagram != null) {
                        waitingBytes -= cost(datagram);
                        return datagram;
                    }
                    if (!patience.await(arrived)) {
                        throw new SocketTimeoutException("Receive timed out");
                    }
                }
            } catch (InterruptedException e) {
                closeLocked();
                Thread.currentThread().interrupt();
                throw new SocketException("Closed by interrupt");
            } finally {
                lock.unlock();
            }
        }
    }

    private void throwError() throws SocketException {
        if (error != null) {
            SocketException thrown = error;
            error = null;
            throw thrown;
        }
    }

    private void ensureOpen() throws SocketException {
        if (closed) {
            throw new SocketException("Socket closed");
        }
    }

    /**
     * Sends a datagram; what is longer than the path takes is cut, and put together again by the peer.
     *
     * @param data copied
     * @param dscp in its place above the two bits of ECN
     */
    public void send(byte[] data, int offset, int length, InetAddress to, int toPort, int dscp) throws IOException {
        InetAddress from = address != null ? address : host.sourceFor(to);
        byte[] local = from.getAddress();
        byte[] target = to.getAddress();
        if (local.length != target.length) {
            throw new SocketException("Network is unreachable");
        }
        lock.lock();
        try {
            ensureOpen();
            throwError();
        } finally {
            lock.unlock();
        }
        if (!host.udpOutput().send(local, port, target, toPort, data, offset, length, dscp)) {
            throw new IOException("Message too long");
        }
    }

    /** Whoever waits gets an exception. Idempotent. */
    public void close() {
        lock.lock();
        try {
            closeLocked();
        } finally {
            lock.unlock();
        }
    }

    private void closeLocked() {
        if (!closed) {
            closed = true;
            waiting.clear();
            arrived.signalAll();
            host.unbind(this);
        }
    }

    /** Whether it is closed, also by interruption or with its node. */
    public boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }
}
