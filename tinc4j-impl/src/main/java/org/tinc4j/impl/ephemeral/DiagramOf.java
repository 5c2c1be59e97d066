package org.tinc4j.impl.ephemeral;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tinc4j.NodeName;
import org.tinc4j.NodeStatus;
import org.tinc4j.impl.fabric.LinkState;
import org.tinc4j.testing.LinkConditions;
import org.tinc4j.testing.MeshClock;
import org.tinc4j.testing.MeshDiagram;
import org.tinc4j.testing.MeshTopology.Dial;

/** Draws a mesh as it is at one moment. */
final class DiagramOf {

    /** A larger matrix of paths does not fit a terminal. */
    private static final int MAX_MATRIX = 12;

    private final RunningMesh mesh;
    private final List<NodeHandle> nodes;
    private final Map<NodeName, NodeStatus> statuses = new TreeMap<>();
    private final List<LinkState> links;

    DiagramOf(RunningMesh mesh) {
        this.mesh = mesh;
        this.nodes = List.copyOf(mesh.handles());
        for (NodeHandle node : nodes) {
            Incarnation life = node.current();
            if (life != null) {
                try {
                    statuses.put(node.name(), life.node().status());
                } catch (IllegalStateException e) {
                    // It ended between the two lines; then it is drawn as one that does not run.
                }
            }
        }
        mesh.drive().enter();
        try {
            links = mesh.fabric().specialLinks();
        } finally {
            mesh.drive().leave();
        }
    }

    MeshDiagram draw() {
        return new MeshDiagram(text(), mermaid());
    }

    // ---- what is drawn ----

    private boolean connected(Dial dial) {
        NodeStatus status = statuses.get(new NodeName(dial.from()));
        return status != null
                && status.connections().stream()
                        .anyMatch(connection -> connection.active() && connection.peer().map(NodeName::value).orElse("").equals(dial.to()));
    }

    /** Every connection that should be, and every one that is. */
    private Set<Dial> connections() {
        Set<Dial> all = new TreeSet<>((a, b) -> a.from().equals(b.from()) ? a.to().compareTo(b.to()) : a.from().compareTo(b.from()));
        for (NodeHandle node : nodes) {
            node.dialled().forEach(to -> all.add(new Dial(node.name().value(), to.value())));
        }
        for (NodeStatus status : statuses.values()) {
            for (NodeStatus.Connection connection : status.connections()) {
                if (connection.active() && connection.dialled()) {
                    connection.peer().ifPresent(to -> all.add(new Dial(status.name().value(), to.value())));
                }
            }
        }
        return all;
    }

    private static String path(NodeStatus status, NodeName to) {
        return status.node(to.value())
                .map(NodeStatus.PeerStatus::path)
                .map(kind -> switch (kind) {
                    case SELF -> ".";
                    case UNREACHABLE -> "-";
                    case DIRECT -> "direct";
                    case RELAYED -> "relayed";
                    case TCP -> "tcp";
                })
                .orElse("-");
    }

    private static String describe(LinkState link) {
        LinkConditions own = link.conditions();
        StringBuilder text = new StringBuilder();
        if (link.cut()) {
            text.append(link.special() ? "cut; " : "cut");
        }
        if (link.special()) {
            text.append(String.format(Locale.ROOT, "latency %.3f ms", own.latency().toNanos() / 1e6));
            text.append(own.jitter().isZero() ? "" : String.format(Locale.ROOT, ", jitter %.3f ms", own.jitter().toNanos() / 1e6));
            text.append(own.loss() == 0 ? "" : ", loss " + own.loss());
            text.append(own.duplication() == 0 ? "" : ", duplication " + own.duplication());
            text.append(own.reordering() == 0 ? "" : ", reordering " + own.reordering());
            own.bandwidthBitsPerSecond().ifPresent(bits -> text.append(", ").append(bits).append(" bit/s"));
            text.append(own.mtuBytes() == LinkConditions.DEFAULT.mtuBytes() ? "" : ", MTU " + own.mtuBytes());
            text.append(own.udpBlocked() ? ", no UDP" : "");
        }
        return text.toString();
    }

    // ---- text ----

