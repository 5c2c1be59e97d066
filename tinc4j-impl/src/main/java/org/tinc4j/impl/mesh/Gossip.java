package org.tinc4j.impl.mesh;

import java.util.List;
import java.util.Optional;
import org.tinc4j.NodeName;
import org.tinc4j.Subnet;
import org.tinc4j.event.TincEvent;
import org.tinc4j.impl.graph.Edge;
import org.tinc4j.impl.meta.MetaSession;
import org.tinc4j.impl.mesh.MeshShell.Level;
import org.tinc4j.impl.wire.MetaRequest;

/**
 * Flooded requests: who is connected to whom, and who owns what.
 *
 * <p>"A receiver that accepts the content sends the identical text to all other active connections"; what changes nothing is not passed
 * on, so floods die out. Here it is decided what is accepted; {@link Announcements} decides who is told, and when. Confined to the control thread. Source: tinc meta protocol, ADD_SUBNET to KEY_CHANGED.
 */
final class Gossip {

    /** A node of our name elsewhere makes this many contradictions of both kinds within {@link #CONTRADICTION_PERIOD_NANOS}. */
    private static final int MAX_CONTRADICTIONS = 100;

    private static final long CONTRADICTION_PERIOD_NANOS = 5_000_000_000L;

    private final MeshState mesh;
    private int contradictedAdds;
    private int contradictedDels;
    private long contradictionsSinceNanos;

    Gossip(MeshState mesh) {
        this.mesh = mesh;
    }

    /** Whether so many statements about us were wrong that another node must be using our name; starts a new count. */
    boolean nameClash(long nowNanos) {
        if (nowNanos - contradictionsSinceNanos < CONTRADICTION_PERIOD_NANOS) {
            return false;
        }
        boolean clash = contradictedAdds > MAX_CONTRADICTIONS && contradictedDels > MAX_CONTRADICTIONS;
        contradictionsSinceNanos = nowNanos;
        contradictedAdds = 0;
        contradictedDels = 0;
        return clash;
    }

    private int nonce() {
        return mesh.random.nextInt();
    }

    /** Passes on word for word what is not kept here. */
    private void forward(MetaSession from, String text) {
        if (mesh.settings.routing().tunnelServer()) {
            return;
        }
        for (MetaSession session : mesh.activeSessions()) {
            if (session != from) {
                session.sendText(text);
            }
        }
    }

    /** TunnelServer hears only of itself and the neighbour who speaks. */
    private boolean ignoredByTunnelServer(NodeName about, NodeName sender) {
        return mesh.settings.routing().tunnelServer() && !about.equals(mesh.self.name) && !about.equals(sender);
    }

    void onAddSubnet(MetaSession from, NodeName sender, MetaRequest.AddSubnet add, String text, long nowNanos) {
        GossipItem.Key key = GossipItem.Key.subnet(add.owner(), add.subnet());
        if (mesh.seen.seen(text, nowNanos)) {
            mesh.announcements.heard(from, key, GossipItem.PRESENT);
            return;
        }
        if (ignoredByTunnelServer(add.owner(), sender)) {
            return;
        }
        if (add.owner().equals(mesh.self.name)) {
            if (!mesh.self.subnets.contains(add.subnet())) {
                from.send(new MetaRequest.DelSubnet(nonce(), mesh.self.name, add.subnet()));
                mesh.announcements.answered(from, key);
            } else {
                mesh.announcements.heard(from, key, GossipItem.PRESENT);
            }
            return;
        }
        Optional<MeshNode> found = mesh.node(add.owner());
        if (found.isEmpty() || found.get().subnets.contains(add.subnet())) {
            mesh.announcements.heard(from, key, GossipItem.PRESENT);
            return;
        }
        MeshNode owner = found.get();
        Optional<String> refusal = refusal(owner.name, add.subnet());
        if (refusal.isPresent()) {
            mesh.shell.log(
                    Level.WARN,
                    "subnet " + add.subnet() + " announced by " + owner.name + " is not used here: " + refusal.get());
            forward(from, text);
            return;
        }
        if (mesh.subnetCount >= MeshState.MAX_SUBNETS) {
            mesh.shell.log(
                    Level.WARN,
                    "subnet " + add.subnet() + " of " + owner.name + " is ignored: " + MeshState.MAX_SUBNETS + " are known");
            return;
        }
        owner.subnets.add(add.subnet());
        mesh.subnetCount++;
        mesh.tableChanged = true;
        if (owner.reachable()) {
            mesh.shell.emit(at -> new TincEvent.SubnetAdded(at, owner.name, add.subnet()));
        }
        mesh.announcements.changed(key, text, from);
    }

