package org.tinc4j.impl.graph;

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

    /** Both directions of a connection, under the one the walk meets first: the lighter, or else that with the smaller start. */
    private record Connection(int weight, int from, int to) implements Comparable<Connection> {

        @Override
        public int compareTo(Connection other) {
            int byWeight = Integer.compare(weight, other.weight);
            int byFrom = byWeight != 0 ? byWeight : Integer.compare(from, other.from);
            return byFrom != 0 ? byFrom : Integer.compare(to, other.to);
        }
    }

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
        Adjacency adjacency = edges.adjacency();
        int root = root(adjacency, reachable);
        if (root == Adjacency.NONE) {
            return neighbours;
        }
        int own = adjacency.numberOf(self);
        boolean[] tree = new boolean[adjacency.names.length];
        PriorityQueue<Connection> border = new PriorityQueue<>();
        grow(root, tree, border, adjacency);
        while (!border.isEmpty()) {
            Connection connection = border.remove();
            int added = tree[connection.from] ? connection.to : connection.from;
            if (tree[added]) {
                continue;
            }
            if (connection.from == own) {
                neighbours.add(adjacency.names[connection.to]);
            } else if (connection.to == own) {
                neighbours.add(adjacency.names[connection.from]);
            }
            grow(added, tree, border, adjacency);
        }
        return neighbours;
    }

    /** "Mark visited the from node of the first edge whose from node is reachable." By weight, then by name. */
    private static int root(Adjacency adjacency, Set<NodeName> reachable) {
        int root = Adjacency.NONE;
        int least = 0;
        for (int i = 0; i < adjacency.names.length; i++) {
            if (!reachable.contains(adjacency.names[i])) {
                continue;
            }
            for (Edge edge : adjacency.edges[i]) {
                if (root == Adjacency.NONE || edge.weight() < least) {
                    root = i;
                    least = edge.weight();
                }
            }
        }
        return root;
    }

    private static void grow(int added, boolean[] tree, PriorityQueue<Connection> border, Adjacency adjacency) {
        tree[added] = true;
        for (int i = 0; i < adjacency.edges[added].length; i++) {
            int end = adjacency.ends[added][i];
            if (end != Adjacency.NONE && !tree[end]) {
                Connection there = new Connection(adjacency.edges[added][i].weight(), added, end);
                Connection back = new Connection(adjacency.reverses[added][i].weight(), end, added);
                border.add(there.compareTo(back) < 0 ? there : back);
            }
        }
    }
}
