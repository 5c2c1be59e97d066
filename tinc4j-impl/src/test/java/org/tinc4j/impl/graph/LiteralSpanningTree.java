package org.tinc4j.impl.graph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.tinc4j.NodeName;

/** The walk as the protocol's text has it, starting over, to compare with. */
final class LiteralSpanningTree {

    private LiteralSpanningTree() {}

    static Set<NodeName> neighbours(NodeName self, EdgeTable edges, Set<NodeName> reachable) {
        List<Edge> list = new ArrayList<>(edges.all());
        list.sort(Comparator.comparingInt(Edge::weight)
                .thenComparing(edge -> edge.from().value())
                .thenComparing(edge -> edge.to().value()));
        Set<NodeName> visited = new HashSet<>();
        for (Edge edge : list) {
            if (reachable.contains(edge.from())) {
                visited.add(edge.from());
                break;
            }
        }
        Set<NodeName> neighbours = new HashSet<>();
        boolean skipped = false;
        for (int i = 0; i < list.size(); i++) {
            Edge edge = list.get(i);
            if (edges.get(edge.to(), edge.from()) == null
                    || visited.contains(edge.from()) == visited.contains(edge.to())) {
                skipped = true;
                continue;
            }
            visited.add(edge.from());
            visited.add(edge.to());
            if (edge.from().equals(self)) {
                neighbours.add(edge.to());
            }
            if (edge.to().equals(self)) {
                neighbours.add(edge.from());
            }
            if (skipped) {
                skipped = false;
                i = -1;
            }
        }
        return neighbours;
    }
}
