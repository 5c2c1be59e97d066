package org.tinc4j.impl.engine;

import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.tinc4j.Capabilities;
import org.tinc4j.NodeClosedException;
import org.tinc4j.NodeName;
import org.tinc4j.NodeStatus;
import org.tinc4j.Offload;
import org.tinc4j.PacketPort;
import org.tinc4j.Subnet;
import org.tinc4j.TincNode;
import org.tinc4j.UnreachableException;
import org.tinc4j.config.ConfigException;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.config.NodeSettings;
import org.tinc4j.config.PeerSettings;
import org.tinc4j.event.TincEvent;
import org.tinc4j.event.TincListener;
import org.tinc4j.impl.control.Acceptor;
import org.tinc4j.impl.control.ConnectionBurst;
import org.tinc4j.impl.control.ControlLoop;
import org.tinc4j.impl.control.EventStream;
import org.tinc4j.impl.control.NodeThreads;
import org.tinc4j.impl.crypto.Aead;
import org.tinc4j.impl.crypto.AeadEngines;
import org.tinc4j.impl.crypto.EntropySource;
import org.tinc4j.impl.crypto.Identity;
import org.tinc4j.impl.datapath.DataPlane;
import org.tinc4j.impl.datapath.Drops;
import org.tinc4j.impl.datapath.PacketReader;
import org.tinc4j.impl.datapath.PingReplies;
import org.tinc4j.impl.datapath.UdpSockets;
import org.tinc4j.impl.ledger.Ledger;
import org.tinc4j.impl.mesh.Mesh;
import org.tinc4j.impl.mesh.MeshSnapshot;
import org.tinc4j.impl.net.Network;
import org.tinc4j.impl.net.StreamListener;
import org.tinc4j.impl.sockets.NodeSockets;
import org.tinc4j.impl.stack.StackDevice;
import org.tinc4j.net.Access;
import org.tinc4j.net.MeshSockets;
import org.tinc4j.spi.AeadProvider;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.PacketDevice;

/**
 * A node on this machine's clock and threads, and the sockets of the network it is given.
 *
 * <p>Start: device, sockets, machine, control thread, readers, listeners. Stop: the same backwards, each step also after a failed start.
 */
public final class RunningNode implements TincNode {

    /** How long listeners may take for the last events before they are interrupted. */
    private static final Duration LISTENER_GRACE = Duration.ofSeconds(1);

    /** A device of the embedder that never returns must not keep the one who closes the node. */
    private static final Duration THREAD_PATIENCE = Duration.ofSeconds(10);

