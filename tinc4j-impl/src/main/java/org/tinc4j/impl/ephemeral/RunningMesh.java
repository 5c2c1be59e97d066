package org.tinc4j.impl.ephemeral;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.tinc4j.Device;
import org.tinc4j.NodeKey;
import org.tinc4j.NodeName;
import org.tinc4j.Peer;
import org.tinc4j.Tinc;
import org.tinc4j.config.ConfigException;
import org.tinc4j.config.NodeSettings;
import org.tinc4j.event.TincEvent;
import org.tinc4j.impl.crypto.Identity;
import org.tinc4j.impl.fabric.Fabric;
import org.tinc4j.impl.fabric.FabricObserver;
import org.tinc4j.impl.fabric.Host;
import org.tinc4j.impl.fabric.NatBox;
import org.tinc4j.testing.EphemeralMesh;
import org.tinc4j.testing.EphemeralMeshBuilder;
import org.tinc4j.testing.EphemeralNode;
import org.tinc4j.testing.LeakError;
import org.tinc4j.testing.LeakError.Leak;
import org.tinc4j.testing.LinkConditions;
import org.tinc4j.testing.MeshClock;
import org.tinc4j.testing.MeshDiagram;
import org.tinc4j.testing.MeshLink;
import org.tinc4j.testing.MeshPlan;
import org.tinc4j.testing.MeshTopology.Dial;
import org.tinc4j.testing.MeshTrace;
import org.tinc4j.testing.MeshTrace.Kind;
import org.tinc4j.testing.NatKind;

/** An ephemeral mesh: nodes, the network between them, and what makes them go. Any thread. */
final class RunningMesh implements EphemeralMesh {

    /** How much of the trace is in a report: so many of what the test did, and as many of what the nodes told. */
    private static final int REPORTED_ENTRIES = 60;

    private final MeshPlan plan;
    private final Drive drive;
    private final Fabric fabric;
    private final Recorder recorder;
    private final Map<NodeName, NodeHandle> nodes = new LinkedHashMap<>();
    private final Map<NodeName, NodeKey> keys = new HashMap<>();
    private final Map<NodeName, Set<NodeName>> dials = new HashMap<>();
    private final Map<NodeName, Set<NodeName>> dialledBy = new HashMap<>();
    private final AtomicLong changes = new AtomicLong();
    private final Convergence convergence;
    private final AtomicBoolean closed = new AtomicBoolean();

    RunningMesh(MeshPlan plan, Drive drive, HostNames names) {
        this.plan = plan;
        this.drive = drive;
        this.recorder = new Recorder(plan.seed(), plan.traceEntries(), drive::elapsedNanos);
        this.fabric = new Fabric(drive.timeline(), new SplittableRandom(plan.seed()), wireTrace());
        fabric.conditions(plan.conditions());
        Map<String, NatBox> nats = new HashMap<>();
        for (Map.Entry<String, NatKind> nat : plan.nats().entrySet()) {
            nats.put(nat.getKey(), fabric.nat(nat.getKey(), nat.getValue()));
        }
        int number = 0;
        for (MeshPlan.Node planned : plan.nodes()) {
            NodeName name = new NodeName(planned.name());
            Host host = planned.nat().isPresent()
                    ? fabric.host(planned.name(), nats.get(planned.nat().get()))
                    : fabric.host(planned.name());
            names.put(planned.name(), host.address());
            nodes.put(name, new NodeHandle(name, Addresses.ofNode(++number), host, this, planned.options()));
            keys.put(name, key(name));
        }
        for (Dial dial : plan.dials()) {
            NodeName from = new NodeName(dial.from());
            NodeName to = new NodeName(dial.to());
            dials.computeIfAbsent(from, name -> new TreeSet<>()).add(to);
            dialledBy.computeIfAbsent(to, name -> new TreeSet<>()).add(from);
        }
        for (MeshPlan.Link link : plan.links()) {
            fabric.conditions(handle(link.from()).host(), handle(link.to()).host(), link.conditions());
        }
        this.convergence = new Convergence(this, List.copyOf(nodes.values()));
    }

    /** In real time it would tell nothing that can be repeated, and every datagram would wait for it. */
    private FabricObserver wireTrace() {
        return plan.clock() == MeshClock.VIRTUAL ? new WireTrace(recorder) : FabricObserver.NONE;
    }

    /** Depends on seed and name alone, so that two runs of a test have the same keys. */
    private NodeKey key(NodeName name) {
        byte[] expanded = Seeds.bytes(plan.seed(), name.value(), "key", 0);
        // What RFC 8032 section 5.1.5 does to the scalar: "The lowest three bits of the first octet are cleared, ..."
        expanded[0] &= (byte) 0xf8;
        expanded[31] &= 0x3f;
        expanded[31] |= 0x40;
        return NodeKey.of(expanded, Identity.publicKeyOf(expanded));
    }

