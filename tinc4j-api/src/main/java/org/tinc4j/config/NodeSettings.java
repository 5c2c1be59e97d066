package org.tinc4j.config;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.tinc4j.Device;
import org.tinc4j.NodeKey;
import org.tinc4j.NodeName;
import org.tinc4j.Subnet;
import org.tinc4j.event.TincListener;
import org.tinc4j.net.Access;

/**
 * Everything a node is started with; what {@link org.tinc4j.Tinc.Builder} makes, already validated. Immutable.
 *
 * @param network name of the mesh, for logs and thread names
 * @param name the node's own name
 * @param key its identity
 * @param subnets ranges it announces
 * @param listen addresses to listen on, TCP and UDP; port 0 is any free port; none listens on all addresses at any free port
 * @param device where inner packets come from and go to
 * @param peers what is known of others
 * @param timing intervals
 * @param routing how packets and mesh information are passed on
 * @param link how it talks to the outside world
 * @param dataPath how packets move through this machine
 * @param access who of the mesh may reach what on this node, to begin with
 * @param listeners told of every event from the start on
 * @param executor runs embedder callbacks; empty is one virtual thread of the node's own
 * @param logger where the node logs
 */
public record NodeSettings(
        String network,
        NodeName name,
        NodeKey key,
        List<Subnet> subnets,
        List<InetSocketAddress> listen,
        Device device,
        List<PeerSettings> peers,
        Timing timing,
        RoutingOptions routing,
        LinkOptions link,
        DataPathOptions dataPath,
        Access access,
        List<TincListener> listeners,
        Optional<Executor> executor,
        Logger logger) {

    /** Copies the lists. */
    public NodeSettings {
        subnets = List.copyOf(subnets);
        listen = List.copyOf(listen);
        peers = List.copyOf(peers);
        listeners = List.copyOf(listeners);
    }
}
