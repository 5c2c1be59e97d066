package org.tinc4j.impl.mesh;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.tinc4j.NodeKey;
import org.tinc4j.NodeName;
import org.tinc4j.Peer;
import org.tinc4j.Tinc;
import org.tinc4j.config.PeerSettings;
import org.tinc4j.impl.crypto.Identity;

/**
 * A mesh on one thread, in virtual time: machines and data paths are real, sockets and clocks are not. The same seed gives the same
 * {@link #trace}.
 *
 * <p>Latency is one millisecond in every direction unless set otherwise. Each node has an IPv4 address of its own and listens on port 655.
 */
final class MeshHarness {

    static final int PORT = 655;

    private record Event(long atNanos, long order, Runnable action) {}

    final long seed;
    final Random random;
    final Map<NodeName, MeshTestNode> nodes = new LinkedHashMap<>();

    private final PriorityQueue<Event> events = new PriorityQueue<>((a, b) ->
            a.atNanos() != b.atNanos() ? Long.compare(a.atNanos(), b.atNanos()) : Long.compare(a.order(), b.order()));
    private final List<Link> links = new ArrayList<>();
    private final Set<Set<NodeName>> cut = new HashSet<>();
    private final List<String> trace = new ArrayList<>();
    private long nowNanos = 1_000_000_000L;
    private long order;

    long latencyNanos = 1_000_000L;
    double udpLoss;
    boolean udpBlocked;

    /** Bytes of a whole IPv4 datagram that the network between nodes carries. */
    int networkMtuBytes = 1500;

    /** Whether the sender's system knows that MTU and refuses, or the network drops without a word. */
    boolean refusesTooLong;

    /** Whether TCP delivers in pieces of random sizes. */
    boolean choppy;

    /** Whether {@link #trace} is kept: that of a large mesh is longer than the heap. */
    boolean tracing = true;

    /** Every line the nodes logged. */
    final List<String> log = new ArrayList<>();

    MeshHarness(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
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
        Tinc.Builder builder = Tinc.network("test").name(name).key(key(name)).subnet("10.0.0." + number);
        MeshTestNode node = new MeshTestNode(this, options.apply(builder).settings(), address("192.0.2." + number));
        nodes.put(node.name, node);
        return node;
    }

    /** A node that was killed starts again, and remembers its settings only. */
    MeshTestNode restart(MeshTestNode killed) {
        MeshTestNode node = new MeshTestNode(this, killed.settings, killed.address);
        nodes.put(node.name, node);
        return node;
    }

    /** Makes {@code from} dial {@code to}, and {@code to} know the key of {@code from}. */
    void connect(MeshTestNode from, MeshTestNode to) {
        expect(to, from);
        from.mesh.putPeer(dialled(to), nowNanos);
    }

    PeerSettings dialled(MeshTestNode to) {
        return new Peer(to.name)
                .publicKey(to.key.publicKey())
                .endpoint(to.address.getAddress().getHostAddress(), PORT)
                .settings();
    }

    /** Makes a node accept another without dialling it. */
    void expect(MeshTestNode here, MeshTestNode other) {
        if (here.mesh.state().peers.get(other.name).isEmpty()) {
            here.mesh.putPeer(new Peer(other.name).publicKey(other.key.publicKey()).settings(), nowNanos);
        }
    }

