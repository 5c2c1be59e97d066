package org.tinc4j.daemon;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.tinc4j.NodeName;
import org.tinc4j.Subnet;
import org.tinc4j.TincNode;
import org.tinc4j.config.NodeSettings;
import org.tinc4j.config.PeerSettings;

/**
 * What a running node has to be told after its configuration was read again.
 *
 * @param forgotten peers that are gone
 * @param put peers that are new or changed
 * @param withdrawn own subnets that are gone
 * @param announced own subnets that are new
 */
record Changes(List<NodeName> forgotten, List<PeerSettings> put, List<Subnet> withdrawn, List<Subnet> announced) {

    /**
     * From one configuration to the next.
     *
     * @param before what the node knows
     * @param after what it shall know
     */
    static Changes between(NodeSettings before, NodeSettings after) {
        Map<NodeName, PeerSettings> gone = new HashMap<>();
        before.peers().forEach(peer -> gone.put(peer.name(), peer));
        List<PeerSettings> put = new ArrayList<>();
        for (PeerSettings peer : after.peers()) {
            PeerSettings known = gone.remove(peer.name());
            if (!peer.equals(known)) {
                put.add(peer);
            }
        }
        return new Changes(
                gone.keySet().stream().sorted().toList(),
                put,
                before.subnets().stream().filter(subnet -> !after.subnets().contains(subnet)).toList(),
                after.subnets().stream().filter(subnet -> !before.subnets().contains(subnet)).toList());
    }

    /**
     * Which parts of a configuration a running node cannot take over.
     *
     * @param started what it was started with
     * @param after the configuration now
     * @return in the words of the settings; empty if there are none
     */
    static List<String> needingRestart(NodeSettings started, NodeSettings after) {
        List<String> parts = new ArrayList<>();
        compare("Ed25519PrivateKeyFile", started, after, settings -> settings.key().publicKey(), parts);
        compare("Port, ListenAddress or BindToAddress", started, after, NodeSettings::listen, parts);
        compare("Interface or DeviceType", started, after, NodeSettings::device, parts);
        compare("an interval (Ping..., UDP..., KeyExpire, MaxTimeout)", started, after, NodeSettings::timing, parts);
        compare("a routing variable (Forwarding, Broadcast, StrictSubnets and the like)", started, after, NodeSettings::routing, parts);
        compare("a link variable (AddressFamily, TCPOnly, PMTU and the like)", started, after, NodeSettings::link, parts);
        return parts;
    }

    private static void compare(
            String what, NodeSettings started, NodeSettings after, Function<NodeSettings, Object> part, List<String> parts) {
        if (!Objects.equals(part.apply(started), part.apply(after))) {
            parts.add(what);
        }
    }

    /** Tells a node. */
    void applyTo(TincNode node) throws IOException {
        for (NodeName peer : forgotten) {
            node.removePeer(peer.value());
        }
        for (PeerSettings peer : put) {
            node.addPeer(peer);
        }
        for (Subnet subnet : withdrawn) {
            node.removeSubnet(subnet);
        }
        for (Subnet subnet : announced) {
            node.addSubnet(subnet);
        }
    }

    /** For a log line. */
    @Override
    public String toString() {
        return "peers gone " + forgotten + ", peers new or changed " + put.stream().map(PeerSettings::name).toList()
                + ", own subnets gone " + withdrawn + ", new " + announced;
    }
}
