package org.tinc4j.impl.ephemeral;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.tinc4j.Capabilities;
import org.tinc4j.Device;
import org.tinc4j.DeviceException;
import org.tinc4j.NodeClosedException;
import org.tinc4j.NodeName;
import org.tinc4j.NodeStatus;
import org.tinc4j.PacketPort;
import org.tinc4j.Subnet;
import org.tinc4j.TincNode;
import org.tinc4j.UnreachableException;
import org.tinc4j.config.ConfigException;
import org.tinc4j.config.NodeSettings;
import org.tinc4j.config.PeerSettings;
import org.tinc4j.event.TincEvent;
import org.tinc4j.event.TincListener;
import org.tinc4j.impl.crypto.AeadEngines;
import org.tinc4j.impl.datapath.AccessFilter;
import org.tinc4j.impl.datapath.DataPlane;
import org.tinc4j.impl.datapath.Drops;
import org.tinc4j.impl.datapath.NullDevice;
import org.tinc4j.impl.datapath.PingReplies;
import org.tinc4j.impl.datapath.SteppedPath;
import org.tinc4j.impl.datapath.UdpSockets;
import org.tinc4j.impl.engine.PingRequest;
import org.tinc4j.impl.fabric.FabricListener;
import org.tinc4j.impl.fabric.Host;
import org.tinc4j.impl.ledger.Ledger;
import org.tinc4j.impl.mesh.Mesh;
import org.tinc4j.impl.mesh.MeshSnapshot;
import org.tinc4j.impl.stack.StackDevice;
import org.tinc4j.net.Access;
import org.tinc4j.net.MeshSockets;
import org.tinc4j.spi.PacketDevice;

/**
 * A node in virtual time: the machine and the data path of production, without a thread, a socket or a clock.
 *
 * <p><b>Threads.</b> Every public method takes the mesh's lock; what waits runs the mesh meanwhile.
 */
final class SteppedNode implements TincNode, Incarnation {

    private static final String REAL_TIME_ONLY =
            "node %s has %s, which needs threads and real time; use MeshClock.REAL, or Device.inProcess()";

    private final NodeSettings settings;
    private final VirtualDrive drive;
    private final List<TincListener> listeners = new CopyOnWriteArrayList<>();
    private final SteppedDevice port;
    private final SteppedSocket socket;
    private final AccessFilter access;
    private final PingReplies replies;
    private final Ledger ledger = Ledger.recording();
    private final List<Ledger.Lease> sockets = new ArrayList<>();

    // What it is made of, for this package to look at.
    final PacketDevice device;
    final Drops drops = new Drops();
    final SteppedShell shell;
    final SteppedPath path;
    final Mesh mesh;
    final FabricListener listener;

    private boolean closed;

    /**
     * A node that runs from now on.
     *
     * @param random everything random of this node
     */
    SteppedNode(NodeSettings settings, Host host, VirtualDrive drive, RandomGenerator random) throws IOException {
        this.settings = settings;
        this.drive = drive;
        this.listeners.addAll(settings.listeners());
        StackDevice inProcess = null;
        switch (settings.device()) {
            case Device.Auto auto -> inProcess = new StackDevice("", drops::count);
            case Device.InProcess choice -> inProcess = new StackDevice("", drops::count);
            case Device.None none -> {}
            case Device.Kernel kernel -> throw new DeviceException(REAL_TIME_ONLY.formatted(settings.name(), "a kernel interface"));
            case Device.Custom custom -> throw new DeviceException(REAL_TIME_ONLY.formatted(settings.name(), "a device of its own"));
        }
        this.device = inProcess == null ? new NullDevice() : inProcess;
        this.port = inProcess == null ? null : new SteppedDevice(inProcess, drive);
        this.socket = new SteppedSocket(host, HostNames.PORT, this::received);
        sockets.add(ledger.take("socket", "UDP " + host.name() + " " + socket.localAddress()));
        UdpSockets transports = new UdpSockets(List.of(socket));
        this.replies = new PingReplies(random.nextInt());
        VirtualTime time = drive.time();
        this.shell = new SteppedShell(
                host, time, drive.names(), transports, drops, listeners, ledger, settings.link().maxConnectionBurst(), settings.logger());
        AeadEngines engines = new AeadEngines(Optional.empty());
        DataPlane plane = new DataPlane(settings, device, transports, shell, drops, replies, engines::newEngine, time::nowNanos, ledger);
        this.access = plane.access();
        this.path = new SteppedPath(plane);
        this.mesh = new Mesh(settings, shell, random::nextBytes, random, engines.newEngine(), time.nowNanos());
        mesh.listening(HostNames.PORT);
        if (port != null) {
            port.start(path);
        }
        shell.start(mesh, plane, this::drain);
        this.listener = host.listen(HostNames.PORT, shell::accepted);
        sockets.add(ledger.take("socket", "TCP listener " + host.name() + " " + listener.local()));
        shell.emit(at -> new TincEvent.DeviceUp(at, device.info()));
    }

