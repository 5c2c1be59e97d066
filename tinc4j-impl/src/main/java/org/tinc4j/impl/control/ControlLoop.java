package org.tinc4j.impl.control;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.tinc4j.AddressFamily;
import org.tinc4j.DropReason;
import org.tinc4j.Endpoint;
import org.tinc4j.NodeClosedException;
import org.tinc4j.NodeName;
import org.tinc4j.event.TincEvent;
import org.tinc4j.impl.datapath.ControlPort;
import org.tinc4j.impl.datapath.DataPlane;
import org.tinc4j.impl.datapath.Drops;
import org.tinc4j.impl.datapath.TcpInbound;
import org.tinc4j.impl.datapath.UdpSockets;
import org.tinc4j.impl.mesh.Mesh;
import org.tinc4j.impl.mesh.MeshShell;
import org.tinc4j.impl.net.Network;
import org.tinc4j.impl.net.StreamConnection;
import org.tinc4j.impl.route.NodeRoute;
import org.tinc4j.impl.route.RateLimit;
import org.tinc4j.impl.route.RoutingTable;
import org.tinc4j.impl.route.Tunnel;
import org.tinc4j.net.Traffic;
import org.tinc4j.spi.DatagramTransport.SendResult;

/**
 * The control thread: takes what happened from its mailbox, feeds the {@link Mesh}, and carries out what comes back.
 *
 * <p><b>Threads.</b> {@link #run} is the control thread. Everything of {@link MeshShell} is called on it; everything of
 * {@link ControlPort} on data threads.
 */
public final class ControlLoop implements MeshShell, ControlPort, MetaConnection.Events {

    /** After so many events the graph is brought up to date, though more wait. */
    private static final int MAX_EVENTS_PER_ROUND = 256;

    private static final int DIAL_TIMEOUT_MILLIS = 5_000;

    /** How long a connection that was closed here may take to send its last bytes: a peer that takes nothing must not keep it. */
    private static final long LINGER_NANOS = 5_000_000_000L;

    /** So many lines at once, then 20 a second: a hostile member can make a node write one for each request. */
    private static final RateLimit LOG_LINES = new RateLimit(50_000_000L, 200);

    private final Mailbox mailbox = new Mailbox();
    private final Map<Integer, MetaConnection> connections = new ConcurrentHashMap<>();
    private final Map<Integer, StreamConnection> dialling = new ConcurrentHashMap<>();

    /** Connections on their way to the control thread. */
    private final Set<StreamConnection> arriving = ConcurrentHashMap.newKeySet();

    /** When each connection closed here was closed. Control thread. */
    private final Map<Integer, Long> lingering = new HashMap<>();

    private long logState;
    private long logSuppressed;
    private final NodeThreads threads;
    private final EventStream events;
    private final Network network;
    private final UdpSockets sockets;
    private final Drops drops;
    private final AddressFamily family;
    private final LongSupplier clock;
    private final Logger log;
    private final Runnable failed;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    /** Questions whose callers wait. Kept here, since a future of {@link #stopped} for each would stay for the life of the node. */
    private final Set<CompletableFuture<?>> unanswered = ConcurrentHashMap.newKeySet();

    private volatile Thread thread;
    private Mesh mesh;
    private DataPlane plane;
    private TcpInbound tcpInbound;
    private volatile boolean closing;

    /**
     * A loop that does not run yet.
     *
     * @param failed told when the loop ended by a fault of its own
     */
    public ControlLoop(
            NodeThreads threads,
            EventStream events,
            Network network,
            UdpSockets sockets,
            Drops drops,
            AddressFamily family,
            LongSupplier clock,
            Logger log,
            Runnable failed) {
        this.failed = failed;
        this.logState = LOG_LINES.full(clock.getAsLong());
        this.threads = threads;
        this.events = events;
        this.network = network;
        this.sockets = sockets;
        this.drops = drops;
        this.family = family;
        this.clock = clock;
        this.log = log;
    }