    private final NodeSettings settings;
    private final Duration listenerPatience;
    private final Logger log;
    private final InstantSource wallClock = InstantSource.system();
    private final Drops drops;
    private final NodeThreads threads;
    private final NodeThreads callbacks;
    private final EventStream events;
    private final PacketDevice device;
    private final Listeners listeners;
    private final ControlLoop control;
    private final Pinger pinger;
    private final DataPlane plane;
    private final Capabilities cryptography;
    private final Mesh mesh;
    private final Optional<NodeSockets> sockets;
    private final AtomicBoolean deviceUp = new AtomicBoolean();
    private volatile String faultReason = "the node is closed";
    private volatile Thread closer;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * Starts a node.
     *
     * @param settings everything about it
     * @param network where its sockets come from; accounts for them in the same ledger
     * @param ledger accounts for what it takes
     * @param ciphers of the platform; empty for those in Java
     * @param listenerPatience how long {@link #close} waits in all for listeners that do not return: they must not keep the one who closes the node
     * @return the running node
     * @throws IOException if a device or socket could not be opened; nothing is left behind
     */
    public static RunningNode start(
            NodeSettings settings, Network network, Ledger ledger, Optional<AeadProvider> ciphers, Duration listenerPatience)
            throws IOException {
        if (!Identity.matches(settings.key())) {
            throw new org.tinc4j.AuthenticationException("the private key of node " + settings.name()
                    + " does not belong to its public key " + settings.key().publicKey() + "; restore the key file or make a new key");
        }
        Drops drops = new Drops();
        Listeners listeners = Listeners.open(settings, network);
        PacketDevice device;
        try {
            device = Devices.open(settings, drops);
        } catch (IOException | RuntimeException | Error e) {
            listeners.close();
            throw e;
        }
        RunningNode node;
        try {
            node = new RunningNode(settings, network, ledger, ciphers, listeners, device, drops, listenerPatience);
        } catch (RuntimeException | Error e) {
            listeners.close();
            device.close();
            throw e;
        }
        try {
            node.run();
            return node;
        } catch (RuntimeException | Error e) {
            node.close();
            throw e;
        }
    }

    private RunningNode(
            NodeSettings settings,
            Network network,
            Ledger ledger,
            Optional<AeadProvider> ciphers,
            Listeners listeners,
            PacketDevice device,
            Drops drops,
            Duration listenerPatience) {
        this.settings = settings;
        this.listenerPatience = listenerPatience;
        this.log = settings.logger();
        this.listeners = listeners;
        this.device = device;
        this.drops = drops;
        String prefix = "tinc4j " + settings.network() + "/" + settings.name();
        this.threads = new NodeThreads(prefix, ledger, this::threadFailed);
        this.callbacks = new NodeThreads(prefix, ledger, this::threadFailed);
        Executor executor = settings.executor().orElse(task -> callbacks.start("events", task));
        this.events = new EventStream(settings.listeners(), executor, wallClock, log);
        device.routes().ifPresent(table -> events.add(new Routes(settings.name(), table, log)));

        SecureRandom random = new SecureRandom();
        UdpSockets transports = new UdpSockets(listeners.udp);
        PingReplies replies = new PingReplies(random.nextInt());
        this.control = new ControlLoop(
                threads, events, network, transports, drops, settings.link().addressFamily(), System::nanoTime, log,
                this::closeSoon);
        this.pinger = new Pinger(control, replies, System::nanoTime);
        this.cryptography = cryptography(ciphers, settings.dataPath());
        AeadEngines engines = new AeadEngines(ciphers.filter(any -> cryptography.has(Offload.NATIVE_CRYPTO)));
        this.plane = new DataPlane(
                settings, device, transports, control, drops, replies, engines::newEngine, System::nanoTime, ledger);
        // Handshakes have their bytes on the heap.
        Aead handshakes = new AeadEngines(Optional.empty()).newEngine();
        this.mesh = new Mesh(settings, control, EntropySource.system(), random, handshakes, System.nanoTime());
        mesh.listening(listeners.port());
        this.sockets = Sockets.of(settings, device, plane, threads);
    }

    private void run() {
        control.start(mesh, plane);
        deviceUp.set(true);
        events.emit(at -> new TincEvent.DeviceUp(at, device.info()));
        for (int i = 0; i < plane.deviceQueues(); i++) {
            startReader(i == 0 ? "device reader" : "device reader " + i, PacketReader.ofDevice(plane, i, this::deviceFailed));
        }
        for (int i = 0; i < listeners.udp.size(); i++) {
            startReader("udp reader " + listeners.udp.get(i).localAddress(), PacketReader.ofSocket(plane, i, this::socketFailed));
        }
        ConnectionBurst burst = new ConnectionBurst(settings.link().maxConnectionBurst(), System.nanoTime());
        for (StreamListener listener : listeners.tcp) {
            threads.start(
                    "listener " + listener.localAddress(),
                    new Acceptor(listener, control, burst, System::nanoTime, log));
        }
        log.info("node {} of {} listens on {}, device {}", name(), settings.network(), listeners.addresses(), device.info().name());
    }

    private void startReader(String job, Runnable reader) {
        switch (settings.dataPath().readers()) {
            case VIRTUAL -> threads.start(job, reader);
            case PLATFORM -> threads.startPlatform(job, reader);
        }
    }

    /** The node goes on without its device: others may need it as a relay. */
    private void deviceFailed(IOException failure) {
        log.error("device {} failed: {}", device.info().name(), failure.getMessage(), failure);
        deviceDown(String.valueOf(failure.getMessage()));
    }

    private void deviceDown(String reason) {
        if (deviceUp.compareAndSet(true, false)) {
            events.emit(at -> new TincEvent.DeviceDown(at, device.info(), reason));
        }
    }

    /**
     * A fault of the program, in the engine or in a device of the embedder: nobody knows what state it left, so the node does not go on
     * with one thread less, which would look alive to everybody else.
     */
    private void threadFailed(String job, Throwable fault) {
        log.error("thread \"{}\" of node {} failed, the node is closing", job, name(), fault);
        faultReason = "thread \"" + job + "\" failed: " + fault;
        closeSoon();
    }

    private void socketFailed(IOException failure) {
        log.error("a UDP socket failed, the node is closing: {}", failure.getMessage(), failure);
        faultReason = "a UDP socket failed: " + failure.getMessage();
        closeSoon();
    }

    /** For the node's own threads, which closing waits for. */
    private void closeSoon() {
        Thread.ofVirtual().name("tinc4j closing " + name()).start(this::close);
    }

    /** Whether it is closed or on its way there, by the embedder or by a fault. */
    public boolean closing() {
        return closing.get();
    }

    @Override
    public NodeName name() {
        return settings.name();
    }

    @Override
    public NodeStatus status() {
        try {
            return control.call(mesh -> MeshSnapshot.of(
                    mesh, wallClock.instant(), listeners.addresses(), device.info(), drops.snapshot(), capabilities()));
        } catch (NodeClosedException e) {
            throw new IllegalStateException("node " + name() + " is closed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the status of node " + name() + " was taken", e);
        }
    }

    private static Capabilities cryptography(Optional<AeadProvider> ciphers, DataPathOptions options) {
        if (!options.allows(Offload.NATIVE_CRYPTO)) {
            return new Capabilities(Set.of(), Map.of(Offload.NATIVE_CRYPTO, "switched off"));
        }
        return ciphers.isPresent()
                ? new Capabilities(Set.of(Offload.NATIVE_CRYPTO), Map.of())
                : new Capabilities(Set.of(), Map.of(Offload.NATIVE_CRYPTO, "nothing here offers it"));
    }

    private Capabilities capabilities() {
        Capabilities all = device.capabilities().and(cryptography);
        for (DatagramTransport socket : listeners.udp) {
            all = all.and(socket.capabilities());
        }
        return all;
    }

    @Override
    public void awaitReachable(String peer, Duration timeout) throws IOException, InterruptedException {
        NodeName wanted = new NodeName(peer);
        if (wanted.equals(name())) {
            throw new IllegalArgumentException("node " + name() + " always reaches itself; name another node");
        }
        boolean reached = awaitChange(
                event -> event instanceof TincEvent.NodeReachable up && up.node().equals(wanted), mesh -> mesh.isReachable(wanted), timeout);
        if (!reached) {
            throw new UnreachableException(whyUnreachable(wanted, timeout));
        }
    }

    /**
     * Waits until something holds.
     *
     * @param sign tells events after which it may have come to hold
     * @return false if it did not in time
     */
    private boolean awaitChange(Predicate<TincEvent> sign, Function<Mesh, Boolean> condition, Duration timeout)
            throws NodeClosedException, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        Semaphore signs = new Semaphore(0);
        Subscription watch = listen(event -> {
            if (sign.test(event)) {
                signs.release();
            }
        });
        try {
            while (!control.call(condition)) {
                if (!signs.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    return control.call(condition);
                }
            }
            return true;
        } finally {
            watch.close();
        }
    }