    void received(byte[] datagram, InetSocketAddress from) {
        if (!closed) {
            path.datagram(datagram, from, 0);
            drain();
        }
    }

    void drain() {
        if (port != null) {
            port.drain();
        }
    }

    private <T> T ask(Function<Mesh, T> question) throws NodeClosedException {
        drive.enter();
        try {
            if (closed) {
                throw new NodeClosedException("the node is closed");
            }
            return question.apply(mesh);
        } finally {
            drive.leave();
        }
    }

    /** As {@link #ask}, where something may follow from it: a round settles the machine, as after an event. */
    private <T> T change(Function<Mesh, T> change) throws NodeClosedException {
        drive.enter();
        try {
            T answer = ask(change);
            shell.post(() -> {});
            return answer;
        } finally {
            drive.leave();
        }
    }

    // ---- Incarnation ----

    @Override
    public TincNode node() {
        return this;
    }

    @Override
    public long version() {
        return shell.tables();
    }

    @Override
    public Map<NodeName, Set<Subnet>> reachable() {
        return mesh.reachable();
    }

    @Override
    public void die() {
        drive.enter();
        try {
            if (!closed) {
                end();
            }
        } finally {
            drive.leave();
        }
    }

    /** What goes wrong in virtual time goes to the one who lets it pass. */
    @Override
    public boolean ended() {
        return closed;
    }

    @Override
    public Ledger ledger() {
        return ledger;
    }

    // ---- TincNode ----

    @Override
    public NodeName name() {
        return settings.name();
    }

    @Override
    public NodeStatus status() {
        try {
            return ask(machine -> MeshSnapshot.of(
                    machine,
                    Instant.EPOCH.plusNanos(drive.time().nowNanos()),
                    List.of(socket.localAddress()),
                    device.info(),
                    drops.snapshot(),
                    Capabilities.NONE));
        } catch (NodeClosedException e) {
            throw new IllegalStateException("node " + name() + " is closed", e);
        }
    }

    @Override
    public void awaitReachable(String peer, Duration timeout) throws IOException {
        NodeName wanted = new NodeName(peer);
        if (wanted.equals(name())) {
            throw new IllegalArgumentException("node " + name() + " always reaches itself; name another node");
        }
        drive.enter();
        try {
            if (!drive.runUntil(() -> closed || mesh.isReachable(wanted), timeout)) {
                throw new UnreachableException("node " + wanted + " did not become reachable within " + timeout.toMillis() + " ms: "
                        + mesh.whyUnreachable(wanted));
            }
            ask(machine -> true);
        } finally {
            drive.leave();
        }
    }

    @Override
    public Optional<Duration> ping(String peer) throws IOException {
        NodeName wanted = new NodeName(peer);
        // As in production: the subnets of a node that has just become reachable may be under way.
        drive.runUntil(() -> closed || !mesh.isReachable(wanted) || mesh.announcesSubnet(wanted), PingRequest.TIMEOUT);
        return ping(PingRequest.target(status(), wanted), PingRequest.TIMEOUT);
    }

