package org.tinc4j.impl.stack;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.tinc4j.DropReason;
import org.tinc4j.impl.stack.tcp.Flow;
import org.tinc4j.impl.stack.tcp.TcpConnection;
import org.tinc4j.impl.stack.tcp.TcpFailure;
import org.tinc4j.impl.stack.tcp.TcpSegment;
import org.tinc4j.impl.stack.tcp.TcpState;

/**
 * One TCP connection of this host: the machine, its lock, its timer, and the threads that wait for it. It lives in the host's table from
 * SYN to the end of TIME_WAIT, which may be long after its socket is closed.
 *
 * <p><b>Threads.</b> Any. Those that block park a virtual thread without its carrier.
 *
 * <p><b>Errors.</b> Types and messages are those of the JDK's sockets on Linux.
 */
public final class TcpEndpoint implements Timers.Owner {

    /** How often somebody looks whether the host has memory again. */
    private static final long MEMORY_LOOK_NANOS = 20_000_000;

    private final HostStack host;
    private final Flow flow;
    private final FlowKey key;
    private final TcpOutput output;
    private final Timers.Timer timer = new Timers.Timer(this);

    /** Keeps the writes of several threads apart; taken before {@link #lock}. */
    private final ReentrantLock writing = new ReentrantLock();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition readable = lock.newCondition();
    private final Condition writable = lock.newCondition();

    // All guarded by lock.
    /** Null for a moment between the host's table and {@link #open}, when a packet may concern it already. */
    private TcpConnection machine;
    /** Where it waits to be accepted; null once it does not any more, and for one we opened. */
    private TcpListening listening;
    private boolean closed;
    private boolean inputShut;
    private boolean outputShut;
    private boolean failureTold;
    private boolean waits;
    private boolean removed;
    private int heldBytes;

    TcpEndpoint(HostStack host, Flow flow, FlowKey key, TcpListening listening, int firstIpId) {
        this.host = host;
        this.flow = flow;
        this.key = key;
        this.listening = listening;
        this.output = new TcpOutput(host.device(), flow, firstIpId, this::resume);
    }

    /** Both ends. */
    public Flow flow() {
        return flow;
    }

    FlowKey key() {
        return key;
    }

    /** Makes the machine, whose first segment leaves; nobody else has the endpoint yet, or whoever has waits for the lock. */
    void open(Opening opening) {
        lock.lock();
        try {
            machine = opening.open(output);
            if (closed) {
                machine.abort(output); // The host was closed meanwhile.
            }
            settle();
        } finally {
            lock.unlock();
        }
    }

    /** How a machine comes to be. */
    @FunctionalInterface
    interface Opening {
        TcpConnection open(TcpOutput output);
    }

    // ---- what the network tells ----
    //
    // The time is looked up under the lock. What was looked up before it may lie before what a thread that got it first has told the machine,
    // and a peer drops segments whose timestamps run backwards (RFC 7323 section 5).

