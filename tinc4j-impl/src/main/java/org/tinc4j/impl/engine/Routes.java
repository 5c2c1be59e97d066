package org.tinc4j.impl.engine;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.tinc4j.NodeName;
import org.tinc4j.Subnet;
import org.tinc4j.event.TincEvent;
import org.tinc4j.event.TincListener;
import org.tinc4j.spi.RouteTable;

/**
 * Keeps the host's routes in step with the subnets of reachable nodes. Called in order, one event at a time.
 *
 * <p>Two owners of one prefix are one route.
 */
final class Routes implements TincListener {

    private final NodeName self;
    private final RouteTable table;
    private final Logger log;
    private final Map<Subnet, Set<NodeName>> owners = new HashMap<>();

    Routes(NodeName self, RouteTable table, Logger log) {
        this.self = self;
        this.table = table;
        this.log = log;
    }

    @Override
    public void onEvent(TincEvent event) {
        try {
            if (event instanceof TincEvent.SubnetAdded added) {
                add(added.owner(), added.subnet());
            } else if (event instanceof TincEvent.SubnetRemoved removed) {
                remove(removed.owner(), removed.subnet());
            }
        } catch (IOException e) {
            log.warn("host route not changed: {}", e.getMessage());
        }
    }

    private static Subnet prefix(Subnet subnet) {
        String text = subnet.masked().toString();
        int hash = text.indexOf('#');
        return Subnet.parse(hash < 0 ? text : text.substring(0, hash));
    }

    private void add(NodeName owner, Subnet subnet) throws IOException {
        if (owner.equals(self) || subnet.kind() == Subnet.Kind.MAC) {
            return;
        }
        Subnet prefix = prefix(subnet);
        Set<NodeName> known = owners.computeIfAbsent(prefix, key -> new HashSet<>());
        if (known.isEmpty()) {
            // Remembered only once it is there: the next announcement tries again.
            table.add(prefix);
        }
        known.add(owner);
    }

    private void remove(NodeName owner, Subnet subnet) throws IOException {
        if (subnet.kind() == Subnet.Kind.MAC) {
            return;
        }
        Subnet prefix = prefix(subnet);
        Set<NodeName> known = owners.get(prefix);
        if (known != null && known.remove(owner) && known.isEmpty()) {
            owners.remove(prefix);
            table.remove(prefix);
        }
    }
}