    @Override
    public Optional<Duration> ping(InetAddress address, Duration timeout) throws IOException {
        drive.enter();
        List<Integer> tokens = new ArrayList<>();
        try {
            InetAddress own = PingRequest.source(ask(Mesh::ownSubnets), name(), address);
            CompletableFuture<Long> answered = new CompletableFuture<>();
            VirtualTime time = drive.time();
            long deadline = time.nowNanos() + timeout.toNanos();
            for (long repeat = PingRequest.FIRST_REPEAT_NANOS; ; repeat = PingRequest.nextRepeatNanos(repeat)) {
                int token = replies.expect(time.nowNanos(), answered);
                tokens.add(token);
                path.outbound(PingRequest.packet(own, address, token));
                drain();
                long wait = Math.min(repeat, deadline - time.nowNanos());
                if (drive.runUntil(() -> closed || answered.isDone(), Duration.ofNanos(Math.max(0, wait)))) {
                    ask(machine -> true);
                    return Optional.of(Duration.ofNanos(answered.getNow(0L)));
                }
                if (time.nowNanos() - deadline >= 0) {
                    return Optional.empty();
                }
            }
        } finally {
            tokens.forEach(replies::forget);
            drive.leave();
        }
    }

    @Override
    public PacketPort packets() {
        if (port == null) {
            throw new IllegalStateException("device " + device.info().name() + " is not in-process; use Device.inProcess()");
        }
        port.open();
        return port;
    }

    @Override
    public MeshSockets sockets() {
        throw new IllegalStateException("node " + settings.name() + " has no sockets in virtual time, since whoever waits in one is a thread"
                + " that time must not wait for; use MeshClock.REAL, or packets() for single packets");
    }

    @Override
    public Access access() {
        return access.access();
    }

    @Override
    public void access(UnaryOperator<Access> change) {
        drive.enter();
        try {
            access.change(change);
        } finally {
            drive.leave();
        }
    }

    @Override
    public Subscription listen(TincListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void addPeer(PeerSettings peer) throws IOException {
        if (peer.name().equals(name())) {
            throw new ConfigException(List.of("peer \"" + peer.name() + "\" has the node's own name"));
        }
        change(machine -> {
            machine.putPeer(peer, drive.time().nowNanos());
            return true;
        });
    }

    @Override
    public boolean removePeer(String peer) throws IOException {
        NodeName removed = new NodeName(peer);
        return change(machine -> machine.removePeer(removed, drive.time().nowNanos()));
    }

    @Override
    public void reconnect() {
        try {
            change(machine -> {
                machine.reconnect(drive.time().nowNanos());
                return true;
            });
        } catch (IOException e) {
            throw new IllegalStateException("node " + name() + " is closed", e);
        }
    }

    @Override
    public void addSubnet(Subnet subnet) throws IOException {
        change(machine -> {
            machine.addSubnet(subnet, drive.time().nowNanos());
            return true;
        });
    }

    @Override
    public boolean removeSubnet(Subnet subnet) throws IOException {
        return change(machine -> machine.removeSubnet(subnet, drive.time().nowNanos()));
    }

    @Override
    public void close() {
        drive.enter();
        try {
            if (!closed) {
                mesh.shutdown(drive.time().nowNanos());
                shell.emit(at -> new TincEvent.DeviceDown(at, device.info(), "the node is closed"));
                end();
            }
        } finally {
            drive.leave();
        }
    }

    private void end() {
        closed = true;
        shell.end();
        path.close();
        device.close();
        listener.close();
        socket.close();
        sockets.forEach(Ledger.Lease::close);
    }

    @Override
    public String toString() {
        return "TincNode[" + settings.network() + "/" + name() + "]";
    }
}