    /** Why a node may not own a range here, whatever it announces; empty when it may. */
    private Optional<String> refusal(NodeName owner, Subnet subnet) {
        if (mesh.settings.routing().strictSubnets() || mesh.settings.routing().tunnelServer()) {
            return mesh.peers.lists(owner, subnet) ? Optional.empty() : Optional.of("only configured subnets are accepted");
        }
        return Optional.ofNullable(mesh.peers.pinnedAgainst(owner, subnet)).map(other -> "it is pinned to " + other);
    }

    /** The configured peers changed: what was accepted before and would be refused now is taken out of use. */
    void reconsiderSubnets() {
        for (MeshNode node : mesh.nodes.values()) {
            for (Subnet subnet : node == mesh.self ? List.<Subnet>of() : List.copyOf(node.subnets)) {
                if (refusal(node.name, subnet).isPresent()) {
                    node.subnets.remove(subnet);
                    mesh.announcements.dropped(GossipItem.Key.subnet(node.name, subnet));
                    mesh.subnetCount--;
                    mesh.tableChanged = true;
                    if (node.reachable()) {
                        mesh.shell.emit(at -> new TincEvent.SubnetRemoved(at, node.name, subnet));
                    }
                }
            }
        }
    }

    void onDelSubnet(MetaSession from, NodeName sender, MetaRequest.DelSubnet del, String text, long nowNanos) {
        GossipItem.Key key = GossipItem.Key.subnet(del.owner(), del.subnet());
        if (mesh.seen.seen(text, nowNanos)) {
            mesh.announcements.heard(from, key, GossipItem.ABSENT);
            return;
        }
        if (ignoredByTunnelServer(del.owner(), sender)) {
            return;
        }
        MeshNode owner = mesh.known(del.owner());
        if (owner == null) {
            return;
        }
        if (owner == mesh.self) {
            if (owner.subnets.contains(del.subnet())) {
                from.send(new MetaRequest.AddSubnet(nonce(), mesh.self.name, del.subnet()));
                mesh.announcements.answered(from, key);
            } else {
                mesh.announcements.heard(from, key, GossipItem.ABSENT);
            }
            return;
        }
        if (owner.subnets.remove(del.subnet())) {
            mesh.subnetCount--;
            mesh.tableChanged = true;
            if (owner.reachable()) {
                mesh.shell.emit(at -> new TincEvent.SubnetRemoved(at, owner.name, del.subnet()));
            }
            mesh.announcements.changed(key, text, from);
        } else {
            mesh.announcements.heard(from, key, GossipItem.ABSENT);
            // What was passed on though it is not used here is taken back the same way.
            if (refusal(owner.name, del.subnet()).isPresent()) {
                forward(from, text);
            }
        }
    }

