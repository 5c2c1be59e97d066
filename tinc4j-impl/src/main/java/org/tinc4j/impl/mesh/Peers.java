package org.tinc4j.impl.mesh;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tinc4j.NodeName;
import org.tinc4j.Subnet;
import org.tinc4j.config.PeerSettings;

/** The configured peers. Confined to the control thread. */
final class Peers {

    private record Pin(Subnet subnet, NodeName owner) {}

    private final Map<NodeName, PeerSettings> byName = new TreeMap<>();
    private final List<Pin> pins = new ArrayList<>();

    Peers(Collection<PeerSettings> configured) {
        configured.forEach(this::put);
    }

    Optional<PeerSettings> get(NodeName name) {
        return Optional.ofNullable(byName.get(name));
    }

    Collection<PeerSettings> all() {
        return byName.values();
    }

    void put(PeerSettings peer) {
        remove(peer.name());
        byName.put(peer.name(), peer);
        for (Subnet subnet : peer.pinnedSubnets()) {
            pins.add(new Pin(subnet, peer.name()));
        }
    }

    PeerSettings remove(NodeName name) {
        pins.removeIf(pin -> pin.owner().equals(name));
        return byName.remove(name);
    }

    /** To whom else a range belongs by configuration; null when {@code owner} may announce it. */
    NodeName pinnedAgainst(NodeName owner, Subnet subnet) {
        NodeName other = null;
        for (Pin pin : pins) {
            if (pin.subnet().covers(subnet)) {
                if (pin.owner().equals(owner)) {
                    return null;
                }
                other = pin.owner();
            }
        }
        return other;
    }

    /** Whether the configuration lists exactly this range for a node, as StrictSubnets demands. */
    boolean lists(NodeName owner, Subnet subnet) {
        PeerSettings peer = byName.get(owner);
        return peer != null && peer.pinnedSubnets().stream().anyMatch(pinned -> pinned.covers(subnet) && subnet.covers(pinned));
    }
}
