package org.tinc4j.impl.sockets;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tinc4j.NodeName;
import org.tinc4j.Subnet;
import org.tinc4j.impl.graph.SubnetTable;
import org.tinc4j.impl.route.ConfirmedAddresses;
import org.tinc4j.impl.route.NodeRoute;
import org.tinc4j.impl.route.RoutingTable;
import org.tinc4j.impl.route.Tunnel;

/** Routing tables of made-up meshes. */
final class Tables {

    private Tables() {}

    /** All reachable; the first is this node. */
    static RoutingTable of(List<Map.Entry<String, List<String>>> nodes) {
        List<NodeRoute> routes = new ArrayList<>();
        List<SubnetTable.Entry> entries = new ArrayList<>(SubnetTable.standardBroadcast());
        for (int i = 0; i < nodes.size(); i++) {
            NodeName name = new NodeName(nodes.get(i).getKey());
            List<Subnet> subnets = nodes.get(i).getValue().stream().map(Subnet::parse).toList();
            routes.add(new NodeRoute(name, new Tunnel(name, i + 1), true, 0, i, 0, subnets));
            for (Subnet subnet : subnets) {
                entries.add(new SubnetTable.Entry(subnet, name, i, true));
            }
        }
        return new RoutingTable(0, routes, SubnetTable.of(entries), new int[0], new ConfirmedAddresses());
    }
}
