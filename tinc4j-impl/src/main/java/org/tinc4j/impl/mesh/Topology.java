package org.tinc4j.impl.mesh;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.tinc4j.NodeName;
import org.tinc4j.Subnet;
import org.tinc4j.event.TincEvent;
import org.tinc4j.impl.graph.Path;
import org.tinc4j.impl.graph.ShortestPaths;
import org.tinc4j.impl.graph.SpanningTree;
import org.tinc4j.impl.graph.SubnetTable;
import org.tinc4j.impl.mesh.MeshShell.Level;
import org.tinc4j.impl.route.NodeRoute;
import org.tinc4j.impl.route.RoutingTable;

/**
 * What follows from the edges: who is reachable, by which way, and the table that data threads route by.
 *
 * <p>Recomputed once for however many edges changed. Confined to the control thread.
 */
final class Topology {

    private final MeshState mesh;
    private final KeyExchange keys;
    private RoutingTable table;

    Topology(MeshState mesh, KeyExchange keys) {
        this.mesh = mesh;
        this.keys = keys;
    }

    /** What was published last; null before the first time. */
    RoutingTable table() {
        return table;
    }

    /** Brings reachability and the published table up to date, if anything changed. */
    void settle() {
        if (mesh.graphChanged) {
            mesh.graphChanged = false;
            mesh.tableChanged = true;
            updateReachability(ShortestPaths.compute(mesh.self.name, mesh.edges));
        }
        if (mesh.tableChanged) {
            mesh.tableChanged = false;
            table = buildTable();
            mesh.shell.publish(table);
        }
    }

    private void updateReachability(Map<NodeName, Path> paths) {
        for (MeshNode node : mesh.nodes.values()) {
            Path before = node.route;
            node.route = paths.get(node.name);
            if (node == mesh.self) {
                continue;
            }
            boolean now = node.route != null;
            if (now && node.path.address() == null && node.route.lastEdge() != null) {
                InetSocketAddress told = MeshState.addressOf(node.route.lastEdge());
                if (told != null) {
                    node.path.address(told, 0);
                }
            }
            if (now != (before != null)) {
                reachabilityChanged(node);
            } else if (now && !before.nexthop().equals(node.route.nexthop())) {
                nexthopChanged(node, before.nexthop());
            }
        }
    }

    /** What was said to a node through a neighbour that is gone may never have left: keys are asked for again, not after ten seconds. */
    private void nexthopChanged(MeshNode node, NodeName before) {
        MeshNode hop = mesh.known(before);
        if (hop == null || hop.connection == null) {
            keys.unanswered(node);
        }
    }

    private void reachabilityChanged(MeshNode node) {
        Optional<InetSocketAddress> address = Optional.ofNullable(node.path.address());
        keys.drop(node);
        if (node.reachable()) {
            mesh.shell.log(Level.INFO, node.name + " became reachable");
            mesh.shell.emit(at -> new TincEvent.NodeReachable(at, node.name, address));
        } else {
            node.unreachableNanos = mesh.nowNanos;
            node.path.forget();
            node.udpInfoSent = false;
            node.mtuInfoSent = false;
            mesh.shell.log(Level.INFO, node.name + " became unreachable");
            mesh.shell.emit(at -> new TincEvent.NodeUnreachable(at, node.name, address));
        }
        for (Subnet subnet : node.subnets) {
            if (node.reachable()) {
                mesh.shell.emit(at -> new TincEvent.SubnetAdded(at, node.name, subnet));
            } else {
                mesh.shell.emit(at -> new TincEvent.SubnetRemoved(at, node.name, subnet));
            }
        }
    }

    /** An address of ours stays ours, whoever else announces it and with whatever weight: packets for us are not handed to others. */
    private boolean isOwnHost(Subnet subnet) {
        for (Subnet own : mesh.self.subnets) {
            if (own.isHost() && own.covers(subnet)) {
                return true;
            }
        }
        return false;
    }

    private RoutingTable buildTable() {
        Map<NodeName, Integer> index = HashMap.newHashMap(mesh.nodes.size());
        for (NodeName name : mesh.nodes.keySet()) {
            index.put(name, index.size());
        }
        List<NodeRoute> routes = new ArrayList<>(mesh.nodes.size());
        List<SubnetTable.Entry> entries = new ArrayList<>(SubnetTable.standardBroadcast());
        for (Subnet subnet : mesh.settings.routing().broadcastSubnets()) {
            entries.add(new SubnetTable.Entry(subnet, null, -1, true));
        }
        Set<NodeName> reachable = new TreeSet<>();
        for (MeshNode node : mesh.nodes.values()) {
            boolean here = node.reachable();
            if (here) {
                reachable.add(node.name);
            }
            routes.add(new NodeRoute(
                    node.name,
                    node.tunnel,
                    here,
                    here ? index.get(node.route.nexthop()) : -1,
                    here ? index.get(node.route.via()) : -1,
                    node.options(),
                    List.copyOf(node.subnets)));
            for (Subnet subnet : node.subnets) {
                if (node == mesh.self || !isOwnHost(subnet)) {
                    entries.add(new SubnetTable.Entry(subnet, node.name, index.get(node.name), here));
                }
            }
        }
        int[] tree = SpanningTree.neighbours(mesh.self.name, mesh.edges, reachable).stream()
                .mapToInt(index::get)
                .toArray();
        return new RoutingTable(index.get(mesh.self.name), routes, SubnetTable.of(entries), tree, mesh.addresses);
    }
}
