package org.tinc4j.impl.ephemeral;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Function;
import org.slf4j.Logger;
import org.tinc4j.DropReason;
import org.tinc4j.Endpoint;
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
import org.tinc4j.impl.mesh.Mesh;
import org.tinc4j.impl.mesh.MeshShell;
import org.tinc4j.impl.route.NodeRoute;
import org.tinc4j.impl.route.RoutingTable;
import org.tinc4j.impl.route.Tunnel;
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
    private final ConnectionBurst burst;
    private final Logger log;
    final Map<Integer, FabricStream> streams = new HashMap<>();
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
            int maxConnectionBurst,
            Logger log) {
        this.host = host;
        this.time = time;
        this.names = names;
        this.sockets = sockets;
        this.drops = drops;
        this.listeners = listeners;
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
        streams.clear();
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
        for (int left = mailbox.size(); left > 0; left--) {
            mailbox.remove().run();
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

    /** Somebody connected to the host. */
    StreamSink accepted(FabricStream stream) {
        if (!burst.admit(time.nowNanos())) {
            stream.abort();
            return new Connection(-1);
        }
        int id = mesh.nextConnection();
        streams.put(id, stream);
        post(() -> mesh.onAccepted(id, stream.remote(), stream.local(), time.nowNanos()));
        return new Connection(id);
    }

    @Override
    public void dial(int connection, Endpoint endpoint) {
        try {
            InetSocketAddress remote = new InetSocketAddress(names.lookUp(endpoint.host()), endpoint.port());
            host.connect(remote, new Connection(connection));
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
            streams.put(id, stream);
            post(() -> mesh.onDialled(id, stream.remote(), stream.local(), time.nowNanos()));
        }

        @Override
        public void failed(StreamEnd reason) {
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
            if (streams.remove(id) != null) {
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
        FabricStream stream = streams.remove(connection);
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
    public void emit(Function<Instant, TincEvent> event) {
        TincEvent happened = event.apply(Instant.EPOCH.plusNanos(time.nowNanos()));
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
