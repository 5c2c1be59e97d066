package org.tinc4j.impl.graph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.tinc4j.NodeName;

/**
 * Every edge known, by its two ends. An edge whose reverse is missing stays in the table; the algorithms ignore it.
 *
 * <p><b>Threads.</b> Confined to one.
 */
public final class EdgeTable {

    private final NavigableMap<NodeName, NavigableMap<NodeName, Edge>> outgoing = new TreeMap<>();
    /** How many edges end at a node, so that {@link #mentions} needs no search. */
    private final Map<NodeName, Integer> incoming = new HashMap<>();
    private int size;
    /** Made when it is asked for; null once an edge has changed. */
    private Adjacency adjacency;

    /** An empty table. */
    public EdgeTable() {}

    /**
     * Adds an edge, or replaces the one with the same ends.
     *
     * @param edge the edge
     * @return the one replaced, or null
     */
    public Edge put(Edge edge) {
        adjacency = null;
        Edge previous = outgoing.computeIfAbsent(edge.from(), name -> new TreeMap<>()).put(edge.to(), edge);
        if (previous == null) {
            incoming.merge(edge.to(), 1, Integer::sum);
            size++;
        }
        return previous;
    }

    /**
     * One edge.
     *
     * @param from where it starts
     * @param to where it ends
     * @return the edge, or null
     */
    public Edge get(NodeName from, NodeName to) {
        NavigableMap<NodeName, Edge> edges = outgoing.get(from);
        return edges == null ? null : edges.get(to);
    }

    /**
     * How many there are.
     *
     * @return both directions of a connection count
     */
    public int size() {
        return size;
    }

    /**
     * Removes an edge; its reverse stays.
     *
     * @param from where it starts
     * @param to where it ends
     * @return the edge removed, or null
     */
    public Edge remove(NodeName from, NodeName to) {
        NavigableMap<NodeName, Edge> edges = outgoing.get(from);
        Edge removed = edges == null ? null : edges.remove(to);
        if (removed != null) {
            adjacency = null;
            if (edges.isEmpty()) {
                outgoing.remove(from);
            }
            incoming.computeIfPresent(to, (name, count) -> count == 1 ? null : count - 1);
            size--;
        }
        return removed;
    }

    /**
     * The edges that start at a node.
     *
     * @param from the node
     * @return a copy, in ascending order of their ends; the table may be changed while walking it
     */
    public Collection<Edge> from(NodeName from) {
        NavigableMap<NodeName, Edge> edges = outgoing.get(from);
        return edges == null ? List.of() : List.copyOf(edges.values());
    }

    /**
     * Every edge.
     *
     * @return a copy, in ascending order of their starts, then their ends; the table may be changed while walking it
     */
    public Collection<Edge> all() {
        List<Edge> all = new ArrayList<>(size);
        for (NavigableMap<NodeName, Edge> edges : outgoing.values()) {
            all.addAll(edges.values());
        }
        return all;
    }

    /** What the searches walk. */
    Adjacency adjacency() {
        if (adjacency == null) {
            adjacency = new Adjacency(outgoing);
        }
        return adjacency;
    }

    /**
     * Whether any edge starts or ends at a node.
     *
     * @param name the node
     * @return false if the table does not know it
     */
    public boolean mentions(NodeName name) {
        return outgoing.containsKey(name) || incoming.containsKey(name);
    }
}
