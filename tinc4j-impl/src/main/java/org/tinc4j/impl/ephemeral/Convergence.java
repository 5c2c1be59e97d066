package org.tinc4j.impl.ephemeral;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tinc4j.NodeName;
import org.tinc4j.Subnet;

/**
 * Whether every running node reaches exactly those it can be connected with, and knows their subnets.
 *
 * <p>Made to be asked after every event of a mesh of hundreds of nodes: what did not change since a node was looked at is not looked at
 * again, and the node that was not there yet is looked at first.
 *
 * <p><b>Threads.</b> One at a time.
 */
final class Convergence {

    private static final int MAX_EXPLAINED = 10;

    private final RunningMesh mesh;
    private final List<NodeHandle> nodes;
    private final Map<NodeHandle, Long> goodAt = new java.util.IdentityHashMap<>();
    private Map<NodeName, Map<NodeName, Set<Subnet>>> expected = Map.of();
    private long expectedAt = -1;
    private int cursor;

    Convergence(RunningMesh mesh, List<NodeHandle> nodes) {
        this.mesh = mesh;
        this.nodes = nodes;
    }

    boolean holds() {
        expect();
        for (int good = 0; good < nodes.size(); good++) {
            if (!good(nodes.get(cursor))) {
                return false;
            }
            cursor = (cursor + 1) % nodes.size();
        }
        return true;
    }

    private boolean good(NodeHandle node) {
        Incarnation life = node.current();
        if (life == null) {
            return true;
        }
        long version = life.version();
        Long before = goodAt.get(node);
        if (before != null && Math.abs(before) == version) {
            return before > 0;
        }
        boolean good = reachable(life).equals(expected.get(node.name()));
        goodAt.put(node, good ? version : -version);
        return good;
    }

    private static Map<NodeName, Set<Subnet>> reachable(Incarnation life) {
        try {
            return life.reachable();
        } catch (IllegalStateException e) {
            return Map.of(); // It ends while it is asked.
        }
    }

    /** Who should reach whom, from who dials whom and what the network lets through. */
    private void expect() {
        long changes = mesh.changes();
        if (changes == expectedAt) {
            return;
        }
        expectedAt = changes;
        goodAt.clear();
        Map<NodeName, List<NodeHandle>> neighbours = new TreeMap<>();
        for (NodeHandle from : nodes) {
            for (NodeName name : from.dialled()) {
                NodeHandle to = mesh.find(name);
                if (to != null && from.running() && to.running() && mesh.canConnect(from, to)) {
                    neighbours.computeIfAbsent(from.name(), key -> new ArrayList<>()).add(to);
                    neighbours.computeIfAbsent(to.name(), key -> new ArrayList<>()).add(from);
                }
            }
        }
        Map<NodeName, Map<NodeName, Set<Subnet>>> components = new LinkedHashMap<>();
        for (NodeHandle start : nodes) {
            if (start.running() && !components.containsKey(start.name())) {
                Map<NodeName, Set<Subnet>> component = new TreeMap<>();
                List<NodeHandle> open = new ArrayList<>(List.of(start));
                while (!open.isEmpty()) {
                    NodeHandle next = open.removeLast();
                    if (component.putIfAbsent(next.name(), next.subnets()) == null) {
                        components.put(next.name(), component);
                        open.addAll(neighbours.getOrDefault(next.name(), List.of()));
                    }
                }
            }
        }
        expected = components;
    }

    /** Nodes that are not there yet, with what is missing. */
    String explain() {
        expect();
        StringBuilder text = new StringBuilder();
        int explained = 0;
        for (NodeHandle node : nodes) {
            Incarnation life = node.current();
            if (life == null) {
                continue;
            }
            Map<NodeName, Set<Subnet>> wanted = expected.getOrDefault(node.name(), Map.of());
            Map<NodeName, Set<Subnet>> actual = reachable(life);
            if (actual.equals(wanted) || ++explained > MAX_EXPLAINED) {
                continue;
            }
            Set<NodeName> missing = new TreeSet<>(wanted.keySet());
            missing.removeAll(actual.keySet());
            Set<NodeName> surplus = new TreeSet<>(actual.keySet());
            surplus.removeAll(wanted.keySet());
            text.append("  ").append(node.name());
            if (!missing.isEmpty()) {
                text.append(" does not reach ").append(missing);
            }
            if (!surplus.isEmpty()) {
                text.append(" still reaches ").append(surplus);
            }
            for (Map.Entry<NodeName, Set<Subnet>> target : actual.entrySet()) {
                Set<Subnet> told = wanted.get(target.getKey());
                if (told != null && !told.equals(target.getValue())) {
                    text.append(" knows for ").append(target.getKey()).append(" the subnets ").append(new TreeSet<>(target.getValue()))
                            .append(" instead of ").append(told);
                }
            }
            text.append('\n');
        }
        if (explained > MAX_EXPLAINED) {
            text.append("  and ").append(explained - MAX_EXPLAINED).append(" more nodes\n");
        }
        return text.toString();
    }
}
