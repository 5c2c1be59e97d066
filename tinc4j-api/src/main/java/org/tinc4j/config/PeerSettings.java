package org.tinc4j.config;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.tinc4j.CipherSuite;
import org.tinc4j.Endpoint;
import org.tinc4j.NodeName;
import org.tinc4j.NodePublicKey;
import org.tinc4j.Subnet;

/**
 * What a node knows about a peer beforehand.
 *
 * @param name the peer
 * @param publicKey its key; without one it can neither be dialled nor accepted, only met through others
 * @param endpoints where to dial it, in this order
 * @param dial whether to keep a meta connection to it; else it is only accepted
 * @param pinnedSubnets ranges only this peer may announce; what another node announces inside them is refused. With
 *     {@link RoutingOptions#strictSubnets()} they are instead exactly the ranges that are accepted from it
 * @param indirectData whether it is contacted only over meta connections
 * @param tcpOnly whether no UDP is used with it
 * @param clampMss overrides the node's own setting
 * @param pmtuDiscovery overrides the node's own setting
 * @param pmtuBytes upper limit of the path MTU to it
 * @param weight weight of the meta connection with it
 * @param cipher how everything is sealed that goes to and from it; empty agrees on the tunnel with it by itself, see
 *     {@link org.tinc4j.Peer#cipher}
 */
public record PeerSettings(
        NodeName name,
        Optional<NodePublicKey> publicKey,
        List<Endpoint> endpoints,
        boolean dial,
        List<Subnet> pinnedSubnets,
        boolean indirectData,
        boolean tcpOnly,
        Optional<Boolean> clampMss,
        Optional<Boolean> pmtuDiscovery,
        OptionalInt pmtuBytes,
        OptionalInt weight,
        Optional<CipherSuite> cipher) {

    /** Copies the lists. */
    public PeerSettings {
        endpoints = List.copyOf(endpoints);
        pinnedSubnets = List.copyOf(pinnedSubnets);
    }
}
