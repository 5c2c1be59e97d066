package org.tinc4j.interop;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.core.ConditionTimeoutException;
import org.tinc4j.NodeKey;

/**
 * Nodes on a {@link Lan}, each on a host of its own, and who dials whom. Draw it, start it, close it. Configuration and logs stay below
 * {@code target/interop} for whoever looks into a failure.
 */
final class Mesh implements AutoCloseable {

    private static final int PORT = 655;
    private static final Path RECORDS = Path.of("target", "interop").toAbsolutePath();

    private final Lan lan = new Lan();
    private final Path directory;
    private final Underlay underlay;
    private final Map<MeshNode, Lan.Host> hosts = new LinkedHashMap<>();
    private final Map<MeshNode, NodeFiles> nodes = new LinkedHashMap<>();
    private final Map<MeshNode, Set<MeshNode>> dials = new LinkedHashMap<>();

    /** Which IP version the Ethernet is used with. */
    enum Underlay {
        IPV4,
        IPV6
    }

    private Mesh(String label, Underlay underlay) {
        this.underlay = underlay;
        try {
            Files.createDirectories(RECORDS);
            this.directory = Files.createTempDirectory(RECORDS, label + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * An empty mesh.
     *
     * @param label names its folder
     */
    static Mesh over(Underlay underlay, String label) {
        return new Mesh(label, underlay);
    }

    /** An empty mesh over IPv4. */
    static Mesh of(String label) {
        return over(Underlay.IPV4, label);
    }

    /** Adds a C daemon. */
    CTincd tincd(String name, String... serverLines) {
        Lan.Host host = lan.host(name);
        NodeFiles files = newFiles(newSite(name, host), serverLines);
        return add(new CTincd(files), host, files);
    }

    /** Adds a Java node. */
    JavaNode java(String name, String... serverLines) {
        Lan.Host host = lan.host(name);
        NodeFiles files = newFiles(newSite(name, host), serverLines);
        return add(new JavaNode(files), host, files);
    }

    /** Adds a Java daemon. */
    JavaDaemon daemon(String name, String... serverLines) {
        Lan.Host host = lan.host(name);
        NodeFiles files = newFiles(newSite(name, host), serverLines);
        return add(new JavaDaemon(files), host, files);
    }

    /** Adds a node of either program. */
    MeshNode node(Program program, String name, String... serverLines) {
        return switch (program) {
            case C -> tincd(name, serverLines);
            case JAVA -> java(name, serverLines);
        };
    }

    private <N extends MeshNode> N add(N node, Lan.Host host, NodeFiles files) {
        hosts.put(node, host);
        nodes.put(node, files);
        return node;
    }

    private Site newSite(String name, Lan.Host host) {
        return new Site(name, NodeKey.generate(), host.netns(), PORT, nodes.size() + 1, directory.resolve(name));
    }

    private static NodeFiles newFiles(Site site, String... serverLines) {
        NodeFiles files = new NodeFiles(site);
        List.of(serverLines).forEach(files::server);
        return files;
    }

    /** Lets one node dial another, with {@code ConnectTo} here and {@code Address} there. */
    Mesh dial(MeshNode dialler, MeshNode listener) {
        dials.computeIfAbsent(dialler, unused -> new LinkedHashSet<>()).add(listener);
        NodeFiles files = nodes.get(dialler);
        files.server("ConnectTo = " + listener.name());
        files.host(listener.name(), "Address = " + address(listener) + " " + PORT);
        introduce(dialler, listener);
        return this;
    }

    /** Adds a line to what a node knows about another one. */
    Mesh tell(MeshNode reader, MeshNode about, String line) {
        nodes.get(reader).host(about.name(), line);
        return this;
    }

    /** Gives two nodes each other's public key. Others have to ask through the mesh (REQ_PUBKEY). */
    private void introduce(MeshNode one, MeshNode other) {
        nodes.get(one).host(other.name(), "Ed25519PublicKey = " + other.site().key().publicKey());
        nodes.get(other).host(one.name(), "Ed25519PublicKey = " + one.site().key().publicKey());
    }

    private String address(MeshNode node) {
        return underlay == Underlay.IPV4 ? host(node).ipv4() : host(node).ipv6();
    }

    /** A node's place on the Ethernet. */
    Lan.Host host(MeshNode node) {
        return hosts.get(node);
    }

    /** Lets no packet of the Ethernet through from one host to another, either way, so that others have to relay. */
    void separate(MeshNode one, MeshNode other) {
        host(one).netns().dropIncoming(Lan.DEVICE, "ip saddr " + host(other).ipv4());
        host(other).netns().dropIncoming(Lan.DEVICE, "ip saddr " + host(one).ipv4());
    }

    /** The Ethernet below. */
    Lan lan() {
        return lan;
    }

    /** Starts every node, listeners before those who dial them, and waits until each reaches all the others. */
    void start(Duration limit) {
        Set<MeshNode> waiting = new LinkedHashSet<>(nodes.keySet());
        while (!waiting.isEmpty()) {
            MeshNode next = waiting.stream()
                    .filter(node -> dials.getOrDefault(node, Set.of()).stream().noneMatch(waiting::contains))
                    .findFirst()
                    .orElse(waiting.iterator().next());
            next.start();
            waiting.remove(next);
        }
        awaitReachable(limit);
    }

    /** Waits until each node reaches all the others. */
    void awaitReachable(Duration limit) {
        for (MeshNode from : nodes.keySet()) {
            for (MeshNode to : nodes.keySet()) {
                if (from != to) {
                    awaitReachable(from, to, limit);
                }
            }
        }
    }

    private void awaitReachable(MeshNode from, MeshNode to, Duration limit) {
        try {
            await().atMost(limit).pollInterval(Duration.ofMillis(100)).until(() -> from.reaches(to));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    from.name() + " did not reach " + to.name() + " within " + limit + "; it sees " + from.nodes() + "; logs are in " + directory,
                    e);
        }
    }

    /** Every node, in the order they were added. */
    List<MeshNode> nodes() {
        return List.copyOf(nodes.keySet());
    }

    @Override
    public void close() {
        List<MeshNode> all = new ArrayList<>(nodes.keySet());
        all.forEach(MeshNode::close);
        lan.close();
    }

    /** What a node runs. */
    enum Program {
        /** The daemon of tinc 1.1. */
        C,
        /** This library. */
        JAVA
    }
}
