package org.tinc4j.testing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.tinc4j.NodeName;
import org.tinc4j.Tinc;
import org.tinc4j.config.ConfigException;
import org.tinc4j.config.Timing;
import org.tinc4j.spi.MeshEngine;

/**
 * Collects what an {@link EphemeralMesh} is started with. Made by {@link EphemeralMesh#builder()}.
 *
 * <p>What is not said: everybody is connected to everybody, real time, every link as {@link LinkConditions#DEFAULT}, no NAT, and the intervals of
 * {@link #TIMING}, which are much shorter than those of production. The n-th node has the address {@code 10.99.0.n}, and packets end
 * in the process ({@link org.tinc4j.Device#inProcess()}) unless its options say otherwise.
 *
 * <p><b>Threads.</b> One at a time.
 */
public final class EphemeralMeshBuilder {

    /**
     * The intervals of every node unless its options say otherwise: a dead link is noticed within three seconds. With
     * {@link Timing#DEFAULT}, production's, it takes over a minute. On links with a round trip near a second connections do not last with them: then
     * give {@link #everyNode} longer ones.
     */
    public static final Timing TIMING = Timing.DEFAULT
            .withPing(java.time.Duration.ofSeconds(1), java.time.Duration.ofSeconds(1))
            .withMaxReconnectDelay(java.time.Duration.ofSeconds(1))
            .withUdp(java.time.Duration.ofMillis(500), java.time.Duration.ofMillis(500), java.time.Duration.ofMillis(1500))
            .withInfo(java.time.Duration.ofMillis(500), java.time.Duration.ofMillis(500));

    /** Node numbers become the last two bytes of {@code 10.99.0.0/16}, and hosts have as much room. */
    private static final int MAX_NODES = 65_000;

    private static final int DEFAULT_TRACE_ENTRIES = 10_000;

    private String network = "ephemeral";
    private MeshClock clock = MeshClock.REAL;
    private long seed = 1;
    private final List<String> nodes = new ArrayList<>();
    private final Map<String, List<UnaryOperator<Tinc.Builder>>> options = new LinkedHashMap<>();
    private final List<UnaryOperator<Tinc.Builder>> optionsOfAll = new ArrayList<>();
    private MeshTopology topology = MeshTopology.full();
    private LinkConditions conditions = LinkConditions.DEFAULT;
    private final List<MeshPlan.Link> links = new ArrayList<>();
    private final Map<String, NatKind> nats = new LinkedHashMap<>();
    private final Map<String, String> natOf = new LinkedHashMap<>();
    private int traceEntries = DEFAULT_TRACE_ENTRIES;

    EphemeralMeshBuilder() {}

    /**
     * The mesh's name, for logs and thread names. Default: {@code ephemeral}.
     *
     * @param name as in {@link Tinc#network}
     * @return this
     */
    public EphemeralMeshBuilder network(String name) {
        Tinc.network(name);
        network = name;
        return this;
    }

    /**
     * Adds nodes.
     *
     * @param names each unique; {@code A-Z a-z 0-9 _}
     * @return this
     */
    public EphemeralMeshBuilder nodes(String... names) {
        for (String name : names) {
            nodes.add(new NodeName(name).value());
        }
        return this;
    }

    /**
     * Adds nodes named {@code n1}, {@code n2} and so on.
     *
     * @param count how many
     * @return this
     */
    public EphemeralMeshBuilder nodes(int count) {
        return nodes(IntStream.rangeClosed(1, count).mapToObj(number -> "n" + number).toArray(String[]::new));
    }

    /**
     * Adds a node with options of its own, or options for a node that was added already.
     *
     * @param name its name
     * @param change called each time it is started, after name, key, address, {@link #TIMING} and peers are set
     * @return this
     */
    public EphemeralMeshBuilder node(String name, UnaryOperator<Tinc.Builder> change) {
        if (!nodes.contains(name)) {
            nodes(name);
        }
        options.computeIfAbsent(name, node -> new ArrayList<>()).add(change);
        return this;
    }

    /**
     * Options for every node, called before those of a node's own.
     *
     * @param change called each time a node is started, after name, key, address, {@link #TIMING} and peers are set
     * @return this
     */
    public EphemeralMeshBuilder everyNode(UnaryOperator<Tinc.Builder> change) {
        optionsOfAll.add(change);
        return this;
    }

    /**
     * Who dials whom. Default: {@link MeshTopology#full()}.
     *
     * @param shape the connections
     * @return this
     */
    public EphemeralMeshBuilder topology(MeshTopology shape) {
        topology = shape;
        return this;
    }

    /**
     * Who dials whom, by one word.
     *
     * @param word {@code full}, {@code star}, {@code chain}, {@code ring} or {@code random}; see {@link MeshTopology#named}
     * @return this
     */
    public EphemeralMeshBuilder topology(String word) {
        return topology(MeshTopology.named(word));
    }

