package org.tinc4j.impl.mesh;

import java.util.List;
import org.tinc4j.Subnet;
import org.tinc4j.impl.graph.Edge;

/**
 * Forgets nodes that have been gone for long.
 *
 * <p>An edge is deleted by one of its ends; when both die together nobody does, and its nodes and their subnets would stay in every table
 * of the mesh and be told to every newcomer. C tinc removes them on an operator's command. Here whoever first finds them unreachable for long
 * enough deletes them, and floods that: a neighbour that kept them would not pass them on when they come back, since to it they
 * would be no news.
 *
 * <p>Confined to the control thread. Source: tinc meta protocol, "purge of unreachable nodes".
 */
final class Purge {

    /** Longer than a reboot, or than the longest usual pause between attempts to connect; then what was known is no help to anybody. */
    static final long UNREACHABLE_NANOS = 600_000_000_000L;

    /** Nodes that lost each other at one time do not all flood at one time: the first one's flood leaves nothing to the others. */
    static final long JITTER_NANOS = 120_000_000_000L;

    private final MeshState mesh;
    private final KeyExchange keys;
    private final long patienceNanos;

    Purge(MeshState mesh, KeyExchange keys) {
        this.mesh = mesh;
        this.keys = keys;
        this.patienceNanos = UNREACHABLE_NANOS + mesh.random.nextLong(JITTER_NANOS);
    }

    /** A second passed. */
    void tick() {
        for (MeshNode node : List.copyOf(mesh.nodes.values())) {
            if (node != mesh.self && !node.reachable() && mesh.nowNanos - node.unreachableNanos >= patienceNanos) {
                withdraw(node);
                if (node.subnets.isEmpty()
                        && node.connection == null
                        // A key that was learned once is held against whoever takes the name later.
                        && node.key == null
                        && !mesh.edges.mentions(node.name)
                        && mesh.peers.get(node.name).isEmpty()) {
                    remove(node);
                }
            }
        }
    }

    private void withdraw(MeshNode node) {
        for (Edge edge : mesh.edges.from(node.name)) {
            mesh.edges.remove(edge.from(), edge.to());
            mesh.graphChanged = true;
            mesh.announcements.changed(GossipItem.Key.edge(edge.from(), edge.to()), null, null);
        }
        for (Subnet subnet : List.copyOf(node.subnets)) {
            if (!mesh.settings.routing().strictSubnets() || !mesh.peers.lists(node.name, subnet)) {
                node.subnets.remove(subnet);
                mesh.subnetCount--;
                mesh.tableChanged = true;
                mesh.announcements.changed(GossipItem.Key.subnet(node.name, subnet), null, null);
            }
        }
    }

    private void remove(MeshNode node) {
        keys.drop(node);
        node.path.forget();
        mesh.nodes.remove(node.name);
        mesh.byId.remove(node.tunnel.id(), node);
        mesh.tableChanged = true;
    }
}
