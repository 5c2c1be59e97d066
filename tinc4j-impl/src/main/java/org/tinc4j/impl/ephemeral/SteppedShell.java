package org.tinc4j.impl.ephemeral;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.tinc4j.DropReason;
import org.tinc4j.Endpoint;
import org.tinc4j.NodeName;
import org.tinc4j.event.TincEvent;
import org.tinc4j.event.TincListener;
import org.tinc4j.impl.control.ConnectionBurst;
import org.tinc4j.impl.datapath.ControlPort;
import org.tinc4j.impl.datapath.DataPlane;
import org.tinc4j.impl.datapath.Drops;
import org.tinc4j.impl.datapath.TcpInbound;
import org.tinc4j.impl.datapath.UdpSockets;
import org.tinc4j.impl.fabric.FabricStream;
import org.tinc4j.impl.fabric.Host;
import org.tinc4j.impl.fabric.StreamEnd;
import org.tinc4j.impl.fabric.StreamSink;
import org.tinc4j.impl.ledger.Ledger;
import org.tinc4j.impl.mesh.Mesh;
import org.tinc4j.impl.mesh.MeshShell;
import org.tinc4j.impl.route.NodeRoute;
import org.tinc4j.impl.route.RoutingTable;
import org.tinc4j.impl.route.Tunnel;
import org.tinc4j.net.Traffic;
import org.tinc4j.spi.DatagramTransport.SendResult;

/**
 * What the control thread is in production, without the thread: collects what happens to a node at one moment, feeds it to the
 * {@link Mesh} as one round, and carries out what comes back.
 *
 * <p><b>Threads.</b> One at a time: whoever runs the {@link VirtualTime}.
 */
final class SteppedShell implements MeshShell, ControlPort {

    private final Host host;
    private final VirtualTime time;
    private final HostNames names;
    private final UdpSockets sockets;
    private final Drops drops;
    private final Iterable<TincListener> listeners;
    private final Ledger ledger;
    private final ConnectionBurst burst;
    private final Logger log;
    /** Connections from their dial or arrival on. */
    final Map<Integer, FabricStream> streams = new TreeMap<>();

    private final Map<Integer, Ledger.Lease> leases = new HashMap<>();
    private final Queue<Runnable> mailbox = new ArrayDeque<>();

    private Mesh mesh;
    private DataPlane plane;
    private TcpInbound inbound;
    private Runnable afterRound;
    private boolean roundDue;
    private long timerNanos = Long.MAX_VALUE;
    private long tables;
    private boolean ended;

    SteppedShell(
            Host host,
            VirtualTime time,
            HostNames names,
            UdpSockets sockets,
            Drops drops,
            Iterable<TincListener> listeners,
            Ledger ledger,
            int maxConnectionBurst,
            Logger log) {
        this.host = host;
        this.time = time;
        this.names = names;
        this.sockets = sockets;
        this.drops = drops;
        this.listeners = listeners;
        this.ledger = ledger;
        this.burst = new ConnectionBurst(maxConnectionBurst, time.nowNanos());
        this.log = log;
    }

    /**
     * Begins.
     *
     * @param whatFollows done after each round
     */
    void start(Mesh machine, DataPlane dataPlane, Runnable whatFollows) {
        mesh = machine;
        plane = dataPlane;
        inbound = new TcpInbound(dataPlane);
        afterRound = whatFollows;
        mesh.settle(time.nowNanos());
        post(() -> {});
    }

    /** Nothing happens to the node from here on. */
    void end() {
        ended = true;
        mailbox.clear();
        // Those that were active are closed; what is left was being dialled, or has not said who it is.
        for (int connection : List.copyOf(streams.keySet())) {
            remove(connection).abort();
        }
        inbound.close();
    }

    /** How many routing tables were published: what is reachable can only change with one. */
    long tables() {
        return tables;
    }

    // ---- Rounds ----

    /** Something happened. All that happens at one moment is one round, as it is for a control thread that finds its mailbox full. */
    void post(Runnable event) {
        if (ended) {
            return;
        }
        mailbox.add(event);
        if (!roundDue) {
            roundDue = true;
            time.at(time.nowNanos(), this::round);
        }
    }

    private void round() {
        roundDue = false;
        if (ended) {
            return;
        }
        for (int left = mailbox.size(); left > 0 && !ended; left--) {
            mailbox.remove().run();
        }
        if (ended) {
            return;
        }
        mesh.tick(time.nowNanos());
        afterRound.run();
        long toNext = mesh.nanosToNextTick(time.nowNanos());
        // A machine that is due at once again gets its turn after everything else of this moment, and no two timers are under way.
        long due = time.nowNanos() + Math.max(toNext, 1);
        if (due < timerNanos) {
            timerNanos = due;
            time.at(due, () -> timer(due));
        }
    }

    private void timer(long due) {
        if (due == timerNanos) {
            timerNanos = Long.MAX_VALUE;
            post(() -> {});
        }
    }

    // ---- TCP ----

    private void add(int connection, FabricStream stream) {
        streams.put(connection, stream);
        leases.put(connection, ledger.take("socket", "TCP connection of " + host.name()));
    }

    /** @return null if it was closed here already */
    private FabricStream remove(int connection) {
        Ledger.Lease lease = leases.remove(connection);
        if (lease != null) {
            lease.close();
        }
        return streams.remove(connection);
    }

    /** Somebody connected to the host. */
    StreamSink accepted(FabricStream stream) {
        if (!burst.admit(time.nowNanos())) {
            stream.abort();
            return new Connection(-1);
        }
        int id = mesh.nextConnection();
        add(id, stream);
        post(() -> mesh.onAccepted(id, stream.remote(), stream.local(), time.nowNanos()));
        return new Connection(id);
    }