    private String whyUnreachable(NodeName node, Duration timeout) throws NodeClosedException, InterruptedException {
        return "node " + node + " did not become reachable within " + timeout.toMillis() + " ms: "
                + control.call(mesh -> mesh.whyUnreachable(node));
    }

    @Override
    public Optional<Duration> ping(String peer) throws IOException, InterruptedException {
        NodeName wanted = new NodeName(peer);
        // Who has just become reachable announces its subnets at the same time, but another connection may be the faster one.
        awaitChange(
                event -> event instanceof TincEvent.SubnetAdded added && added.owner().equals(wanted),
                mesh -> !mesh.isReachable(wanted) || mesh.announcesSubnet(wanted),
                PingRequest.TIMEOUT);
        return ping(PingRequest.target(status(), wanted), PingRequest.TIMEOUT);
    }

    @Override
    public Optional<Duration> ping(InetAddress address, Duration timeout) throws IOException, InterruptedException {
        InetAddress own = PingRequest.source(control.call(Mesh::ownSubnets), name(), address);
        return pinger.ping(own, address, timeout);
    }

    @Override
    public PacketPort packets() {
        if (device instanceof StackDevice inProcess) {
            return inProcess.port();
        }
        throw new IllegalStateException("device " + device.info().name() + " is not in-process; use Device.inProcess()");
    }

