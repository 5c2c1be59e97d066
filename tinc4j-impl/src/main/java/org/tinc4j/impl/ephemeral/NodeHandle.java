package org.tinc4j.impl.ephemeral;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tinc4j.NodeName;
import org.tinc4j.NodeStatus;
import org.tinc4j.PacketPort;
import org.tinc4j.Subnet;
import org.tinc4j.Tinc;
import org.tinc4j.TincNode;
import org.tinc4j.config.NodeSettings;
import org.tinc4j.config.PeerSettings;
import org.tinc4j.event.TincEvent;
import org.tinc4j.event.TincListener;
import org.tinc4j.impl.fabric.Host;
import org.tinc4j.impl.ledger.Ledger;
import org.tinc4j.net.Access;
import org.tinc4j.net.MeshSockets;
import org.tinc4j.testing.EphemeralMesh;
import org.tinc4j.testing.EphemeralNode;
import org.tinc4j.testing.LeakError.Leak;

/**
 * A node of an ephemeral mesh through all its lives. Any thread.
 *
 * <p>A node is either being started, or being ended, or neither: {@link #lifecycle} guards the change, {@link #endings} is waited for.
 */
final class NodeHandle implements EphemeralNode {

    private static final Logger LOG = LoggerFactory.getLogger(EphemeralMesh.class);

    private final NodeName name;
    private final InetAddress address;
    private final Host host;
    private final RunningMesh mesh;
    private final ReentrantLock lifecycle = new ReentrantLock();
    private final List<Ledger> ended = new CopyOnWriteArrayList<>();
    private final Set<NodeName> dialled = new ConcurrentSkipListSet<>();
    private final Set<Subnet> subnets = new ConcurrentSkipListSet<>();
    private final List<TincListener> listeners = new CopyOnWriteArrayList<>();
    private volatile List<UnaryOperator<Tinc.Builder>> options;
    private volatile Incarnation current;

    /** Open while a life is ending. */
    private volatile CountDownLatch endings = new CountDownLatch(0);

    private NodeSettings prepared; // guarded by lifecycle, but for the time before the first start
    private int lives; // guarded by lifecycle

    NodeHandle(NodeName name, InetAddress address, Host host, RunningMesh mesh, List<UnaryOperator<Tinc.Builder>> options) {
        this.name = name;
        this.address = address;
        this.host = host;
        this.mesh = mesh;
        this.options = List.copyOf(options);
    }

    Host host() {
        return host;
    }

    /** Null while it does not run, also after it has failed. */
    Incarnation current() {
        Incarnation life = current;
        return life == null || life.ended() ? null : life;
    }

    /** Whom it dials by its own settings. */
    Set<NodeName> dialled() {
        return dialled;
    }

    /** What it announces. */
    Set<Subnet> subnets() {
        return new TreeSet<>(subnets);
    }

    /** What its lives have not given back. */
    List<Leak> leaks() {
        return ended.stream().flatMap(ledger -> Leaks.of(ledger).stream()).toList();
    }

    // ---- lives ----

    @Override
    public boolean running() {
        return current() != null;
    }

    /** What it will be started with first; options are refused before anything runs. */
    void prepare() {
        prepared = mesh.settings(this, options);
    }

    @Override
    public void start() {
        start(List.copyOf(options));
    }

    @Override
    public void start(UnaryOperator<Tinc.Builder> change) {
        List<UnaryOperator<Tinc.Builder>> changed = new ArrayList<>(options);
        changed.add(change);
        start(changed);
    }

    /** The options are kept once it runs with them. */
    private void start(List<UnaryOperator<Tinc.Builder>> with) {
        awaitEnd();
        mesh.drive().alter(() -> {
            lifecycle.lock();
            try {
                mesh.checkOpen();
                if (current() != null) {
                    throw new IllegalStateException("node " + name + " is running already");
                }
                retire(current);
                NodeSettings settings = prepared != null ? prepared : mesh.settings(this, with);
                prepared = null;
                begin(settings);
                options = with;
            } finally {
                lifecycle.unlock();
            }
        });
    }

    private void begin(NodeSettings settings) {
        mesh.action(name.value(), "", "start", "");
        mesh.onNetwork(() -> mesh.fabric().up(host));
        try {
            current = mesh.drive().start(settings, host, Seeds.of(mesh.seed(), name.value(), "life", ++lives));
        } catch (IOException e) {
            mesh.onNetwork(() -> mesh.fabric().down(host));
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            mesh.onNetwork(() -> mesh.fabric().down(host));
            throw e;
        }
        dialled.clear();
        settings.peers().stream().filter(PeerSettings::dial).map(PeerSettings::name).forEach(dialled::add);
        subnets.clear();
        subnets.addAll(settings.subnets());
        mesh.changed();
    }

    @Override
    public void stop() {
        end("stop", life -> life.node().close());
    }

    @Override
    public void kill() {
        end("kill", life -> {
            mesh.onNetwork(() -> mesh.fabric().down(host));
            life.die();
        });
    }