    static InetSocketAddress address(String ip) {
        try {
            return new InetSocketAddress(InetAddress.getByName(ip), PORT);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** From now on nothing gets through between two nodes; TCP connections stay open and silent. */
    void cut(MeshTestNode a, MeshTestNode b) {
        cut.add(Set.of(a.name, b.name));
    }

    void heal(MeshTestNode a, MeshTestNode b) {
        cut.remove(Set.of(a.name, b.name));
    }

    private boolean isCut(NodeName a, NodeName b) {
        return cut.contains(Set.of(a, b));
    }

    // ---- Time ----

    long now() {
        return nowNanos;
    }

    double seconds() {
        return (nowNanos - 1_000_000_000L) / 1e9;
    }

    void at(long delayNanos, Runnable action) {
        events.add(new Event(nowNanos + delayNanos, order++, action));
    }

    void run(Duration time) {
        runUntil(() -> false, time);
    }

    /** Runs until something holds, for so long at the most. */
    boolean runUntil(BooleanSupplier goal, Duration patience) {
        long end = nowNanos + patience.toNanos();
        while (!goal.getAsBoolean()) {
            MeshTestNode next = null;
            long tickAt = Long.MAX_VALUE;
            for (MeshTestNode node : nodes.values()) {
                long due = node.nextTickNanos();
                if (due < tickAt) {
                    tickAt = due;
                    next = node;
                }
            }
            Event event = events.peek();
            long at = Math.min(event == null ? Long.MAX_VALUE : event.atNanos(), tickAt);
            if (at > end) {
                nowNanos = end;
                return goal.getAsBoolean();
            }
            nowNanos = Math.max(nowNanos, at);
            if (event != null && event.atNanos() <= tickAt) {
                events.remove().action().run();
            } else {
                next.tick();
            }
        }
        return true;
    }

    /** Runs until every node reaches every other. */
    boolean converge(Duration patience) {
        return runUntil(
                () -> {
                    for (MeshTestNode from : nodes.values()) {
                        for (NodeName to : nodes.keySet()) {
                            if (from.mesh.state().known(to) == null || !from.mesh.isReachable(to)) {
                                return false;
                            }
                        }
                    }
                    return true;
                },
                patience);
    }

    void traced(String line) {
        if (tracing) {
            trace.add(nowNanos + " " + line);
        }
    }

    /** Everything that crossed the network, with its time. */
    String trace() {
        return String.join("\n", trace);
    }

    // ---- TCP ----

    /** One end of a TCP connection. */
    interface End {
        NodeName name();

        void received(byte[] bytes);

        void closed();
    }

    /** A TCP connection between two ends. */
    final class Link {
        final End[] ends;
        final boolean[] open = {true, true};

        /** When what was sent last arrives, by receiver: nothing overtakes it, though the latency has become less. */
        private final long[] arrivalNanos = new long[2];

        Link(End a, End b) {
            ends = new End[] {a, b};
            links.add(this);
        }

        void write(int from, byte[] bytes) {
            if (!open[from]) {
                return;
            }
            int to = 1 - from;
            traced("tcp " + ends[from].name() + ">" + ends[to].name() + " " + bytes.length + " " + Arrays.hashCode(bytes));
            at(delayNanos(to), () -> {
                if (open[to] && !isCut(ends[0].name(), ends[1].name())) {
                    deliver(to, bytes);
                }
            });
        }

        private long delayNanos(int to) {
            arrivalNanos[to] = Math.max(arrivalNanos[to], nowNanos + latencyNanos);
            return arrivalNanos[to] - nowNanos;
        }

        private void deliver(int to, byte[] bytes) {
            if (!choppy) {
                ends[to].received(bytes);
                return;
            }
            for (int at = 0; at < bytes.length && open[to]; ) {
                int length = 1 + random.nextInt(bytes.length - at);
                ends[to].received(Arrays.copyOfRange(bytes, at, at + length));
                at += length;
            }
        }

        void close(int from) {
            if (open[from]) {
                open[from] = false;
                traced("fin " + ends[from].name() + ">" + ends[1 - from].name());
                at(delayNanos(1 - from), () -> {
                    if (open[1 - from] && !isCut(ends[0].name(), ends[1].name())) {
                        open[1 - from] = false;
                        ends[1 - from].closed();
                    }
                });
            }
        }
    }

    /** TCP connections that are open on both sides between two nodes. */
    long openLinks(MeshTestNode a, MeshTestNode b) {
        return links.stream()
                .filter(link -> link.open[0] && link.open[1])
                .filter(link -> Set.of(link.ends[0].name(), link.ends[1].name()).equals(Set.of(a.name, b.name)))
                .count();
    }

    /** Somebody who is no node opens a connection to one. */
    Link open(End outsider, MeshTestNode to) {
        int id = to.mesh.nextConnection();
        Link link = new Link(outsider, to.end(id));
        to.links.put(id, link);
        to.linkSide.put(id, 1);
        to.mesh.onAccepted(id, address("198.51.100.9"), to.address, nowNanos);
        to.settled();
        return link;
    }

    void dial(MeshTestNode from, int connection, String host) {
        traced("dial " + from.name + " " + host);
        from.dials.add(seconds());
        MeshTestNode to = nodes.values().stream()
                .filter(node -> node.address.getAddress().getHostAddress().equals(host) && node.listening)
                .findFirst()
                .orElse(null);
        at(latencyNanos, () -> {
            if (nodes.get(from.name) != from) {
                return;
            }
            if (to == null || nodes.get(to.name) != to || isCut(from.name, to.name)) {
                from.mesh.onDialFailed(connection, "refused", nowNanos);
                from.settled();
                return;
            }
            int accepted = to.mesh.nextConnection();
            Link link = new Link(from.end(connection), to.end(accepted));
            from.links.put(connection, link);
            from.linkSide.put(connection, 0);
            to.links.put(accepted, link);
            to.linkSide.put(accepted, 1);
            InetSocketAddress ephemeral = new InetSocketAddress(from.address.getAddress(), 40000 + connection);
            to.mesh.onAccepted(accepted, ephemeral, to.address, nowNanos);
            to.settled();
            from.mesh.onDialled(connection, to.address, ephemeral, nowNanos);
            from.settled();
        });
    }

    // ---- UDP ----

    /** @return false if the system refuses it as too long */
    boolean datagram(MeshTestNode from, InetSocketAddress remote, byte[] datagram) {
        if (datagram.length + 28 > networkMtuBytes) {
            return !refusesTooLong;
        }
        if (udpBlocked || random.nextDouble() < udpLoss) {
            return true;
        }
        MeshTestNode to = nodes.values().stream().filter(node -> node.address.equals(remote)).findFirst().orElse(null);
        if (to != null && !isCut(from.name, to.name)) {
            traced("udp " + from.name + ">" + to.name + " " + datagram.length + " " + Arrays.hashCode(datagram));
            at(latencyNanos, () -> to.datagram(datagram, from.address));
        }
        return true;
    }

    static byte[] line(String text) {
        return (text + "\n").getBytes(StandardCharsets.ISO_8859_1);
    }
}