    /** Starts the control thread. */
    public void start(Mesh machine, DataPlane dataPlane) {
        mesh = machine;
        plane = dataPlane;
        mesh.settle(clock.getAsLong());
        thread = threads.start("control", this::run);
    }

    private void run() {
        try (TcpInbound inbound = new TcpInbound(plane)) {
            tcpInbound = inbound;
            while (!closing) {
                Runnable event = mailbox.poll(mesh.nanosToNextTick(clock.getAsLong()));
                for (int i = 0; event != null && i < MAX_EVENTS_PER_ROUND; i++) {
                    handle(event);
                    event = mailbox.poll(0);
                }
                if (event != null) {
                    handle(event);
                }
                mesh.tick(clock.getAsLong());
                cutOffLingering();
            }
        } catch (InterruptedException e) {
            // The node is closing.
        } catch (RuntimeException | Error e) {
            log.error("the control thread failed, the node is closing", e);
        } finally {
            try {
                mesh.shutdown(clock.getAsLong());
            } catch (RuntimeException e) {
                log.error("farewell to the neighbours failed", e);
            } finally {
                end();
            }
        }
    }

    /** A fault of ours that one event brings out costs that event, not everybody the node. */
    private void handle(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException e) {
            log.error("an event brought out a fault of this node and is dropped", e);
        }
    }

    /** Whether the caller is the control thread, which must not wait for itself. */
    public boolean isOwn() {
        return Thread.currentThread() == thread;
    }

    /** From here on nobody reads the mailbox. */
    private void end() {
        boolean unexpected = !closing;
        closing = true;
        stopped.complete(null);
        mailbox.abandon();
        unanswered.forEach(ControlLoop::refuse);
        if (unexpected) {
            failed.run();
        }
    }

    private void cutOffLingering() {
        if (!lingering.isEmpty()) {
            long now = clock.getAsLong();
            lingering.entrySet().removeIf(entry -> {
                MetaConnection connection = connections.get(entry.getKey());
                boolean late = now - entry.getValue() >= LINGER_NANOS;
                if (connection != null && late) {
                    connection.abort();
                }
                return connection == null || late;
            });
        }
    }

    /** Ends the control thread, says farewell to every neighbour, closes every connection. */
    public void close() {
        closing = true;
        mailbox.wake();
        if (thread != null) {
            stopped.join();
        }
        connections.values().forEach(MetaConnection::close);
        dialling.values().forEach(StreamConnection::close);
        arriving.forEach(StreamConnection::close);
    }

    /** Ends what is left of connections whose peers do not take the last bytes. */
    public void abortConnections() {
        connections.values().forEach(MetaConnection::abort);
    }

    /** Runs something on the control thread and waits for its result. */
    public <T> T call(Function<Mesh, T> question) throws NodeClosedException, InterruptedException {
        if (isOwn()) {
            throw new IllegalStateException("a listener that runs on the control thread cannot ask the node, which would wait for"
                    + " itself; give Builder.executor one that uses a thread of its own");
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        unanswered.add(answer);
        try {
            if (stopped.isDone()) {
                // Nobody may look at the set any more.
                refuse(answer);
            } else {
                mailbox.put(() -> answer(question, answer));
            }
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NodeClosedException closed) {
                throw closed;
            }
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            unanswered.remove(answer);
        }
    }

    private <T> void answer(Function<Mesh, T> question, CompletableFuture<T> answer) {
        try {
            answer.complete(question.apply(mesh));
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    private static void refuse(CompletableFuture<?> answer) {
        answer.completeExceptionally(new NodeClosedException("the node is closed"));
    }

    /** An inner packet of this node's own, for instance a ping. */
    public boolean inject(byte[] packet) {
        return mailbox.offer(() -> tcpInbound.own(packet));
    }

    // ---- TCP ----

    /** A connection was accepted. */
    public void accepted(StreamConnection stream) throws InterruptedException {
        hand(stream, () -> {
            int id = mesh.nextConnection();
            open(id, stream);
            mesh.onAccepted(id, stream.remote(), stream.local(), clock.getAsLong());
        });
    }

    /** Passes a connection to the control thread; whichever side comes last when the node closes, the connection is closed. */
    private void hand(StreamConnection stream, Runnable event) throws InterruptedException {
        arriving.add(stream);
        if (closing) {
            stream.close();
        }
        try {
            mailbox.put(() -> {
                arriving.remove(stream);
                event.run();
            });
        } catch (InterruptedException e) {
            stream.close();
            throw e;
        }
    }

    private void open(int id, StreamConnection stream) {
        MetaConnection connection = new MetaConnection(id, stream, this);
        connections.put(id, connection);
        threads.start("meta reader " + stream.remote(), connection::read);
        threads.start("meta writer " + stream.remote(), connection::write);
    }

    @Override
    public void received(int connection, byte[] bytes, int length, Runnable done) throws InterruptedException {
        mailbox.put(() -> {
            try {
                mesh.onReceived(connection, bytes, length, clock.getAsLong());
            } catch (RuntimeException e) {
                // A fault of ours that one peer's bytes brought out costs that peer its connection, not everybody the node.
                log.error("connection {} brought out a fault and is closed", connection, e);
                mesh.onClosed(connection, "a fault of this node", clock.getAsLong());
            } finally {
                done.run();
            }
        });
    }

    @Override
    public void ended(int connection, String reason) {
        try {
            mailbox.put(() -> {
                connections.remove(connection);
                mesh.onClosed(connection, reason, clock.getAsLong());
            });
        } catch (InterruptedException e) {
            // The node is closing, and the control thread with it.
            connections.remove(connection);
        }
    }

    @Override
    public void write(int connection, byte[] bytes) {
        MetaConnection target = connections.get(connection);
        if (target != null) {
            target.write(bytes);
        }
    }

    @Override
    public int backlogBytes(int connection) {
        MetaConnection target = connections.get(connection);
        return target == null ? 0 : target.backlogBytes();
    }

    @Override
    public void close(int connection) {
        MetaConnection target = connections.get(connection);
        if (target != null) {
            target.close();
            lingering.put(connection, clock.getAsLong());
        }
    }

    @Override
    public void dial(int connection, Endpoint endpoint) {
        threads.start("dial " + endpoint, () -> connect(connection, endpoint));
    }

    private void connect(int connection, Endpoint endpoint) {
        String failure;
        try {
            StreamConnection stream = connectToAny(connection, endpoint);
            hand(stream, () -> {
                open(connection, stream);
                mesh.onDialled(connection, stream.remote(), stream.local(), clock.getAsLong());
            });
            return;
        } catch (UnknownHostException e) {
            failure = "host \"" + endpoint.host() + "\" cannot be resolved; check the endpoint or the name server";
        } catch (IOException e) {
            failure = "cannot connect to " + endpoint + ": " + e.getMessage();
        } catch (InterruptedException e) {
            return; // The node is closing.
        } catch (RuntimeException e) {
            // Whatever a resolver or connection of the platform throws: the peer must be dialled again.
            log.error("dialling {} failed", endpoint, e);
            failure = "cannot connect to " + endpoint + ": " + e;
        }
        String reason = failure;
        try {
            mailbox.put(() -> mesh.onDialFailed(connection, reason, clock.getAsLong()));
        } catch (InterruptedException e) {
            // The node is closing.
        }
    }

    /** Each address of the host in turn. */
    private StreamConnection connectToAny(int connection, Endpoint endpoint) throws IOException, InterruptedException {
        IOException last = null;
        for (InetAddress address : network.lookUp(endpoint.host())) {
            if (!family.includes(address) || closing) {
                continue;
            }
            try {
                return connectTo(connection, new InetSocketAddress(address, endpoint.port()));
            } catch (IOException e) {
                last = e;
            }
        }
        throw last != null ? last : new IOException("no address of the wanted family " + family);
    }

    private StreamConnection connectTo(int connection, InetSocketAddress address) throws IOException {
        StreamConnection stream = network.newConnection();
        boolean connected = false;
        dialling.put(connection, stream);
        try {
            if (!closing) { // Else the one who closes may have gone through the dialling ones before.
                stream.connect(address, DIAL_TIMEOUT_MILLIS);
                connected = true;
                return stream;
            }
            throw new IOException("the node is closing");
        } finally {
            dialling.remove(connection);
            if (!connected) {
                stream.close();
            }
        }
    }

    // ---- MeshShell: UDP, packets, events ----

    @Override
    public SendResult sendUdp(int socket, InetSocketAddress remote, ByteBuffer datagram) {
        return sockets.send(socket, remote, datagram);
    }

    @Override
    public void publish(RoutingTable table) {
        plane.publish(table);
    }

    @Override
    public void route(NodeRoute source, byte[] packet, int offset, int length) {
        tcpInbound.packet(source, packet, offset, length);
    }

    @Override
    public void sealedByTcp(NodeRoute neighbour, byte[] packet) {
        tcpInbound.sealed(neighbour, packet);
    }

    @Override
    public void emit(Function<Instant, TincEvent> event) {
        events.emit(event);
    }

    @Override
    public void log(Level level, String message) {
        if (level != Level.DEBUG && !mayLog(clock.getAsLong())) {
            return;
        }
        switch (level) {
            case DEBUG -> log.debug(message);
            case INFO -> log.info(message);
            case WARN -> log.warn(message);
        }
    }

    private boolean mayLog(long now) {
        if (!LOG_LINES.permits(logState, now)) {
            logSuppressed++;
            return false;
        }
        logState = LOG_LINES.taken(logState, now);
        if (logSuppressed > 0) {
            log.warn("{} lines were left out", logSuppressed);
            logSuppressed = 0;
        }
        return true;
    }

    // ---- ControlPort: called by data threads ----

    @Override
    public boolean wanted(Tunnel tunnel) {
        boolean told = mailbox.offer(() -> mesh.onWanted(tunnel, clock.getAsLong()));
        if (!told) {
            tunnel.unwant();
        }
        return told;
    }

    @Override
    public boolean probe(Tunnel tunnel, byte[] record, InetSocketAddress from, int socket) {
        return mailbox.offer(() -> mesh.onProbe(tunnel, record, from, socket, clock.getAsLong()));
    }

    @Override
    public boolean moved(Tunnel tunnel, InetSocketAddress from, int socket) {
        return mailbox.offer(() -> mesh.onMoved(tunnel, from, socket, clock.getAsLong()));
    }

    @Override
    public boolean indirect(Tunnel tunnel) {
        return mailbox.offer(() -> mesh.onIndirect(tunnel, clock.getAsLong()));
    }

    @Override
    public boolean denied(NodeName node, Traffic.Protocol protocol, int port) {
        events.emit(at -> new TincEvent.AccessDenied(at, node, protocol, port));
        return true;
    }

    @Override
    public boolean undecryptable(Tunnel tunnel) {
        return mailbox.offer(() -> mesh.onUndecryptable(tunnel, clock.getAsLong()));
    }

    @Override
    public boolean tooLong(Tunnel tunnel, int recordBytes) {
        return mailbox.offer(() -> mesh.onTooLong(tunnel, recordBytes, clock.getAsLong()));
    }

    @Override
    public boolean sendFrame(Tunnel tunnel, byte[] frame) {
        return mailbox.offer(() -> {
            if (!mesh.sendFrame(tunnel, frame, clock.getAsLong())) {
                drops.count(DropReason.TCP_CONGESTED);
            }
        });
    }

    @Override
    public boolean sendSealed(Tunnel tunnel, byte[] packet) {
        return mailbox.offer(() -> {
            if (!mesh.sendSealed(tunnel, packet, clock.getAsLong())) {
                drops.count(DropReason.TCP_CONGESTED);
            }
        });
    }
}
