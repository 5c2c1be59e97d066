package org.tinc4j.impl.mesh;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.tinc4j.NodeKey;
import org.tinc4j.NodeName;
import org.tinc4j.Peer;
import org.tinc4j.Tinc;
import org.tinc4j.config.LinkOptions;
import org.tinc4j.config.PeerSettings;
import org.tinc4j.event.TincEvent;
import org.tinc4j.impl.crypto.Identity;
import org.tinc4j.impl.ephemeral.OpenNetwork;
import org.tinc4j.impl.fabric.FabricEvent;
import org.tinc4j.impl.fabric.Host;
import org.tinc4j.testing.LinkConditions;

/**
 * Nodes on the virtual network, in virtual time, with their machines open to the tests of this package. A test that the public API is
 * enough for is better off with {@link org.tinc4j.testing.EphemeralMesh}.
 *
 * <p>Latency is one millisecond in every direction unless set otherwise. Each node has a host of its own and listens on port 655. What a
 * test does to a machine between two runs counts as one event of that moment.
 */
final class MeshHarness {

    static final int PORT = 655;

    /** C tinc's, but as many connections at once as come: here nodes start together. */
    private static final LinkOptions LINK = burst(LinkOptions.DEFAULT);

    final long seed;
    final Map<NodeName, MeshTestNode> nodes = new LinkedHashMap<>();

    /** Whether {@link #trace} is kept: that of a large mesh is longer than the heap. */
    boolean tracing = true;

    /** Every line the nodes logged. */
    final List<String> log = new ArrayList<>();

    private final OpenNetwork network;
    private final Map<String, Host> hosts = new HashMap<>();
    private final Map<String, MeshTestNode> running = new HashMap<>();
    private final List<String> trace = new ArrayList<>();

    MeshHarness(long seed) {
        this.seed = seed;
        this.network = new OpenNetwork(new Random(seed), this::happened);
        wire(conditions -> conditions.withLatency(Duration.ofMillis(1)));
    }

    private static LinkOptions burst(LinkOptions from) {
        return new LinkOptions(
                from.addressFamily(), from.indirectData(), from.tcpOnly(), from.pmtuDiscovery(), from.clampMss(), from.udpDiscovery(),
                from.localDiscovery(), from.pmtuBytes(), from.weight(), from.replayWindowBytes(), from.maxOutputBufferBytes(), 1 << 16,
                from.udpReceiveBufferBytes(), from.udpSendBufferBytes());
    }

    // ---- Setting up ----

    /** A key pair that depends on the seed and the name only. */
    NodeKey key(String name) {
        byte[] expanded = new byte[64];
        new Random(seed * 31 + name.hashCode()).nextBytes(expanded);
        expanded[0] &= (byte) 0xf8;
        expanded[31] &= 0x3f;
        expanded[31] |= 0x40;
        return NodeKey.of(expanded, Identity.publicKeyOf(expanded));
    }

    /** A node with the subnet 10.0.0.n/32 for the n-th node. */
    MeshTestNode node(String name) {
        return node(name, builder -> builder);
    }

    MeshTestNode node(String name, UnaryOperator<Tinc.Builder> options) {
        int number = nodes.size() + 1;
        List<TincEvent> events = new ArrayList<>();
        Tinc.Builder builder = Tinc.network("test").name(name).key(key(name)).subnet("10.0.0." + number).link(LINK)
                .listener(events::add)
                .logger(new LogLines(line -> log.add(seconds() + " " + name + " " + line)));
        return add(new MeshTestNode(this, host(name), options.apply(builder).settings(), events));
    }

    /** A node that was killed starts again, and remembers its settings only. */
    MeshTestNode restart(MeshTestNode killed) {
        return add(new MeshTestNode(this, killed.host, killed.settings, killed.events));
    }

    private MeshTestNode add(MeshTestNode node) {
        nodes.put(node.name, node);
        running.put(node.host.name(), node);
        return node;
    }

    void remove(MeshTestNode node) {
        nodes.remove(node.name, node);
        running.remove(node.host.name(), node);
    }

    /** Makes {@code from} dial {@code to}, and {@code to} know the key of {@code from}. */
    void connect(MeshTestNode from, MeshTestNode to) {
        expect(to, from);
        from.mesh.putPeer(dialled(to), now());
    }

    PeerSettings dialled(MeshTestNode to) {
        return new Peer(to.name)
                .publicKey(to.key.publicKey())
                .endpoint(to.ip(), PORT)
                .settings();
    }

