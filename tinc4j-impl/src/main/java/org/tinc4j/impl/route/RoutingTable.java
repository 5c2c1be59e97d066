package org.tinc4j.impl.route;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tinc4j.NodeName;
import org.tinc4j.impl.graph.SubnetTable;

/**
 * The mesh as the data path needs it, published by the control thread after every change and read once per batch. Immutable, but for the tunnels and
 * confirmed addresses it leads to.
 */
public final class RoutingTable {

    private final int self;
    private final NodeRoute[] nodes;
    private final SubnetTable subnets;
    private final int[] treeNeighbours;
    private final Map<NodeName, NodeRoute> byName;
    private final ConfirmedAddresses confirmed;

    /** Open addressing: ids are bits of a hash already, and a look-up boxes nothing. A free slot is null. */
    private final NodeRoute[] byId;

    /**
     * A snapshot.
     *
     * @param self index of this node
     * @param nodes every known node
     * @param subnets who owns what
     * @param treeNeighbours indexes of the neighbours that broadcasts go to
     * @param confirmed who answers at which UDP address
     */
    public RoutingTable(
            int self, List<NodeRoute> nodes, SubnetTable subnets, int[] treeNeighbours, ConfirmedAddresses confirmed) {
        this.self = self;
        this.nodes = nodes.toArray(NodeRoute[]::new);
        this.subnets = subnets;
        this.treeNeighbours = treeNeighbours.clone();
        this.byName = HashMap.newHashMap(nodes.size());
        this.confirmed = confirmed;
        this.byId = new NodeRoute[Integer.highestOneBit(Math.max(1, nodes.size())) * 4];
        for (NodeRoute node : nodes) {
            byName.put(node.name(), node);
            byId[slot(node.tunnel().id())] = node;
        }
    }

    public NodeRoute self() {
        return nodes[self];
    }

    public NodeRoute node(int index) {
        return nodes[index];
    }

    /** How many nodes are known. */
    public int size() {
        return nodes.length;
    }

    /** The node of a name; null when unknown. */
    public NodeRoute named(NodeName name) {
        return byName.get(name);
    }

    /** The node of a 48-bit id; null when unknown. */
    public NodeRoute identified(long id) {
        return byId[slot(id)];
    }

    /** Where the node of an id is, or would be. At least half of the slots are free. */
    private int slot(long id) {
        int at = (int) id & byId.length - 1;
        while (byId[at] != null && byId[at].tunnel().id() != id) {
            at = at + 1 & byId.length - 1;
        }
        return at;
    }

    /** The reachable node whose confirmed UDP address this is; null when there is none. */
    public NodeRoute confirmedAt(InetSocketAddress address) {
        Tunnel tunnel = confirmed.at(address);
        NodeRoute node = tunnel == null ? null : identified(tunnel.id());
        return node != null && node.tunnel() == tunnel && node.reachable() ? node : null;
    }

    public SubnetTable subnets() {
        return subnets;
    }

    /** How many neighbours broadcasts go to. */
    public int treeNeighbourCount() {
        return treeNeighbours.length;
    }

    public NodeRoute treeNeighbour(int i) {
        return nodes[treeNeighbours[i]];
    }

    /** The neighbour on the meta path to a reachable node. */
    public NodeRoute nexthopOf(NodeRoute node) {
        return nodes[node.nexthop()];
    }

    /** The node that gets the UDP for a reachable one: its static relay or itself; the neighbour where it may not be contacted. */
    public NodeRoute udpNodeOf(NodeRoute node) {
        return node.via() == self ? nodes[node.nexthop()] : nodes[node.via()];
    }

    /** Whether this node has an active meta connection with it. */
    public boolean isNeighbour(NodeRoute node) {
        return node.nexthop() >= 0 && nodes[node.nexthop()] == node && node != nodes[self];
    }
}
