package org.tinc4j.testing;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.tinc4j.Tinc;

/**
 * Everything an ephemeral mesh is started with, checked; made by {@link EphemeralMeshBuilder#plan()}.
 *
 * @param network the mesh's name, which begins the names of its threads
 * @param clock what time is
 * @param seed decides keys, link conditions and all else that is random; in real time, threads decide too
 * @param nodes in the order they are started
 * @param dials who dials whom
 * @param conditions of every link
 * @param links links with conditions of their own
 * @param nats NAT boxes by name
 * @param traceEntries how many entries of the trace are kept
 */
public record MeshPlan(
        String network,
        MeshClock clock,
        long seed,
        List<Node> nodes,
        List<MeshTopology.Dial> dials,
        LinkConditions conditions,
        List<Link> links,
        Map<String, NatKind> nats,
        int traceEntries) {

    /**
     * A node.
     *
     * @param name its name
     * @param nat the NAT box it is behind
     * @param options what its builder gets beside name, key, address and peers
     */
    public record Node(String name, Optional<String> nat, List<UnaryOperator<Tinc.Builder>> options) {

        /** Copies the list. */
        public Node {
            options = List.copyOf(options);
        }
    }

    /**
     * A link with conditions of its own, both directions.
     *
     * @param from one host
     * @param to the other
     * @param conditions how it is
     */
    public record Link(String from, String to, LinkConditions conditions) {}

    /** Copies the lists; the map keeps its order. */
    public MeshPlan {
        nodes = List.copyOf(nodes);
        dials = List.copyOf(dials);
        links = List.copyOf(links);
        nats = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(nats));
    }
}
