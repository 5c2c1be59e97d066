package org.tinc4j.config;

import java.util.List;
import org.tinc4j.Broadcast;
import org.tinc4j.Forwarding;
import org.tinc4j.Subnet;

/**
 * How packets and mesh information are passed on.
 *
 * @param forwarding what happens to packets between other nodes; {@link Forwarding#INTERNAL}
 * @param broadcast how broadcast packets travel; {@link Broadcast#SPANNING_TREE}
 * @param broadcastSubnets ranges treated as broadcast beyond the standard ones; none
 * @param decrementTtl whether forwarding counts as a hop; no
 * @param directOnly whether packets that would need a relay are refused; no
 * @param verifySource whether a node may only send from addresses in its own subnets; yes, though C tinc does not check
 * @param strictSubnets whether only subnets pinned on the peer are accepted; no
 * @param tunnelServer whether nothing is passed on between peers; no; implies {@code strictSubnets}
 * @param priorityInheritance whether the UDP datagram that carries a packet has the packet's DSCP, so that routers on the way treat it as
 *     they would the packet, and whoever watches sees it; no. The ECN bits stay zero, since nothing would bring a congestion mark back into
 *     the packet (RFC 6040, compatibility mode). Needs {@code tinc4j-linux}, elsewhere it has no effect
 */
public record RoutingOptions(
        Forwarding forwarding,
        Broadcast broadcast,
        List<Subnet> broadcastSubnets,
        boolean decrementTtl,
        boolean directOnly,
        boolean verifySource,
        boolean strictSubnets,
        boolean tunnelServer,
        boolean priorityInheritance) {

    /** C tinc's defaults. */
    public static final RoutingOptions DEFAULT =
            new RoutingOptions(Forwarding.INTERNAL, Broadcast.SPANNING_TREE, List.of(), false, false, true, false, false, false);

    /** Copies the list. */
    public RoutingOptions {
        broadcastSubnets = List.copyOf(broadcastSubnets);
    }
}