    @Override
    public void dial(int connection, Endpoint endpoint) {
        try {
            InetSocketAddress remote = new InetSocketAddress(names.lookUp(endpoint.host()), endpoint.port());
            add(connection, host.connect(remote, new Connection(connection)));
        } catch (BindException e) {
            post(() -> mesh.onDialFailed(connection, "cannot connect to " + endpoint + ": " + e.getMessage(), time.nowNanos()));
        } catch (UnknownHostException e) {
            post(() -> mesh.onDialFailed(connection, "host \"" + endpoint.host() + "\" is none of this mesh", time.nowNanos()));
        }
    }

    /** What the network tells of one connection. */
    private final class Connection implements StreamSink {

        private final int id;

        Connection(int id) {
            this.id = id;
        }

        @Override
        public void connected(FabricStream stream) {
            post(() -> mesh.onDialled(id, stream.remote(), stream.local(), time.nowNanos()));
        }

        @Override
        public void failed(StreamEnd reason) {
            remove(id);
            post(() -> mesh.onDialFailed(id, reason.text(), time.nowNanos()));
        }

        @Override
        public void received(byte[] bytes) {
            FabricStream stream = streams.get(id);
            if (stream != null) {
                stream.consumed(bytes.length);
                post(() -> mesh.onReceived(id, bytes, bytes.length, time.nowNanos()));
            }
        }

        @Override
        public void writable() {
            // What is written waits in the stream; the machine looks at how much when it has to.
        }

        @Override
        public void closed(StreamEnd reason) {
            if (remove(id) != null) {
                post(() -> mesh.onClosed(id, reason.text(), time.nowNanos()));
            }
        }
    }

    @Override
    public void write(int connection, byte[] bytes) {
        FabricStream stream = streams.get(connection);
        if (stream != null) {
            stream.write(bytes);
        }
    }

    @Override
    public int backlogBytes(int connection) {
        FabricStream stream = streams.get(connection);
        return stream == null ? 0 : (int) Math.min(Integer.MAX_VALUE, stream.unsentBytes());
    }

    @Override
    public void close(int connection) {
        FabricStream stream = remove(connection);
        if (stream != null) {
            stream.close();
        }
    }

    // ---- UDP, packets, events ----

    @Override
    public SendResult sendUdp(int socket, InetSocketAddress remote, ByteBuffer datagram) {
        return sockets.send(socket, remote, datagram);
    }

    @Override
    public void publish(RoutingTable table) {
        tables++;
        plane.publish(table);
    }

    @Override
    public void route(NodeRoute source, byte[] packet, int offset, int length) {
        inbound.packet(source, packet, offset, length);
    }

    @Override
    public void sealedByTcp(NodeRoute neighbour, byte[] packet) {
        inbound.sealed(neighbour, packet);
    }

    @Override
    public boolean denied(NodeName node, Traffic.Protocol protocol, int port) {
        emit(at -> new TincEvent.AccessDenied(at, node, protocol, port));
        return true;
    }

    @Override
    public void emit(Function<Instant, TincEvent> event) {
        TincEvent happened = event.apply(Instant.EPOCH.plusNanos(time.nowNanos()));
        // Not now: the machine is in the middle of something, and a listener may stop the node or remove a peer.
        time.at(time.nowNanos(), () -> tell(happened));
    }

    private void tell(TincEvent happened) {
        for (TincListener listener : listeners) {
            try {
                listener.onEvent(happened);
            } catch (RuntimeException | AssertionError e) {
                // Foreign code must not end the node, as in production.
                log.warn("listener {} failed on {}", listener.getClass().getName(), happened, e);
            }
        }
    }

    @Override
    public void log(Level level, String message) {
        switch (level) {
            case DEBUG -> log.debug(message);
            case INFO -> log.info(message);
            case WARN -> log.warn(message);
        }
    }

    // ---- ControlPort ----

    private boolean posted(Runnable event) {
        post(event);
        return true;
    }

    @Override
    public boolean wanted(Tunnel tunnel) {
        return posted(() -> mesh.onWanted(tunnel, time.nowNanos()));
    }

    @Override
    public boolean probe(Tunnel tunnel, byte[] record, InetSocketAddress from, int socket) {
        return posted(() -> mesh.onProbe(tunnel, record, from, socket, time.nowNanos()));
    }

    @Override
    public boolean moved(Tunnel tunnel, InetSocketAddress from, int socket) {
        return posted(() -> mesh.onMoved(tunnel, from, socket, time.nowNanos()));
    }

    @Override
    public boolean indirect(Tunnel tunnel) {
        return posted(() -> mesh.onIndirect(tunnel, time.nowNanos()));
    }

    @Override
    public boolean undecryptable(Tunnel tunnel) {
        return posted(() -> mesh.onUndecryptable(tunnel, time.nowNanos()));
    }

    @Override
    public boolean tooLong(Tunnel tunnel, int recordBytes) {
        return posted(() -> mesh.onTooLong(tunnel, recordBytes, time.nowNanos()));
    }

    @Override
    public boolean sendFrame(Tunnel tunnel, byte[] frame) {
        return posted(() -> {
            if (!mesh.sendFrame(tunnel, frame, time.nowNanos())) {
                drops.count(DropReason.TCP_CONGESTED);
            }
        });
    }

    @Override
    public boolean sendSealed(Tunnel tunnel, byte[] packet) {
        return posted(() -> {
            if (!mesh.sendSealed(tunnel, packet, time.nowNanos())) {
                drops.count(DropReason.TCP_CONGESTED);
            }
        });
    }
}
