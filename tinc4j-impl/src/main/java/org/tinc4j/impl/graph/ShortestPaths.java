package org.tinc4j.impl.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tinc4j.NodeName;

/**
 * Who is reached, and how: a breadth-first search by hops in which the sum of weights decides between paths of one length.
 *
 * <p>Not a textbook search. A node first found behind an edge that forbids direct contact may be found again on a longer path that
 * allows it, and is then walked from once more; {@link Path#via()}, the distance and what belongs to the last edge change by that, the
 * nexthop stays. So where edges forbid direct contact, the nexthops of different nodes need not fit together: what is passed on from
 * nexthop to nexthop can, rarely, circle.
 *
 * <p>With negative weights, which a hostile member may announce, the search as written down need not end: a node can turn direct
 * and indirect in turn, cheaper each time. Hence {@link #MAX_WALKS}.
 *
 * <p><b>Source.</b> tinc 1.1 protocol, graph algorithms: shortest paths.
 */
public final class ShortestPaths {

    /**
     * How often one node is walked from. Chosen: random meshes with weights of either sign that came to an end never took more than
     * 26 walks from one node; the limit bounds the work at 64 looks at each edge.
     */
    static final int MAX_WALKS = 64;

    /** What the search knows of one node so far. */
    private static final class Vertex {
        private final NodeName name;
        private final int number;
        private boolean visited;
        private boolean indirect = true;
        private int distance = -1;
        private long weightedDistance;
        private Vertex nexthop;
        private Vertex via;
        private Edge lastEdge;
        private int walks;

        private Vertex(NodeName name, int number) {
            this.name = name;
            this.number = number;
        }

        private Path path() {
            return new Path(nexthop.name, via.name, distance, weightedDistance, lastEdge == null ? 0 : lastEdge.options(),
                    indirect, lastEdge);
        }
    }

    private ShortestPaths() {}

    /**
     * Computes the paths from one node. The same edges give the same result, whatever the order they were added in.
     *
     * @param self the node to start from
     * @param edges every edge known
     * @return the reachable nodes in the order they were first found, {@code self} first; a new map of the caller's own
     */
    public static Map<NodeName, Path> compute(NodeName self, EdgeTable edges) {
        Adjacency adjacency = edges.adjacency();
        int number = adjacency.numberOf(self);
        Vertex start = new Vertex(self, number);
        start.visited = true;
        start.indirect = false;
        start.distance = 0;
        start.nexthop = start;
        start.via = start;

        Map<NodeName, Path> paths = new LinkedHashMap<>();
        for (Vertex found : number < 0 ? List.of(start) : search(start, adjacency)) {
            paths.put(found.name, found.path());
        }
        return paths;
    }

    /** Returns each vertex found, once, in the order of first finding. */
    private static List<Vertex> search(Vertex start, Adjacency adjacency) {
        Vertex[] vertices = new Vertex[adjacency.names.length];
        vertices[start.number] = start;
        List<Vertex> found = new ArrayList<>();
        found.add(start);
        ArrayDeque<Vertex> queue = new ArrayDeque<>();
        queue.add(start);
        while (!queue.isEmpty()) {
            Vertex from = queue.remove();
            if (++from.walks > MAX_WALKS) {
                continue;
            }
            // Ascending by the end's name: the order in which the search has to look at them.
            int[] ends = adjacency.ends[from.number];
            for (int i = 0; i < ends.length; i++) {
                int end = ends[i];
                if (end == Adjacency.NONE || end == start.number) {
                    continue;
                }
                boolean first = vertices[end] == null;
                if (first) {
                    vertices[end] = new Vertex(adjacency.names[end], end);
                    found.add(vertices[end]);
                }
                if (improve(from, adjacency.edges[from.number][i], vertices[end], start)) {
                    queue.add(vertices[end]);
                }
            }
        }
        return found;
    }

    /** Takes the edge if it leads to its end for the first time, more directly, or as short but cheaper. */
    private static boolean improve(Vertex from, Edge edge, Vertex to, Vertex start) {
        int distance = from.distance + 1;
        long weightedDistance = from.weightedDistance + edge.weight();
        boolean indirect = from.indirect || (edge.options() & Options.INDIRECT) != 0;

        boolean cheaper = to.distance == distance && to.weightedDistance > weightedDistance;
        boolean moreDirect = to.indirect && !indirect;
        if (to.visited && !moreDirect && !cheaper) {
            return false;
        }
        if (!to.visited || cheaper) {
            to.nexthop = from == start ? to : from.nexthop;
            to.weightedDistance = weightedDistance;
        }
        to.visited = true;
        to.indirect = indirect;
        to.lastEdge = edge;
        to.via = indirect ? from.via : to;
        to.distance = distance;
        return true;
    }
}
