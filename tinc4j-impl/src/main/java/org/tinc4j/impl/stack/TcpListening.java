package org.tinc4j.impl.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A port that takes connections: those whose handshake is under way, and those that wait to be accepted. Of either there are no more
 * than the backlog; what is above is answered by SYN cookies, which cost no memory, and dropped while nobody accepts, so that the peer
 * tries again.
 *
 * <p><b>Threads.</b> Any.
 */
public final class TcpListening {

    /** Handshakes that may be under way at once before SYN cookies take over: as many as may wait, within these. */
    private static final int MIN_HANDSHAKES = 16;

    private static final int MAX_HANDSHAKES = 4096;

    /** A cookie may be answered for two periods of a minute. */
    private static final long COOKIE_NANOS = 128_000_000_000L;

    private final HostStack host;
    private final InetAddress address;
    private final int port;
    private final int backlog;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();

    // All guarded by lock.
    private final Deque<TcpEndpoint> waiting = new ArrayDeque<>();
    private int handshakes;
    private long cookieNanos;
    private boolean cookiesGiven;
    private boolean closed;

    /**
     * Not reachable yet.
     *
     * @param address the only one it takes connections for; null is all
     */
    TcpListening(HostStack host, InetAddress address, int port, int backlog) {
        this.host = host;
        this.address = address;
        this.port = port;
        this.backlog = backlog;
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** Whether it takes connections for an address of this host. */
    boolean takes(byte[] local) {
        return address == null || java.util.Arrays.equals(address.getAddress(), local);
    }

    /** What becomes of a SYN. */
    enum Room {
        /** There is a place, and it is taken. */
        PLACE,
        /** Too many handshakes are under way: the answer must not cost memory. */
        COOKIE,
        /** Nobody accepts: the peer tries again. */
        NONE
    }

    /** A SYN came. */
    Room roomForSyn(long nowNanos) {
        lock.lock();
        try {
            if (closed || waiting.size() >= backlog) {
                return Room.NONE;
            }
            if (handshakes >= Math.clamp(backlog, MIN_HANDSHAKES, MAX_HANDSHAKES)) {
                cookiesGiven = true;
                cookieNanos = nowNanos;
                return Room.COOKIE;
            }
            handshakes++;
            return Room.PLACE;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether a segment we cannot place may be of somebody who was given a cookie, and whose answer to it was lost or had no place. He
     * sends it again, unless a RST tells him that the connection he believes in is none.
     */
    boolean mayHoldCookie(long nowNanos) {
        lock.lock();
        try {
            return cookiesGiven && nowNanos - cookieNanos < COOKIE_NANOS;
        } finally {
            lock.unlock();
        }
    }

    /** The answer to a cookie came; whether there is a place, which is then taken. */
    boolean roomForCookie() {
        lock.lock();
        try {
            if (closed || waiting.size() >= backlog) {
                return false;
            }
            handshakes++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** A handshake is complete. Returns false if nobody listens any more. */
    boolean established(TcpEndpoint endpoint) {
        lock.lock();
        try {
            handshakes--;
            if (closed) {
                return false;
            }
            waiting.add(endpoint);
            arrived.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** A handshake came to nothing. */
    void failed() {
        lock.lock();
        try {
            handshakes--;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a connection.
     *
     * @param timeoutMillis 0 is without end
     */
    public TcpEndpoint accept(int timeoutMillis) throws IOException {
        try (Waiting patience = new Waiting(timeoutMillis)) {
            lock.lock();
            try {
                while (true) {
                    if (closed) {
                        throw new SocketException("Socket closed");
                    }
                    TcpEndpoint endpoint = waiting.poll();
                    if (endpoint != null) {
                        return endpoint;
                    }
                    if (!patience.await(arrived)) {
                        throw new SocketTimeoutException("Accept timed out");
                    }
                }
            } catch (InterruptedException e) {
                throw Waiting.interrupted();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Takes no more connections; those nobody has accepted are reset. Idempotent. */
    public void close() {
        List<TcpEndpoint> abandoned;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            abandoned = new ArrayList<>(waiting);
            waiting.clear();
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
        host.unbind(port, this);
        abandoned.forEach(TcpEndpoint::abort);
    }
}