    void onAddEdge(MetaSession from, NodeName sender, MetaRequest.AddEdge add, String text, long nowNanos) {
        GossipItem.Key key = GossipItem.Key.edge(add.from(), add.to());
        Edge known = mesh.edges.get(add.from(), add.to());
        Edge told = new Edge(
                add.from(),
                add.to(),
                add.address(),
                add.port(),
                add.options(),
                add.weight(),
                add.localAddress(),
                add.localPort());
        boolean same = known != null && same(known, told);
        if (mesh.seen.seen(text, nowNanos)) {
            if (same) {
                mesh.announcements.confirmed(from, key);
            } else {
                mesh.announcements.heard(from, key, mesh.announcements.contentOf(told));
            }
            return;
        }
        if (ignoredByTunnelServer(add.from(), sender) && ignoredByTunnelServer(add.to(), sender)) {
            return;
        }
        Optional<MeshNode> start = mesh.node(add.from());
        Optional<MeshNode> end = mesh.node(add.to());
        if (start.isEmpty() || end.isEmpty()) {
            return;
        }
        if (same) {
            mesh.announcements.confirmed(from, key);
            return;
        }
        if (add.from().equals(mesh.self.name)) {
            if (known == null) {
                contradictedAdds++;
                from.send(new MetaRequest.DelEdge(nonce(), add.from(), add.to()));
            } else {
                from.send(Announcements.announce(nonce(), known));
            }
            mesh.announcements.answered(from, key);
            return;
        }
        if (!mesh.roomForEdge(told, known)) {
            return;
        }
        Edge kept = sharing(told, start.get(), end.get());
        end.get().announced = kept;
        mesh.edges.put(kept);
        mesh.graphChanged = true;
        mesh.announcements.changed(GossipItem.Key.edge(kept.from(), kept.to()), text, from);
    }

    /**
     * The same edge, but names and addresses are objects that are kept anyway. Each edge to a node says where that node is, and each from it
     * mostly the same again; in a mesh of 200 nodes with 600 connections such copies were a third of the heap.
     */
    private static Edge sharing(Edge told, MeshNode from, MeshNode to) {
        return new Edge(
                from.name,
                to.name,
                to.announced == null ? told.address() : sharing(told.address(), to.announced.address()),
                to.announced == null ? told.port() : sharing(told.port(), to.announced.port()),
                told.options(),
                told.weight(),
                from.announced == null ? told.localAddress() : sharing(told.localAddress(), from.announced.address()),
                from.announced == null ? told.localPort() : sharing(told.localPort(), from.announced.port()));
    }

    private static String sharing(String text, String kept) {
        return text.equals(kept) ? kept : text;
    }

    /** "Edge known with equal weight, options, address, and (if given) local address: ignore." */
    private static boolean same(Edge known, Edge told) {
        return known.weight() == told.weight()
                && known.options() == told.options()
                && known.address().equals(told.address())
                && known.port().equals(told.port())
                && (told.localAddress().isEmpty()
                        || known.localAddress().equals(told.localAddress()) && known.localPort().equals(told.localPort()));
    }

    /** @return whether an edge was deleted */
    boolean onDelEdge(MetaSession from, NodeName sender, MetaRequest.DelEdge del, String text, long nowNanos) {
        GossipItem.Key key = GossipItem.Key.edge(del.from(), del.to());
        if (mesh.seen.seen(text, nowNanos)) {
            mesh.announcements.heard(from, key, GossipItem.ABSENT);
            return false;
        }
        if (ignoredByTunnelServer(del.from(), sender) && ignoredByTunnelServer(del.to(), sender)) {
            return false;
        }
        Edge known = mesh.edges.get(del.from(), del.to());
        if (known == null) {
            mesh.announcements.heard(from, key, GossipItem.ABSENT);
            return false;
        }
        if (del.from().equals(mesh.self.name)) {
            contradictedDels++;
            from.send(Announcements.announce(nonce(), known));
            mesh.announcements.answered(from, key);
            return false;
        }
        mesh.edges.remove(del.from(), del.to());
        mesh.graphChanged = true;
        mesh.announcements.changed(key, text, from);
        return true;
    }

    void onKeyChanged(MetaSession from, MetaRequest.KeyChanged changed, String text, long nowNanos) {
        if (!mesh.seen.seen(text, nowNanos) && mesh.known(changed.node()) != null) {
            forward(from, text);
        }
    }
}
