package org.tinc4j.impl.graph;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.tinc4j.NodeName;

/** The search as the protocol's text has it, step by step, to compare with. */
final class LiteralShortestPaths {

    private static final class State {
        boolean visited;
        boolean indirect = true;
        int distance = -1;
        long wdist;
        NodeName nexthop;
        Edge prevedge;
        NodeName via;
        int options;
    }

    private LiteralShortestPaths() {}

    static Map<NodeName, Path> compute(NodeName self, Collection<NodeName> nodes, EdgeTable edges) {
        Map<NodeName, State> states = new TreeMap<>();
        nodes.forEach(name -> states.put(name, new State()));
        State ourselves = states.get(self);
        ourselves.visited = true;
        ourselves.indirect = false;
        ourselves.distance = 0;
        ourselves.wdist = 0;
        ourselves.nexthop = self;
        ourselves.via = self;
        ArrayDeque<NodeName> queue = new ArrayDeque<>();
        queue.add(self);
        while (!queue.isEmpty()) {
            NodeName name = queue.remove();
            State n = states.get(name);
            for (Edge e : edges.from(name)) {
                if (edges.get(e.to(), e.from()) == null || e.to().equals(self)) {
                    continue;
                }
                State to = states.get(e.to());
                boolean ind = n.indirect || (e.options() & 1) != 0;
                if (to.visited
                        && (!to.indirect || ind)
                        && (to.distance != n.distance + 1 || to.wdist <= n.wdist + e.weight())) {
                    continue;
                }
                if (!to.visited || (to.distance == n.distance + 1 && to.wdist > n.wdist + e.weight())) {
                    to.nexthop = name.equals(self) ? e.to() : n.nexthop;
                    to.wdist = n.wdist + e.weight();
                }
                to.visited = true;
                to.indirect = ind;
                to.prevedge = e;
                to.via = ind ? n.via : e.to();
                to.options = e.options();
                to.distance = n.distance + 1;
                queue.add(e.to());
            }
        }
        Map<NodeName, Path> paths = new TreeMap<>();
        states.forEach((name, s) -> {
            if (s.visited) {
                paths.put(name, new Path(s.nexthop, s.via, s.distance, s.wdist, s.options, s.indirect, s.prevedge));
            }
        });
        return paths;
    }
}
