package org.tinc4j.impl.control;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.tinc4j.AddressFamily;
import org.tinc4j.Endpoint;
import org.tinc4j.NodeClosedException;
import org.tinc4j.event.TincEvent;
import org.tinc4j.impl.datapath.ControlPort;
import org.tinc4j.impl.datapath.DataPlane;
import org.tinc4j.impl.datapath.Drops;
import org.tinc4j.impl.datapath.TcpInbound;
import org.tinc4j.impl.datapath.UdpSockets;
import org.tinc4j.impl.mesh.Mesh;
import org.tinc4j.impl.mesh.MeshShell;
import org.tinc4j.impl.route.NodeRoute;
import org.tinc4j.impl.route.RoutingTable;
import org.tinc4j.impl.route.Tunnel;
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

    private final Mailbox mailbox = new Mailbox();
    private final Map<Integer, MetaConnection> connections = new ConcurrentHashMap<>();
    private final Map<Integer, Socket> dialling = new ConcurrentHashMap<>();
    private final NodeThreads threads;
    private final EventStream events;
    private final UdpSockets sockets;
    private final Drops drops;
    private final AddressFamily family;
    private final LongSupplier clock;
    private final Logger log;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    /** Questions whose callers wait. Kept here, since a future of {@link #stopped} for each would stay for the life of the node. */
    private final Set<CompletableFuture<?>> unanswered = ConcurrentHashMap.newKeySet();

    private Mesh mesh;
    private DataPlane plane;
    private TcpInbound tcpInbound;
    private volatile boolean closing;

    public ControlLoop(
            NodeThreads threads,
            EventStream events,
            UdpSockets sockets,
            Drops drops,
            AddressFamily family,
            LongSupplier clock,
            Logger log) {
        this.threads = threads;
        this.events = events;
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
        tcpInbound = new TcpInbound(dataPlane);
        mesh.settle(clock.getAsLong());
        threads.start("control", this::run);
    }

    private void run() {
        try {
            while (!closing) {
                Runnable event = mailbox.poll(mesh.nanosToNextTick(clock.getAsLong()));
                for (int i = 0; event != null && i < MAX_EVENTS_PER_ROUND; i++) {
                    event.run();
                    event = mailbox.poll(0);
                }
                if (event != null) {
                    event.run();
                }
                mesh.tick(clock.getAsLong());
            }
        } catch (InterruptedException e) {
            // The node is closing.
        } catch (RuntimeException e) {
            log.error("the control thread failed; the node is dead", e);
            stopped.completeExceptionally(e);
        } finally {
            mesh.shutdown(clock.getAsLong());
            stopped.complete(null);
            unanswered.forEach(ControlLoop::refuse);
        }
    }

    /** Ends the control thread, says farewell to every neighbour, closes every connection. */
    public void close() {
        closing = true;
        mailbox.offer(() -> {});
        try {
            stopped.exceptionally(failure -> null).join();
        } finally {
            connections.values().forEach(MetaConnection::close);
            dialling.values().forEach(ControlLoop::closeQuietly);
        }
    }

    /** Ends what is left of connections whose peers do not take the last bytes. */
    public void abortConnections() {
        connections.values().forEach(MetaConnection::abort);
    }

    /** Runs something on the control thread and waits for its result. */
    public <T> T call(Function<Mesh, T> question) throws NodeClosedException, InterruptedException {
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
    public void accepted(Socket socket) throws InterruptedException {
        mailbox.put(() -> {
            int id = mesh.nextConnection();
            MetaConnection connection = open(id, socket);
            if (connection != null) {
                mesh.onAccepted(id, connection.remote(), connection.local(), clock.getAsLong());
            }
        });
    }

    private MetaConnection open(int id, Socket socket) {
        try {
            MetaConnection connection = new MetaConnection(id, socket, this);
            connections.put(id, connection);
            String peer = socket.getRemoteSocketAddress().toString();
            threads.start("meta reader " + peer, connection::read);
            threads.start("meta writer " + peer, connection::write);
            return connection;
        } catch (IOException e) {
            closeQuietly(socket);
            return null;
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It carried nothing yet.
        }
    }

    @Override
    public void received(int connection, byte[] bytes, int length, Runnable done) throws InterruptedException {
        mailbox.put(() -> {
            try {
                mesh.onReceived(connection, bytes, length, clock.getAsLong());
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
        }
    }

    @Override
    public void dial(int connection, Endpoint endpoint) {
        threads.start("dial " + endpoint, () -> connect(connection, endpoint));
    }

    private void connect(int connection, Endpoint endpoint) {
        String failure;
        try {
            Socket socket = connectToAny(connection, endpoint);
            mailbox.put(() -> {
                MetaConnection made = open(connection, socket);
                if (made == null) {
                    mesh.onDialFailed(connection, "the connection to " + endpoint + " ended at once", clock.getAsLong());
                } else {
                    mesh.onDialled(connection, made.remote(), made.local(), clock.getAsLong());
                }
            });
            return;
        } catch (UnknownHostException e) {
            failure = "host \"" + endpoint.host() + "\" cannot be resolved; check the endpoint or the name server";
        } catch (IOException e) {
            failure = "cannot connect to " + endpoint + ": " + e.getMessage();
        } catch (InterruptedException e) {
            return; // The node is closing.
        }
        String reason = failure;
        try {
            mailbox.put(() -> mesh.onDialFailed(connection, reason, clock.getAsLong()));
        } catch (InterruptedException e) {
            // The node is closing.
        }
    }

    /** Each address of the host in turn. */
    private Socket connectToAny(int connection, Endpoint endpoint) throws IOException {
        IOException last = null;
        for (InetAddress address : InetAddress.getAllByName(endpoint.host())) {
            if (!family.includes(address) || closing) {
                continue;
            }
            Socket socket = new Socket();
            dialling.put(connection, socket);
            try {
                socket.connect(new InetSocketAddress(address, endpoint.port()), DIAL_TIMEOUT_MILLIS);
                return socket;
            } catch (IOException e) {
                closeQuietly(socket);
                last = e;
            } finally {
                dialling.remove(connection);
            }
        }
        throw last != null ? last : new IOException("no address of the wanted family " + family);
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
    public void sealedByTcp(byte[] packet) {
        tcpInbound.sealed(packet);
    }

    @Override
    public void emit(Function<Instant, TincEvent> event) {
        events.emit(event);
    }

    @Override
    public void log(Level level, String message) {
        switch (level) {
            case DEBUG -> log.debug(message);
            case INFO -> log.info(message);
            case WARN -> log.warn(message);
        }
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
                drops.count(org.tinc4j.DropReason.TCP_CONGESTED);
            }
        });
    }

    @Override
    public boolean sendSealed(Tunnel tunnel, byte[] packet) {
        return mailbox.offer(() -> {
            if (!mesh.sendSealed(tunnel, packet, clock.getAsLong())) {
                drops.count(org.tinc4j.DropReason.TCP_CONGESTED);
            }
        });
    }
}
