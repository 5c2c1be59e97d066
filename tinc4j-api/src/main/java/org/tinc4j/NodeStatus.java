package org.tinc4j;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tinc4j.spi.DeviceInfo;

/**
 * A node and its mesh at one moment. Immutable.
 *
 * @param at when it was taken
 * @param network the mesh's name
 * @param name the node itself
 * @param listening where it listens, with real ports
 * @param device its packet device
 * @param nodes every known node, this one included, by name
 * @param edges every known edge, by name
 * @param connections its own meta connections
 * @param drops packets dropped so far, for each reason that occurred
 * @param capabilities what the system does for the data path, and why not the rest
 */
public record NodeStatus(
        Instant at,
        String network,
        NodeName name,
        List<InetSocketAddress> listening,
        DeviceInfo device,
        List<PeerStatus> nodes,
        List<Edge> edges,
        List<Connection> connections,
        Map<DropReason, Long> drops,
        Capabilities capabilities) {

    /** Copies the collections. */
    public NodeStatus {
        listening = List.copyOf(listening);
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
        connections = List.copyOf(connections);
        drops = Map.copyOf(drops);
    }

    /**
     * One node of the mesh.
     *
     * @param node its name
     * @return empty if the name is unknown here
     */
    public Optional<PeerStatus> node(String node) {
        return nodes.stream().filter(peer -> peer.name().value().equals(node)).findFirst();
    }

    /**
     * One node as seen from here.
     *
     * @param name its name
     * @param reachable whether a path of meta connections leads to it
     * @param nexthop the neighbour on the meta path
     * @param via the node that gets the UDP for it
     * @param path how packets travel
     * @param udpAddress its UDP address, confirmed or not
     * @param udpConfirmed whether a probe came back from that address
     * @param pmtuBytes largest record known to arrive by UDP; 0 when unknown; as in C tinc, packets travel so that are 14 bytes shorter
     * @param rtt last round trip measured by UDP probe
     * @param subnets what it owns
     * @param publicKey its key, where known
     * @param keysEstablished whether data keys with it exist
     * @param cipher how the tunnel with it is sealed; empty while there are no keys
     * @param counters packets to and from it
     */
    public record PeerStatus(
            NodeName name,
            boolean reachable,
            Optional<NodeName> nexthop,
            Optional<NodeName> via,
            PathKind path,
            Optional<InetSocketAddress> udpAddress,
            boolean udpConfirmed,
            int pmtuBytes,
            Optional<Duration> rtt,
            List<Subnet> subnets,
            Optional<NodePublicKey> publicKey,
            boolean keysEstablished,
            Optional<CipherSuite> cipher,
            Counters counters) {

        /** Copies the list. */
        public PeerStatus {
            subnets = List.copyOf(subnets);
        }
    }

    /**
     * A directed statement: {@code from} has a meta connection to {@code to}.
     *
     * @param from who says so
     * @param to to whom
     * @param address where {@code from} sees {@code to}, as announced
     * @param weight lower is preferred
     * @param options the options word of the protocol
     */
    public record Edge(NodeName from, NodeName to, String address, int weight, int options) {}

    /**
     * One of this node's meta connections.
     *
     * @param peer with whom, once known
     * @param address the peer's TCP address
     * @param dialled whether this node dialled
     * @param active whether the handshake is complete
     */
    public record Connection(Optional<NodeName> peer, InetSocketAddress address, boolean dialled, boolean active) {}

    /**
     * Inner packets and their bytes.
     *
     * @param packetsIn received and opened
     * @param bytesIn of those
     * @param packetsOut sealed and sent
     * @param bytesOut of those
     */
    public record Counters(long packetsIn, long bytesIn, long packetsOut, long bytesOut) {}
}