    /**
     * How every link is that has no conditions of its own. Default: {@link LinkConditions#DEFAULT}.
     *
     * @param change gets the conditions so far
     * @return this
     */
    public EphemeralMeshBuilder conditions(UnaryOperator<LinkConditions> change) {
        conditions = change.apply(conditions);
        return this;
    }

    /**
     * How the link between two hosts is, both directions.
     *
     * @param from one node
     * @param to the other
     * @param change gets the conditions of all links so far
     * @return this
     */
    public EphemeralMeshBuilder link(String from, String to, UnaryOperator<LinkConditions> change) {
        links.add(new MeshPlan.Link(from, to, change.apply(conditions)));
        return this;
    }

    /**
     * Puts hosts behind a NAT box, where they share a network of their own.
     *
     * @param name of the box; a second call with the same name adds hosts to it
     * @param kind how it maps and filters
     * @param hosts the nodes behind it
     * @return this
     */
    public EphemeralMeshBuilder nat(String name, NatKind kind, String... hosts) {
        NatKind before = nats.putIfAbsent(name, kind);
        if (before != null && before != kind) {
            throw new IllegalArgumentException("NAT \"" + name + "\" is " + before + " and cannot be " + kind + " too; give the second another name");
        }
        for (String host : hosts) {
            String other = natOf.putIfAbsent(host, name);
            if (other != null && !other.equals(name)) {
                throw new IllegalArgumentException("node \"" + host + "\" is behind NAT \"" + other + "\" and cannot be behind \"" + name + "\" too");
            }
        }
        return this;
    }

    /**
     * What time is. Default: {@link MeshClock#REAL}.
     *
     * @param time real or virtual
     * @return this
     */
    public EphemeralMeshBuilder clock(MeshClock time) {
        clock = time;
        return this;
    }

    /**
     * Shorthand for {@code clock(MeshClock.VIRTUAL)}.
     *
     * @return this
     */
    public EphemeralMeshBuilder virtualTime() {
        return clock(MeshClock.VIRTUAL);
    }

    /**
     * What everything random follows from: keys, losses, jitter, a random topology. Default: 1.
     *
     * @param value any
     * @return this
     */
    public EphemeralMeshBuilder seed(long value) {
        seed = value;
        return this;
    }

    /**
     * How many entries of the trace are kept, the latest. Default: 10 000.
     *
     * @param entries 0 or more; some 150 bytes each
     * @return this
     */
    public EphemeralMeshBuilder traceEntries(int entries) {
        if (entries < 0) {
            throw new IllegalArgumentException("traceEntries=" + entries + " is negative");
        }
        traceEntries = entries;
        return this;
    }

    /**
     * Checks everything together.
     *
     * @return the plan
     * @throws ConfigException with every problem found
     */
    public MeshPlan plan() {
        List<String> problems = new ArrayList<>();
        if (nodes.isEmpty()) {
            problems.add("the mesh has no node; call nodes");
        }
        if (nodes.size() > MAX_NODES) {
            problems.add(nodes.size() + " nodes are more than " + MAX_NODES);
        }
        Set<String> known = new HashSet<>();
        for (String name : nodes) {
            if (!known.add(name)) {
                problems.add("node \"" + name + "\" is named twice");
            }
        }
        List<MeshTopology.Dial> dials = nodes.isEmpty() ? List.of() : topology.connections(List.copyOf(nodes), seed);
        for (MeshTopology.Dial dial : dials) {
            unknown(problems, known, "topology", dial.from(), dial.to());
            if (dial.from().equals(dial.to())) {
                problems.add("topology: node \"" + dial.from() + "\" dials itself");
            }
        }
        links.forEach(link -> unknown(problems, known, "link", link.from(), link.to()));
        natOf.forEach((host, nat) -> unknown(problems, known, "NAT \"" + nat + "\"", host));
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        List<MeshPlan.Node> planned = nodes.stream()
                .map(name -> {
                    List<UnaryOperator<Tinc.Builder>> all = new ArrayList<>(optionsOfAll);
                    all.addAll(options.getOrDefault(name, List.of()));
                    return new MeshPlan.Node(name, Optional.ofNullable(natOf.get(name)), all);
                })
                .toList();
        return new MeshPlan(network, clock, seed, planned, dials, conditions, links, nats, traceEntries);
    }

    private static void unknown(List<String> problems, Set<String> known, String where, String... names) {
        for (String name : names) {
            if (!known.contains(name)) {
                problems.add(where + ": there is no node \"" + name + "\"");
            }
        }
    }

    /**
     * Starts every node. Returns at once; see {@link EphemeralMesh#awaitConverged()}.
     *
     * @return the running mesh, to be closed
     * @throws ConfigException with every problem found, also in the options of a node
     */
    public EphemeralMesh start() {
        MeshPlan plan = plan();
        return ServiceLoader.load(MeshEngine.class, EphemeralMeshBuilder.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no engine on the class path or module path; add the artifact org.tinc4j:tinc4j-impl"))
                .start(plan);
    }
}
