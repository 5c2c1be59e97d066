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
 */
public record RoutingOptions(
        Forwarding forwarding,
        Broadcast broadcast,
        List<Subnet> broadcastSubnets,
        boolean decrementTtl,
        boolean directOnly,
        boolean verifySource,
        boolean strictSubnets,
        boolean tunnelServer) {

    /** C tinc's defaults. */
    public static final RoutingOptions DEFAULT =
            new RoutingOptions(Forwarding.INTERNAL, Broadcast.SPANNING_TREE, List.of(), false, false, true, false, false);

    /** Copies the list. */
    public RoutingOptions {
        broadcastSubnets = List.copyOf(broadcastSubnets);
    }
}