    private String text() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "mesh %s, %d nodes, %.3f s of %s time%n", mesh.plan().network(), nodes.size(),
                mesh.elapsed().toNanos() / 1e9, mesh.clock() == MeshClock.VIRTUAL ? "virtual" : "real"));
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("node", "state", "address", "host", "reaches"));
        for (NodeHandle node : nodes) {
            NodeStatus status = statuses.get(node.name());
            long reached = status == null
                    ? 0
                    : status.nodes().stream().filter(peer -> peer.reachable() && !peer.name().equals(node.name())).count();
            String host = node.host().address().getHostAddress()
                    + node.host().nat().map(nat -> " behind " + nat.name() + " (" + nat.kind() + ")").orElse("");
            rows.add(List.of(node.name().value(), status == null ? "down" : "running", node.address().getHostAddress(), host,
                    status == null ? "" : reached + " of " + (nodes.size() - 1)));
        }
        table(text, rows);
        rows.clear();
        rows.add(List.of("connection", ""));
        for (Dial dial : connections()) {
            rows.add(List.of(dial.from() + " -> " + dial.to(), connected(dial) ? "up" : "down"));
        }
        table(text, rows);
        if (nodes.size() <= MAX_MATRIX) {
            matrix(text);
        }
        if (!links.isEmpty()) {
            rows.clear();
            rows.add(List.of("link", ""));
            links.forEach(link -> rows.add(List.of(link.from().name() + " -> " + link.to().name(), describe(link))));
            table(text, rows);
        }
        return text.toString();
    }

    private void matrix(StringBuilder text) {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("data from, to"));
        nodes.forEach(node -> head.add(node.name().value()));
        rows.add(head);
        for (NodeHandle from : nodes) {
            NodeStatus status = statuses.get(from.name());
            List<String> row = new ArrayList<>(List.of(from.name().value()));
            nodes.forEach(to -> row.add(status == null ? "" : path(status, to.name())));
            rows.add(row);
        }
        table(text, rows);
    }

    private static void table(StringBuilder text, List<List<String>> rows) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder("  ");
            for (int i = 0; i < columns; i++) {
                line.append(row.get(i)).repeat(" ", widths[i] - row.get(i).length() + 2);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
    }

    // ---- Mermaid ----

    private String mermaid() {
        StringBuilder text = new StringBuilder("flowchart LR\n");
        Map<String, List<NodeHandle>> byNat = new TreeMap<>();
        for (NodeHandle node : nodes) {
            String nat = node.host().nat().map(box -> box.name() + "\u0000" + box.kind()).orElse("");
            byNat.computeIfAbsent(nat, key -> new ArrayList<>()).add(node);
        }
        int box = 0;
        for (Map.Entry<String, List<NodeHandle>> group : byNat.entrySet()) {
            boolean nat = !group.getKey().isEmpty();
            if (nat) {
                text.append("  subgraph nat").append(++box).append("[\"NAT ").append(group.getKey().replace("\u0000", " ")).append("\"]\n");
            }
            for (NodeHandle node : group.getValue()) {
                text.append(nat ? "    " : "  ").append(id(node.name().value())).append("[\"").append(node.name().value()).append("<br/>")
                        .append(node.address().getHostAddress()).append("\"]")
                        .append(statuses.containsKey(node.name()) ? "" : ":::down").append('\n');
            }
            if (nat) {
                text.append("  end\n");
            }
        }
        for (Dial dial : connections()) {
            text.append("  ").append(id(dial.from())).append(connected(dial) ? " --> " : " -.-> ").append(id(dial.to())).append('\n');
        }
        for (LinkState link : links) {
            boolean both = links.stream().anyMatch(other -> other.cut() && other.from() == link.to() && other.to() == link.from());
            // A cut in both directions is one line with a cross at both ends.
            if (link.cut() && (!both || link.from().name().compareTo(link.to().name()) < 0)) {
                text.append("  ").append(id(link.from().name())).append(both ? " x-. cut .-x " : " -. cut .-x ")
                        .append(id(link.to().name())).append('\n');
            }
        }
        return text.append("  classDef down stroke-dasharray: 5 5\n").toString();
    }

    /** {@code end} and the like are words of Mermaid's own. */
    private static String id(String node) {
        return "node_" + node;
    }
}
