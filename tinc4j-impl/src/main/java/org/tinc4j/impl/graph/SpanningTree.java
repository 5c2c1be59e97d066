package org.tinc4j.impl.graph;

import java.util.Comparator;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Set;
import org.tinc4j.NodeName;

/**
 * Where broadcasts flow: the minimum spanning tree of the mesh, which every node computes alike for itself.
 *
 * <p>The protocol describes it as a walk along all edges by weight that starts over after each edge added. Such a walk always adds the
 * first edge in order that has exactly one end in the tree, so a queue of the edges at the tree's border gives the same tree without
 * starting over.
 *
 * <p><b>Source.</b> tinc 1.1 protocol, graph algorithms: minimum spanning tree.
 */
public final class SpanningTree {

    private static final Comparator<Edge> ORDER =
            Comparator.comparingInt(Edge::weight).thenComparing(Edge::from).thenComparing(Edge::to);

    private SpanningTree() {}

    /**
     * The neighbours of a node on the tree.
     *
     * @param self the node
     * @param edges every edge known; those without reverse are ignored
     * @param reachable the nodes {@link ShortestPaths} found from {@code self}
     * @return to whom {@code self} sends broadcasts, and from whom it may receive them; a new set of the caller's own
     */
    public static Set<NodeName> neighbours(NodeName self, EdgeTable edges, Set<NodeName> reachable) {
        Set<NodeName> neighbours = new HashSet<>();
        NodeName root = root(edges, reachable);
        if (root == null) {
            return neighbours;
        }
        Set<NodeName> tree = new HashSet<>();
        PriorityQueue<Edge> border = new PriorityQueue<>(ORDER);
        grow(root, tree, border, edges);
        while (!border.isEmpty()) {
            Edge edge = border.remove();
            NodeName added = tree.contains(edge.from()) ? edge.to() : edge.from();
            if (tree.contains(added)) {
                continue;
            }
            if (edge.from().equals(self)) {
                neighbours.add(edge.to());
            } else if (edge.to().equals(self)) {
                neighbours.add(edge.from());
            }
            grow(added, tree, border, edges);
        }
        return neighbours;
    }

    /** "Mark visited the from node of the first edge whose from node is reachable." */
    private static NodeName root(EdgeTable edges, Set<NodeName> reachable) {
        Edge first = null;
        for (Edge edge : edges.all()) {
            if ((first == null || ORDER.compare(edge, first) < 0) && reachable.contains(edge.from())) {
                first = edge;
            }
        }
        return first == null ? null : first.from();
    }

    private static void grow(NodeName added, Set<NodeName> tree, PriorityQueue<Edge> border, EdgeTable edges) {
        tree.add(added);
        for (Edge edge : edges.from(added)) {
            Edge reverse = edges.get(edge.to(), added);
            if (reverse != null && !tree.contains(edge.to())) {
                // The two directions may differ in weight; the one the walk meets first counts.
                border.add(ORDER.compare(edge, reverse) < 0 ? edge : reverse);
            }
        }
    }
}