    /** A segment came. Returns false if nothing is left of the connection. */
    boolean onSegment(TcpSegment segment) {
        lock.lock();
        try {
            if (machine == null || machine.state() == TcpState.CLOSED) {
                return false;
            }
            boolean mayWait = machine.readable() > 0 || !machine.expects(segment);
            if (segment.payloadLength() > 0 && mayWait && host.memoryIsShort()) {
                host.device().drops().accept(DropReason.QUEUE_FULL, 1);
                return true;
            }
            machine.onSegment(segment, host.nanoTime(), output);
            settle();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** ICMP: the path takes only smaller packets. */
    void onPathMtu(int mtuBytes, int seq) {
        lock.lock();
        try {
            if (machine != null) {
                machine.onPathMtu(mtuBytes, seq, host.nanoTime(), output);
                settle();
            }
        } finally {
            lock.unlock();
        }
    }

    /** ICMP: there is no way to the peer. */
    void onUnreachable(TcpFailure reason, int seq) {
        lock.lock();
        try {
            if (machine != null) {
                machine.onUnreachable(reason, seq, host.nanoTime());
                settle();
            }
        } finally {
            lock.unlock();
        }
    }

    /** There is room again for what the machine holds back. */
    private void resume() {
        lock.lock();
        try {
            if (machine.state() != TcpState.CLOSED) {
                machine.resume(host.nanoTime(), output);
                settle();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onTimer() {
        lock.lock();
        try {
            long nowNanos = host.nanoTime();
            long deadline = machine.nextDeadlineNanos();
            if (closed && machine.unacknowledged() > 0 && host.memoryIsShort()) {
                // RFC 9293 section 3.8.6.1 keeps a connection whose peer opens no window for as long as the peer likes, and RFC 6429
                // leaves it to whoever manages memory to end it. Nobody of ours hears of the end of this one any more.
                machine.abort(output);
            } else if (deadline != Timers.NEVER && nowNanos - deadline >= 0) {
                machine.onDeadline(nowNanos, output);
            }
            settle();
        } finally {
            lock.unlock();
        }
    }

    /** After everything that may have changed the machine: wakes who waits, moves the timer, tells the listener and the host. */
    private void settle() {
        TcpState state = machine.state();
        boolean over = state == TcpState.CLOSED;
        if (listening != null && state != TcpState.SYN_RECEIVED) {
            TcpListening waited = listening;
            listening = null;
            if (over) {
                waited.failed();
            } else if (!waited.established(this)) {
                // The listener was closed meanwhile.
                machine.abort(output);
                over = true;
            }
        }
        if (over || machine.readable() > 0 || machine.readEnded()) {
            readable.signalAll();
        }
        // A writer that is woken for every few bytes would write as few. Whoever lingers waits for the last acknowledgment.
        if (over || state != TcpState.SYN_SENT && (machine.writeReady() || closed)) {
            writable.signalAll();
        }
        int held = over ? 0 : machine.heldBytes();
        if (held != heldBytes) {
            host.holds(held - heldBytes);
            heldBytes = held;
        }
        if (state == TcpState.TIME_WAIT && closed && !waits) {
            waits = true;
            host.waits(this);
        }
        if (!over) {
            host.timers().schedule(timer, machine.nextDeadlineNanos());
        } else if (!removed) {
            removed = true;
            host.timers().cancel(timer);
            host.remove(this);
        }
    }

    // ---- what the socket asks ----

    /**
     * Waits for the answer to our SYN.
     *
     * @param timeoutMillis 0 leaves it to TCP
     */
    public void awaitConnected(int timeoutMillis) throws IOException {
        try (Waiting waiting = new Waiting(timeoutMillis)) {
            lock.lock();
            try {
                while (machine.state() == TcpState.SYN_SENT || machine.state() == TcpState.SYN_RECEIVED) {
                    ensureOpen();
                    if (!waiting.await(writable)) {
                        abortLocked();
                        throw new SocketTimeoutException("Connect timed out");
                    }
                }
                ensureOpen();
                if (machine.state() == TcpState.CLOSED) {
                    failureTold = true;
                    throw Failures.ofConnect(machine.failure().orElse(TcpFailure.ABORTED));
                }
            } catch (InterruptedException e) {
                throw Waiting.interrupted();
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Waits for data.
     *
     * @param timeoutMillis 0 is without end
     * @return bytes read; -1 at the end of the stream
     */
    public int read(byte[] into, int offset, int length, int timeoutMillis) throws IOException {
        if (length == 0) {
            return 0;
        }
        try (Waiting waiting = new Waiting(timeoutMillis)) {
            lock.lock();
            try {
                while (true) {
                    ensureOpen();
                    if (inputShut) {
                        return -1;
                    }
                    int count = machine.read(into, offset, length, host.nanoTime(), output);
                    if (count != 0) {
                        settle();
                        return count;
                    }
                    if (machine.state() == TcpState.CLOSED) {
                        return endOfBroken();
                    }
                    if (!waiting.await(readable)) {
                        throw new SocketTimeoutException("Read timed out");
                    }
                }
            } catch (InterruptedException e) {
                throw Waiting.interrupted();
            } finally {
                lock.unlock();
            }
        }
    }

    private int endOfBroken() throws SocketException {
        TcpFailure failure = machine.failure().orElse(null);
        if (failure == null) {
            return -1;
        }
        failureTold = true;
        throw Failures.ofRead(failure);
    }

    /** Writes all of it, waiting for room. */
    public void write(byte[] data, int offset, int length) throws IOException {
        writing.lock();
        try (Waiting waiting = new Waiting(0)) {
            lock.lock();
            try {
                int done = 0;
                do {
                    ensureWritable();
                    boolean crowded = machine.unacknowledged() > 0 && host.memoryIsShort();
                    int count = crowded ? 0 : machine.write(data, offset + done, length - done, host.nanoTime(), output);
                    done += count;
                    if (count > 0) {
                        settle();
                    } else if (done < length) {
                        waiting.await(writable, crowded ? MEMORY_LOOK_NANOS : Long.MAX_VALUE);
                    }
                } while (done < length);
            } catch (InterruptedException e) {
                throw Waiting.interrupted();
            } finally {
                lock.unlock();
            }
        } finally {
            writing.unlock();
        }
    }

    private void ensureOpen() throws SocketException {
        if (closed) {
            throw new SocketException("Socket closed");
        }
    }

    private void ensureWritable() throws SocketException {
        ensureOpen();
        if (outputShut) {
            throw new SocketException("Broken pipe");
        }
        if (machine.state() == TcpState.CLOSED) {
            boolean told = failureTold || machine.failure().isEmpty();
            failureTold = true;
            throw told ? new SocketException("Broken pipe") : Failures.ofWrite(machine.failure().get());
        }
    }

    /** Bytes that can be read without waiting. */
    public int available() throws IOException {
        lock.lock();
        try {
            ensureOpen();
            return inputShut ? 0 : machine.readable();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Readers get the end of the stream from now on. What comes is not thrown away but kept, as Linux does, so that a peer who goes on sending
     * is held back by a window that closes.
     */
    public void shutdownInput() throws IOException {
        lock.lock();
        try {
            ensureOpen();
            inputShut = true;
            readable.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Half-close: the end of our stream, behind all that was written. */
    public void shutdownOutput() throws IOException {
        lock.lock();
        try {
            ensureOpen();
            if (!outputShut) {
                outputShut = true;
                if (machine.state() != TcpState.CLOSED) {
                    machine.shutdownOutput(host.nanoTime(), output);
                    settle();
                }
                writable.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The socket is closed; who is blocked in it gets an exception. Idempotent.
     *
     * @param lingerSeconds how long to wait until everything is acknowledged; 0 resets the connection, -1 lets it end by itself
     */
    public void close(int lingerSeconds) {
        try (Waiting waiting = new Waiting(Math.max(1, (int) TimeUnit.SECONDS.toMillis(Math.max(0, lingerSeconds))))) {
            lock.lock();
            try {
                closeLocked(lingerSeconds);
                while (lingerSeconds > 0 && machine.state() != TcpState.CLOSED && machine.unacknowledged() > 0) {
                    if (!waiting.await(writable)) {
                        return; // It goes on by itself.
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                lock.unlock();
            }
        }
    }

    private void closeLocked(int lingerSeconds) {
        if (closed) {
            return;
        }
        closed = true;
        if (machine != null && machine.state() != TcpState.CLOSED) {
            if (lingerSeconds == 0) {
                machine.abort(output);
            } else {
                machine.close(host.nanoTime(), output);
            }
            settle();
        }
        readable.signalAll();
        writable.signalAll();
    }

    /** Resets the connection. */
    void abort() {
        lock.lock();
        try {
            abortLocked();
        } finally {
            lock.unlock();
        }
    }

    private void abortLocked() {
        listening = null;
        closeLocked(0);
        if (machine != null && machine.state() != TcpState.CLOSED) {
            machine.abort(output); // Its socket was closed before.
            settle();
        }
    }

    /** Changes options of the connection. */
    public void configure(Consumer<TcpConnection> change) {
        lock.lock();
        try {
            change.accept(machine);
            settle();
        } finally {
            lock.unlock();
        }
    }

    /**
     * What is sent from now on is of this class.
     *
     * @param dscp in its place above the two bits of ECN
     */
    public void trafficClass(int dscp) {
        lock.lock();
        try {
            output.trafficClass(dscp);
        } finally {
            lock.unlock();
        }
    }

    /** Whether it is only left to wait for late segments, so that this SYN may begin a new connection in its place. */
    boolean yieldsTo(TcpSegment syn) {
        lock.lock();
        try {
            return closed && machine != null && machine.yieldsTo(syn);
        } finally {
            lock.unlock();
        }
    }

    /** What failures are called where. */
    private static final class Failures {

        static SocketException ofConnect(TcpFailure failure) {
            return switch (failure) {
                case REFUSED, RESET, PORT_UNREACHABLE -> new ConnectException("Connection refused");
                case TIMED_OUT -> new ConnectException("Connection timed out");
                case NETWORK_UNREACHABLE -> new ConnectException("Network is unreachable");
                case HOST_UNREACHABLE, PROHIBITED -> new java.net.NoRouteToHostException("No route to host");
                case ABORTED -> new SocketException("Socket closed");
            };
        }

        static SocketException ofRead(TcpFailure failure) {
            return switch (failure) {
                case REFUSED, RESET -> new SocketException("Connection reset");
                default -> ofWrite(failure);
            };
        }

        static SocketException ofWrite(TcpFailure failure) {
            return switch (failure) {
                case REFUSED, RESET -> new SocketException("Connection reset by peer");
                case TIMED_OUT -> new SocketException("Connection timed out");
                case NETWORK_UNREACHABLE -> new SocketException("Network is unreachable");
                case HOST_UNREACHABLE, PROHIBITED, PORT_UNREACHABLE -> new SocketException("No route to host");
                case ABORTED -> new SocketException("Socket closed");
            };
        }
    }
}