    /** Makes a node accept another without dialling it. */
    void expect(MeshTestNode here, MeshTestNode other) {
        if (here.mesh.state().peers.get(other.name).isEmpty()) {
            here.mesh.putPeer(new Peer(other.name).publicKey(other.key.publicKey()).settings(), now());
        }
    }

    static InetSocketAddress address(String ip) {
        try {
            return new InetSocketAddress(InetAddress.getByName(ip), PORT);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    // ---- The network ----

    OpenNetwork network() {
        return network;
    }

    /** The host of a node, or of somebody who is none. */
    Host host(String name) {
        return hosts.computeIfAbsent(name, network.fabric()::host);
    }

    /** Changes the conditions on all links, for what is sent from now on. */
    void wire(UnaryOperator<LinkConditions> change) {
        network.fabric().conditions(change.apply(network.fabric().conditions()));
    }

    /** From now on nothing gets through between two nodes. TCP connections stay open and silent, and go on if it is healed soon enough. */
    void cut(MeshTestNode a, MeshTestNode b) {
        network.fabric().partition(List.of(a.host), List.of(b.host));
    }

    void heal(MeshTestNode a, MeshTestNode b) {
        network.fabric().heal(List.of(a.host), List.of(b.host));
    }

    /** TCP connections that are open on both sides between two nodes. */
    long openLinks(MeshTestNode a, MeshTestNode b) {
        return a.streams().stream()
                .filter(stream -> stream.remote().getAddress().equals(b.host.address()))
                .filter(stream -> b.streams().stream()
                        .anyMatch(other -> other.local().equals(stream.remote()) && other.remote().equals(stream.local())))
                .count();
    }

    private void happened(FabricEvent what, String from, String to, byte[] payload, String note) {
        MeshTestNode node = running.get(from);
        switch (what) {
            case UDP_SENT -> {
                traced("udp " + from + ">" + to, payload);
                if (node != null) {
                    node.sentUdp.add(payload.clone());
                }
            }
            case TCP_DIALLED -> {
                traced("dial " + from + ">" + to, payload);
                if (node != null) {
                    node.dials.add(seconds());
                }
            }
            case TCP_DELIVERED -> {
                traced("tcp " + from + ">" + to, payload);
                if (node != null) {
                    node.metaMessages++;
                    node.longestSegmentBytes = Math.max(node.longestSegmentBytes, payload.length);
                    node.metaBytes += payload.length;
                }
            }
            case TCP_ENDED -> traced("end " + from + ">" + to, payload);
            case UDP_DELIVERED, UDP_LOST, TCP_ACCEPTED, TCP_LOST, NAT_MAPPED, NAT_EXPIRED, HOST_DOWN, HOST_UP -> {}
        }
    }

    private void traced(String line, byte[] payload) {
        if (tracing) {
            trace.add(now() + " " + line + " " + payload.length + " " + Arrays.hashCode(payload));
        }
    }

    /** Everything that crossed the network, with its time. */
    String trace() {
        return String.join("\n", trace);
    }

    // ---- Time ----

    long now() {
        return network.nowNanos();
    }

    double seconds() {
        return network.elapsedNanos() / 1e9;
    }

    void at(long delayNanos, Runnable action) {
        network.at(now() + delayNanos, () -> {
            action.run();
            settle();
        });
    }

    void run(Duration time) {
        runUntil(() -> false, time);
    }

    /** Runs until something holds, for so long at the most. */
    boolean runUntil(BooleanSupplier goal, Duration patience) {
        settle();
        boolean reached = network.runUntil(goal, patience);
        nodes.values().forEach(MeshTestNode::takeDelivered);
        return reached;
    }

    private void settle() {
        nodes.values().forEach(MeshTestNode::settled);
    }

    /** Runs until every node reaches every other. */
    boolean converge(Duration patience) {
        List<MeshTestNode> all = List.copyOf(nodes.values());
        int[] cursor = {0};
        return runUntil(
                () -> {
                    // After each event: who was not there yet is looked at first.
                    for (int good = 0; good < all.size(); good++) {
                        if (!reachesAll(all.get(cursor[0]))) {
                            return false;
                        }
                        cursor[0] = (cursor[0] + 1) % all.size();
                    }
                    return true;
                },
                patience);
    }

    private boolean reachesAll(MeshTestNode from) {
        return nodes.keySet().stream().allMatch(to -> from.mesh.state().known(to) != null && from.mesh.isReachable(to));
    }

    static byte[] line(String text) {
        return (text + "\n").getBytes(StandardCharsets.ISO_8859_1);
    }
}