    /** In real time the end of a node waits for its threads, and a listener on one of them may call this too: no lock is held meanwhile. */
    private void end(String how, Consumer<Incarnation> ending) {
        mesh.drive().alter(() -> {
            Incarnation life = take(how);
            if (life != null) {
                try {
                    ending.accept(life);
                } finally {
                    retire(life);
                    endings.countDown();
                }
            }
        });
    }

    private Incarnation take(String how) {
        lifecycle.lock();
        try {
            Incarnation life = current;
            if (life != null) {
                mesh.action(name.value(), "", how, "");
                current = null;
                endings = new CountDownLatch(1);
                mesh.changed();
            }
            return life;
        } finally {
            lifecycle.unlock();
        }
    }

    /** Keeps of an ended life what it has not given back, and nothing else. */
    private void retire(Incarnation life) {
        if (life != null) {
            ended.add(life.ledger());
        }
        ended.removeIf(ledger -> ledger.held().isEmpty());
    }

    /** One life after the other. */
    private void awaitEnd() {
        try {
            endings.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the end of node " + name + " was waited for", e);
        }
    }

    @Override
    public void close() {
        stop();
    }

    // ---- where it is ----

    @Override
    public NodeName name() {
        return name;
    }

    @Override
    public InetAddress address() {
        return address;
    }

    @Override
    public InetSocketAddress hostAddress() {
        return new InetSocketAddress(host.address(), HostNames.PORT);
    }

    // ---- what a node can do ----

    private TincNode node() {
        Incarnation life = current();
        if (life == null) {
            throw new IllegalStateException("node " + name + " does not run; start it first");
        }
        return life.node();
    }

    private interface Call<T> {
        T on(TincNode node) throws IOException, InterruptedException;
    }

    private <T> T call(Call<T> call) {
        try {
            return call.on(node());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while node " + name + " was waited for", e);
        }
    }

    @Override
    public NodeStatus status() {
        return node().status();
    }

    @Override
    public void awaitReachable(String peer, Duration timeout) {
        call(node -> {
            node.awaitReachable(peer, timeout);
            return null;
        });
    }

    @Override
    public Optional<Duration> ping(String peer) {
        return call(node -> node.ping(peer));
    }

    @Override
    public Optional<Duration> ping(InetAddress target, Duration timeout) {
        return call(node -> node.ping(target, timeout));
    }

    @Override
    public PacketPort packets() {
        return node().packets();
    }

    @Override
    public MeshSockets sockets() {
        return node().sockets();
    }

    @Override
    public Access access() {
        return node().access();
    }

    /** The rules stay through its lives, as an option would; one that is given to a later start wins. */
    @Override
    public void access(UnaryOperator<Access> change) {
        TincNode node = node();
        node.access(change);
        mesh.drive().alter(() -> {
            lifecycle.lock();
            try {
                List<UnaryOperator<Tinc.Builder>> kept = new ArrayList<>(options);
                kept.removeIf(option -> option instanceof Rules);
                kept.add(new Rules(node.access()));
                options = kept;
            } finally {
                lifecycle.unlock();
            }
        });
    }

    /** Access rules as an option of a start. */
    private record Rules(Access rules) implements UnaryOperator<Tinc.Builder> {
        @Override
        public Tinc.Builder apply(Tinc.Builder builder) {
            return builder.access(before -> rules);
        }
    }

    /** Through all lives, and also while it does not run. */
    @Override
    public Subscription listen(TincListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** The one listener each life has. */
    void onEvent(TincEvent event) {
        mesh.happened(name.value(), event);
        if (event instanceof TincEvent.DeviceDown) {
            mesh.changed(); // It may have failed.
        }
        for (TincListener listener : listeners) {
            try {
                listener.onEvent(event);
            } catch (RuntimeException | AssertionError e) {
                // Foreign code; the others hear of it all the same, as in production.
                LOG.warn("listener {} of node {} failed on {}", listener.getClass().getName(), name, event, e);
            }
        }
    }

    @Override
    public void addPeer(PeerSettings settings) {
        call(node -> {
            node.addPeer(settings);
            return null;
        });
        if (settings.dial()) {
            dialled.add(settings.name());
        } else {
            dialled.remove(settings.name());
        }
        mesh.changed();
    }

    @Override
    public boolean removePeer(String peer) {
        boolean removed = call(node -> node.removePeer(peer));
        dialled.remove(new NodeName(peer));
        mesh.changed();
        return removed;
    }

    @Override
    public void reconnect() {
        node().reconnect();
    }

    @Override
    public void addSubnet(Subnet subnet) {
        call(node -> {
            node.addSubnet(subnet);
            return null;
        });
        subnets.add(subnet);
        mesh.changed();
    }

    @Override
    public boolean removeSubnet(Subnet subnet) {
        boolean removed = call(node -> node.removeSubnet(subnet));
        subnets.remove(subnet);
        mesh.changed();
        return removed;
    }

    @Override
    public String toString() {
        return "EphemeralNode[" + name + (running() ? "" : ", does not run") + "]";
    }
}
