package org.tinc4j.impl.mesh;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.tinc4j.NodeName;
import org.tinc4j.NodePublicKey;
import org.tinc4j.Subnet;
import org.tinc4j.config.NodeSettings;
import org.tinc4j.config.PeerSettings;
import org.tinc4j.impl.crypto.EntropySource;
import org.tinc4j.impl.graph.Edge;
import org.tinc4j.impl.graph.EdgeTable;
import org.tinc4j.impl.graph.Options;
import org.tinc4j.impl.meta.MetaSession;
import org.tinc4j.impl.path.PathSettings;
import org.tinc4j.impl.route.ConfirmedAddresses;
import org.tinc4j.impl.wire.MetaRequest;

/** The tables that the parts of a {@link Mesh} share. Confined to the control thread. */
final class MeshState {

    /** Bound on gossip: a mesh ten times as large as the largest known one. More nodes are ignored and logged. */
    static final int MAX_NODES = 20_000;

    /** Bound on gossip: subnets of all nodes together. More are ignored and logged. */
    static final int MAX_SUBNETS = 200_000;

    /** Bound on gossip: ten edges a node. More are ignored and logged. */
    static final int MAX_EDGES = 200_000;

    /** Longest address text of an edge that is kept: no host name is longer. */
    private static final int MAX_ADDRESS_LENGTH = 255;

    final NodeSettings settings;
    final PathSettings pathSettings;
    final MeshShell shell;
    final EntropySource entropy;
    final RandomGenerator random;
    final Peers peers;
    final MeshNode self;
    final Map<NodeName, MeshNode> nodes = new TreeMap<>();
    final ConfirmedAddresses addresses = new ConfirmedAddresses();
    final EdgeTable edges = new EdgeTable();
    final Map<Integer, MetaSession> sessions = new LinkedHashMap<>();
    final Map<Long, MeshNode> byId = new HashMap<>();
    final KeyedDigest digest;
    final SeenRequests seen;
    final Announcements announcements;

    int udpPort;
    int subnetCount;
    /** The time of the event that is being handled. */
    long nowNanos;

    /** Whether a tunnel wants to be looked after more often than each second. */
    boolean tunnelsBusy;

    boolean graphChanged;
    boolean tableChanged = true;

    MeshState(NodeSettings settings, MeshShell shell, EntropySource entropy, RandomGenerator random, long nowNanos) {
        this.nowNanos = nowNanos;
        this.settings = settings;
        this.pathSettings = PathSettings.of(settings.timing(), settings.link());
        this.shell = shell;
        this.entropy = entropy;
        this.random = random;
        this.peers = new Peers(settings.peers());
        this.digest = new KeyedDigest(entropy);
        this.seen = new SeenRequests(digest, settings.timing().pingInterval().toNanos());
        this.announcements = new Announcements(this);
        this.self = node(settings.name()).orElseThrow();
        self.key = settings.key().publicKey();
        for (Subnet subnet : settings.subnets()) {
            self.subnets.add(subnet);
            subnetCount++;
            announcements.changed(GossipItem.Key.subnet(self.name, subnet), null, null);
        }
        for (PeerSettings peer : settings.peers()) {
            node(peer.name()).ifPresent(node -> configure(node, peer));
        }
    }

    void configure(MeshNode node, PeerSettings peer) {
        peer.publicKey().ifPresent(key -> node.key = key);
        int limit = peer.pmtuBytes().orElse(settings.link().pmtuBytes().orElse(org.tinc4j.impl.route.UdpPath.MAX_BYTES));
        node.path.limit(limit);
    }

    /** The node of a name, made if need be; empty when there are too many. */
    Optional<MeshNode> node(NodeName name) {
        MeshNode node = nodes.get(name);
        if (node == null) {
            if (nodes.size() >= MAX_NODES) {
                shell.log(MeshShell.Level.WARN, "node " + name + " is ignored: " + MAX_NODES + " nodes are known already");
                return Optional.empty();
            }
            node = new MeshNode(name, pathSettings, addresses);
            MeshNode namesake = byId.putIfAbsent(node.tunnel.id(), node);
            if (namesake != null) {
                // 48 bits of a hash: a name can be made to fit, and would draw the other's packets.
                shell.log(MeshShell.Level.WARN, "node " + name + " is ignored: it has the id of node " + namesake.name);
                return Optional.empty();
            }
            node.unreachableNanos = nowNanos;
            nodes.put(name, node);
            tableChanged = true;
        }
        return Optional.of(node);
    }

    /**
     * Whether an edge may be kept.
     *
     * @param known what it would replace; null when it is new
     */
    boolean roomForEdge(Edge edge, Edge known) {
        boolean sane = edge.address().length() <= MAX_ADDRESS_LENGTH
                && edge.port().length() <= MAX_ADDRESS_LENGTH
                && edge.localAddress().length() <= MAX_ADDRESS_LENGTH
                && edge.localPort().length() <= MAX_ADDRESS_LENGTH;
        if (!sane || known == null && edges.size() >= MAX_EDGES) {
            shell.log(
                    MeshShell.Level.WARN,
                    "edge " + edge.from() + " to " + edge.to() + " is ignored: "
                            + (sane ? MAX_EDGES + " edges are known already" : "its addresses are no addresses"));
            return false;
        }
        return true;
    }

    MeshNode known(NodeName name) {
        return nodes.get(name);
    }

    /** Every connection on which requests may be sent. */
    Collection<MetaSession> activeSessions() {
        List<MetaSession> active = new ArrayList<>(sessions.size());
        for (MetaSession session : sessions.values()) {
            if (session.active()) {
                active.add(session);
            }
        }
        return active;
    }

    /** The neighbour through which meta requests to a node go; null when it is unreachable or is us. */
    MeshNode nexthop(MeshNode node) {
        return node == self || node.route == null ? null : nodes.get(node.route.nexthop());
    }

    /** Who gets the UDP for a node: {@code (N.via is us) ? N.nexthop : N.via}. */
    MeshNode udpNode(MeshNode node) {
        if (node.route == null) {
            return null;
        }
        return nodes.get(node.route.via().equals(self.name) ? node.route.nexthop() : node.route.via());
    }

    boolean isNeighbour(MeshNode node) {
        return node != self && node.route != null && node.route.nexthop().equals(node.name);
    }

    /** Sends a request towards a node, by its nexthop. */
    void sendTowards(MeshNode node, MetaRequest request) {
        relayTowards(node, request.encode());
    }

    /** Passes a request on towards a node, unchanged. */
    void relayTowards(MeshNode node, String text) {
        MeshNode hop = nexthop(node);
        if (hop != null && hop.connection != null) {
            sendRouted(hop.connection, text);
        }
    }

    /** A request that names nodes: the neighbour is told first what it may not have heard of them. */
    void sendRouted(MetaSession session, String text) {
        announcements.beforeRouted(session);
        session.sendText(text);
    }

    boolean tcpOnly(MeshNode node) {
        return settings.link().tcpOnly() || (node.options() & Options.TCP_ONLY) != 0;
    }

    /** The UDP address an edge gives for its {@code to} node; null when it gives none. */
    static InetSocketAddress addressOf(Edge edge) {
        return NumericAddress.parse(edge.address(), edge.port());
    }

    /** A learned key; configuration always wins. */
    void learnKey(MeshNode node, NodePublicKey key) {
        if (node.key == null) {
            node.key = key;
        }
    }
}