    @Override
    public MeshSockets sockets() {
        return sockets.orElseThrow(() -> new IllegalStateException("device " + device.info().name()
                + " is neither in-process nor a kernel interface, so sockets have nothing to stand on; use Device.auto()"));
    }

    @Override
    public Access access() {
        return plane.access().access();
    }

    @Override
    public void access(UnaryOperator<Access> change) {
        plane.access().change(change);
    }

    @Override
    public Subscription listen(TincListener listener) {
        events.add(listener);
        return () -> events.remove(listener);
    }

    @Override
    public void addPeer(PeerSettings peer) throws IOException {
        if (peer.name().equals(name())) {
            throw new ConfigException(List.of("peer \"" + peer.name() + "\" has the node's own name"));
        }
        ask(mesh -> {
            mesh.putPeer(peer, System.nanoTime());
            return true;
        });
    }

    @Override
    public boolean removePeer(String peer) throws IOException {
        NodeName removed = new NodeName(peer);
        return ask(mesh -> mesh.removePeer(removed, System.nanoTime()));
    }

    @Override
    public void reconnect() {
        try {
            ask(mesh -> {
                mesh.reconnect(System.nanoTime());
                return true;
            });
        } catch (IOException e) {
            throw new IllegalStateException("node " + name() + " is closed", e);
        }
    }

    @Override
    public void addSubnet(Subnet subnet) throws IOException {
        ask(mesh -> {
            mesh.addSubnet(subnet, System.nanoTime());
            return true;
        });
    }

    @Override
    public boolean removeSubnet(Subnet subnet) throws IOException {
        return ask(mesh -> mesh.removeSubnet(subnet, System.nanoTime()));
    }

    private boolean ask(Function<Mesh, Boolean> question) throws IOException {
        try {
            return control.call(question);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted while node " + name() + " was asked");
        }
    }

    @Override
    public void close() {
        if (control.isOwn()) {
            // A listener on an executor that runs it at once, here.
            closeSoon();
            return;
        }
        if (!closing.compareAndSet(false, true)) {
            // A listener that closes the node while it is being closed would wait for whoever waits for it.
            if (!callbacks.isOwn() && Thread.currentThread() != closer) {
                awaitClosed();
            }
            return;
        }
        closer = Thread.currentThread();
        try {
            listeners.tcp.forEach(StreamListener::close);
            sockets.ifPresent(NodeSockets::close);
            control.close();
            closeDevice();
            listeners.close();
            control.abortConnections();
            report(threads.stop(Duration.ZERO, THREAD_PATIENCE));
            deviceDown(faultReason);
            report(callbacks.stop(LISTENER_GRACE, listenerPatience));
            log.info("node {} of {} is closed", name(), settings.network());
        } finally {
            closed.countDown();
        }
    }

    private void closeDevice() {
        try {
            device.close();
        } catch (RuntimeException e) {
            log.error("device {} failed to close", device.info().name(), e);
        }
    }

    private void report(List<String> stillRunning) {
        if (!stillRunning.isEmpty()) {
            log.error("threads of node {} do not end, though interrupted: {}", name(), stillRunning);
        }
    }

    private void awaitClosed() {
        boolean interrupted = false;
        while (true) {
            try {
                closed.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "TincNode[" + settings.network() + "/" + name() + "]";
    }
}
