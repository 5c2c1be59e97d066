package org.tinc4j.impl.route;

import java.util.List;
import org.tinc4j.NodeName;
import org.tinc4j.Subnet;

/**
 * What routing needs to know of one node. Immutable; indexes point into the same {@link RoutingTable}.
 *
 * @param name the node
 * @param tunnel keys and path to it
 * @param reachable whether a path of edges leads to it
 * @param nexthop index of the neighbour on the meta path; -1 when unreachable
 * @param via index of the node that gets the UDP for it; index of this node itself means "use nexthop"
 * @param options options word of the last edge on the path
 * @param subnets what it owns
 */
public record NodeRoute(
        NodeName name, Tunnel tunnel, boolean reachable, int nexthop, int via, int options, List<Subnet> subnets) {

    /** Copies the list. */
    public NodeRoute {
        subnets = List.copyOf(subnets);
    }

    /** Whether an address is in one of its subnets. */
    public boolean owns(byte[] address) {
        for (Subnet subnet : subnets) {
            if (subnet.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