    /** Starts all nodes; whatever fails, nothing is left behind. */
    void start() {
        prepare();
        try {
            drive.open();
            nodes.values().forEach(NodeHandle::start);
        } catch (Throwable e) {
            try {
                close();
            } catch (LeakError leak) {
                e.addSuppressed(leak);
            }
            throw e;
        }
    }

    private void prepare() {
        List<String> problems = new ArrayList<>();
        for (NodeHandle node : nodes.values()) {
            try {
                node.prepare();
            } catch (ConfigException e) {
                e.problems().forEach(problem -> problems.add("node \"" + node.name() + "\": " + problem));
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    // ---- for the parts ----

    Drive drive() {
        return drive;
    }

    MeshPlan plan() {
        return plan;
    }

    Fabric fabric() {
        return fabric;
    }

    Collection<NodeHandle> handles() {
        return nodes.values();
    }

    /** What is expected of the mesh may have changed. */
    void changed() {
        changes.incrementAndGet();
    }

    long changes() {
        return changes.get();
    }

    /** Null if there is none. */
    NodeHandle find(NodeName name) {
        return nodes.get(name);
    }

    /** Whether the network lets one host make a TCP connection to another. */
    boolean canConnect(NodeHandle from, NodeHandle to) {
        return look(() -> !fabric.isCut(from.host(), to.host())
                && !fabric.isCut(to.host(), from.host())
                && (to.host().nat().isEmpty() || to.host().nat().equals(from.host().nat())));
    }

    private <T> T look(Supplier<T> question) {
        drive.enter();
        try {
            return question.get();
        } finally {
            drive.leave();
        }
    }

    void onNetwork(Runnable change) {
        drive.enter();
        try {
            change.run();
        } finally {
            drive.leave();
        }
    }

    void action(String node, String peer, String what, String detail) {
        recorder.record(Kind.ACTION, node, peer, what, detail);
    }

    void happened(String node, TincEvent event) {
        EventText.record(recorder, node, event);
    }

    void checkOpen() {
        if (closed.get()) {
            throw new IllegalStateException("mesh " + plan.network() + " is closed");
        }
    }

    /** What a node is started with. */
    NodeSettings settings(NodeHandle node, List<UnaryOperator<Tinc.Builder>> options) {
        Tinc.Builder builder = Tinc.network(plan.network())
                .name(node.name().value())
                .key(keys.get(node.name()))
                .subnet(node.address().getHostAddress() + "/32")
                .listen(node.hostAddress())
                .device(Device.inProcess())
                .timing(timing -> EphemeralMeshBuilder.TIMING)
                .link(Addresses.LINK);
        for (NodeName from : dialledBy.getOrDefault(node.name(), Set.of())) {
            builder.peer(new Peer(from).publicKey(keys.get(from).publicKey()).settings());
        }
        for (NodeName to : dials.getOrDefault(node.name(), Set.of())) {
            builder.peer(new Peer(to)
                    .publicKey(keys.get(to).publicKey())
                    .endpoint(find(to).host().address().getHostAddress(), HostNames.PORT)
                    .settings());
        }
        for (UnaryOperator<Tinc.Builder> option : options) {
            builder = option.apply(builder);
        }
        return builder.listener(node::onEvent).settings();
    }

    // ---- nodes ----

    private NodeHandle handle(String name) {
        NodeHandle node = nodes.get(new NodeName(name));
        if (node == null) {
            throw new IllegalArgumentException("there is no node \"" + name + "\" in mesh " + plan.network() + "; there are " + nodes.keySet());
        }
        return node;
    }

    @Override
    public EphemeralNode node(String name) {
        return handle(name);
    }

    @Override
    public List<EphemeralNode> nodes() {
        return List.copyOf(nodes.values());
    }

    // ---- time ----

    @Override
    public MeshClock clock() {
        return plan.clock();
    }

    @Override
    public Duration elapsed() {
        return Duration.ofNanos(drive.elapsedNanos());
    }

    @Override
    public void advance(Duration time) {
        runUntil(() -> false, time);
    }

    @Override
    public boolean runUntil(BooleanSupplier condition, Duration limit) {
        checkOpen();
        return drive.runUntil(condition, limit);
    }

    @Override
    public boolean converged() {
        checkOpen();
        return drive.ask(convergence::holds);
    }

    @Override
    public void awaitConverged(Duration limit) {
        if (!runUntil(this::converged, limit)) {
            throw new AssertionError("mesh " + plan.network() + " did not converge within " + limit + ":\n" + drive.ask(convergence::explain) + report());
        }
    }

    // ---- the network ----

    private Set<Host> hosts(Collection<String> names) {
        Set<Host> hosts = new LinkedHashSet<>();
        names.forEach(name -> hosts.add(handle(name).host()));
        return hosts;
    }

    private void onHosts(String what, Collection<String> group, Collection<String> others, Runnable change) {
        checkOpen();
        for (String name : group) {
            if (others.contains(name)) {
                throw new IllegalArgumentException("node \"" + name + "\" is in both groups; a host cannot be cut from itself");
            }
        }
        onNetwork(change);
        action(String.join(",", group), String.join(",", others), what, "");
        changed();
    }

    @Override
    public void cut(Collection<String> from, Collection<String> to) {
        Set<Host> senders = hosts(from);
        Set<Host> receivers = hosts(to);
        onHosts("cut", from, to, () -> fabric.cut(senders, receivers));
    }

    @Override
    public void heal(Collection<String> group, Collection<String> others) {
        Set<Host> one = hosts(group);
        Set<Host> two = hosts(others);
        onHosts("heal", group, others, () -> {
            fabric.heal(one, two);
            fabric.heal(two, one);
        });
    }

    @Override
    public void heal() {
        onHosts("heal", List.of(), List.of(), fabric::healAll);
    }

    @Override
    public void conditions(UnaryOperator<LinkConditions> change) {
        // Foreign code runs outside of the network's lock.
        LinkConditions next = change.apply(look(fabric::conditions));
        onHosts("conditions", List.of(), List.of(), () -> fabric.conditions(next));
    }

    @Override
    public MeshLink link(String from, String to) {
        NodeHandle one = handle(from);
        NodeHandle two = handle(to);
        if (one == two) {
            throw new IllegalArgumentException("node \"" + from + "\" has no link to itself");
        }
        return new HandleLink(from, to, one.host(), two.host());
    }

    private final class HandleLink implements MeshLink {

        private final String from;
        private final String to;
        private final Host one;
        private final Host two;

        HandleLink(String from, String to, Host one, Host two) {
            this.from = from;
            this.to = to;
            this.one = one;
            this.two = two;
        }

        @Override
        public LinkConditions conditions() {
            return look(() -> fabric.conditions(one, two));
        }

        @Override
        public MeshLink conditions(UnaryOperator<LinkConditions> change) {
            return forward(change).backward(change);
        }

        @Override
        public MeshLink forward(UnaryOperator<LinkConditions> change) {
            return change(from, to, one, two, change);
        }

        @Override
        public MeshLink backward(UnaryOperator<LinkConditions> change) {
            return change(to, from, two, one, change);
        }

        private MeshLink change(String sender, String receiver, Host a, Host b, UnaryOperator<LinkConditions> change) {
            LinkConditions next = change.apply(look(() -> fabric.conditions(a, b)));
            onHosts("conditions", List.of(sender), List.of(receiver), () -> fabric.conditionsOneWay(a, b, next));
            return this;
        }

        @Override
        public void cut() {
            partition(from, to);
        }

        @Override
        public void heal() {
            RunningMesh.this.heal(from, to);
        }
    }

    // ---- what is seen ----

    @Override
    public long seed() {
        return plan.seed();
    }

    @Override
    public MeshTrace trace() {
        return recorder.snapshot();
    }

    @Override
    public MeshDiagram diagram() {
        return new DiagramOf(this).draw();
    }

    @Override
    public String report() {
        MeshTrace all = trace();
        Set<MeshTrace.Entry> reported = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Kind kind : List.of(Kind.ACTION, Kind.EVENT)) {
            List<MeshTrace.Entry> ofKind = all.entries().stream().filter(entry -> entry.kind() == kind).toList();
            reported.addAll(ofKind.subList(Math.max(0, ofKind.size() - REPORTED_ENTRIES), ofKind.size()));
        }
        List<MeshTrace.Entry> latest = all.entries().stream().filter(reported::contains).toList();
        return "seed " + seed() + "\n" + diagram().text() + "\n"
                + new MeshTrace(all.seed(), all.total(), all.digest(), latest).table();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        // From here on nobody starts a node.
        List<NodeHandle> all = new ArrayList<>(nodes.values());
        all.forEach(NodeHandle::stop);
        drive.close();
        List<Leak> leaks = all.stream().flatMap(node -> node.leaks().stream()).toList();
        if (!leaks.isEmpty()) {
            throw new LeakError(leaks);
        }
    }

    @Override
    public String toString() {
        return "EphemeralMesh[" + plan.network() + ", " + nodes.size() + " nodes, seed " + seed() + "]";
    }
}
