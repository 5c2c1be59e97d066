package org.tinc4j.impl.graph;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import org.tinc4j.NodeName;

/**
 * The edges of an {@link EdgeTable} with their ends resolved, as arrays that are walked without looking up a name. Nodes that edges start
 * at are numbered in ascending order of their names, so comparing numbers compares names.
 *
 * <p>Both searches of the graph run after every change of an edge; in a mesh of 50 nodes forming in one process, looking up names was most
 * of their cost. Immutable as far as its users go: nobody writes to the arrays.
 */
final class Adjacency {

    /** Instead of an end: the edge has no reverse. */
    static final int NONE = -1;

    /** By number, ascending. */
    final NodeName[] names;
    /** For each node the edges that start there, ascending by their ends. */
    final Edge[][] edges;
    /** For each of them its reverse; null when there is none. */
    final Edge[][] reverses;
    /** For each of them the number of its end; {@link #NONE} without a reverse. */
    final int[][] ends;

    Adjacency(NavigableMap<NodeName, NavigableMap<NodeName, Edge>> outgoing) {
        names = outgoing.keySet().toArray(NodeName[]::new);
        edges = new Edge[names.length][];
        reverses = new Edge[names.length][];
        ends = new int[names.length][];
        Map<NodeName, Integer> numbers = HashMap.newHashMap(names.length);
        int count = 0;
        for (NavigableMap<NodeName, Edge> from : outgoing.values()) {
            edges[count] = from.values().toArray(Edge[]::new);
            numbers.put(names[count], count);
            count++;
        }
        for (int i = 0; i < names.length; i++) {
            reverses[i] = new Edge[edges[i].length];
            ends[i] = new int[edges[i].length];
            for (int j = 0; j < edges[i].length; j++) {
                int end = numbers.getOrDefault(edges[i][j].to(), NONE);
                reverses[i][j] = end == NONE ? null : edgeTo(names[i], edges[end]);
                ends[i][j] = reverses[i][j] == null ? NONE : end;
            }
        }
    }

    private static Edge edgeTo(NodeName to, Edge[] ascending) {
        int low = 0;
        int high = ascending.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = ascending[middle].to().compareTo(to);
            if (order == 0) {
                return ascending[middle];
            } else if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    /** The number of a node; negative if no edge starts there. */
    int numberOf(NodeName name) {
        return Arrays.binarySearch(names, name);
    }
}
