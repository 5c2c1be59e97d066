package org.tinc4j.daemon;

import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.tinc4j.NodeName;
import org.tinc4j.Subnet;
import org.tinc4j.event.TincEvent;
import org.tinc4j.event.TincListener;

/**
 * Which script runs when.
 *
 * <pre>
 * start                 tinc-up, subnet-up of each own subnet
 * a node is reachable   host-up, hosts/NODE-up, subnet-up of each of its subnets
 * it no longer is       host-down, hosts/NODE-down, subnet-down of each of its subnets
 * stop                  the last line for every reachable node, subnet-down of each own subnet, tinc-down
 * </pre>
 *
 * <p>With {@code DeviceStandby} the first line waits for the first reachable node, and what undoes it follows the last.
 *
 * <p><b>Threads.</b> One thread for all: scripts run on the caller's, so that each ends before the next begins.
 *
 * <p><b>Source.</b> tinc manual, chapter "Scripts"; order and variables as observed with tincd 1.1.
 */
final class MeshScripts implements TincListener {

    /** When the device is up in the eyes of the scripts. */
    enum DeviceUse {
        /** From start to stop. */
        ALWAYS,
        /** While at least one other node is reachable. */
        WHILE_OTHERS_ARE_REACHABLE
    }

    private final NodeName self;
    private final DeviceUse use;
    private final Logger log;
    private Scripts scripts;
    private final SortedSet<Subnet> ownSubnets;
    private final Map<NodeName, ReachableNode> reachable = new LinkedHashMap<>();
    private boolean deviceUp;
    private boolean stopped;

    /** Another node, as the scripts have been told. */
    private record ReachableNode(NodeName name, Optional<InetSocketAddress> address, SortedSet<Subnet> subnets) {}

    MeshScripts(NodeName self, Collection<Subnet> ownSubnets, DeviceUse use, Scripts scripts, Logger log) {
        this.self = self;
        this.ownSubnets = new TreeSet<>(ownSubnets);
        this.use = use;
        this.scripts = scripts;
        this.log = log;
    }

    /** Runs the scripts by other settings from now on. */
    void use(Scripts changed) {
        scripts = changed;
    }

    /** The device is open. */
    void start() {
        if (use == DeviceUse.ALWAYS) {
            up();
        }
    }

    /** The device is about to be closed. Later events are ignored. */
    void stop() {
        List.copyOf(reachable.values()).forEach(this::unreachable);
        down();
        stopped = true;
    }

    @Override
    public void onEvent(TincEvent event) {
        if (stopped) {
            return;
        }
        switch (event) {
            case TincEvent.NodeReachable up -> reachable(up.node(), up.address());
            case TincEvent.NodeUnreachable gone -> Optional.ofNullable(reachable.get(gone.node())).ifPresent(this::unreachable);
            case TincEvent.SubnetAdded added -> added(added.owner(), added.subnet());
            case TincEvent.SubnetRemoved removed -> removed(removed.owner(), removed.subnet());
            case TincEvent.EventsLost lost -> log.warn("no script was run for {} events: the scripts are slower than the mesh", lost.count());
            default -> {
                // No script belongs to any other event, nor to one that a later version adds.
            }
        }
    }

    private void up() {
        if (!deviceUp) {
            deviceUp = true;
            run("tinc-up", Map.of());
            ownSubnets.forEach(subnet -> own("subnet-up", subnet));
        }
    }

    private void down() {
        if (deviceUp) {
            deviceUp = false;
            ownSubnets.forEach(subnet -> own("subnet-down", subnet));
            run("tinc-down", Map.of());
        }
    }

    private void reachable(NodeName name, Optional<InetSocketAddress> address) {
        if (reachable.containsKey(name)) {
            return;
        }
        ReachableNode node = new ReachableNode(name, address, new TreeSet<>());
        reachable.put(name, node);
        up();
        run("host-up", about(node));
        run("hosts/" + name + "-up", about(node));
    }

    private void unreachable(ReachableNode node) {
        reachable.remove(node.name());
        run("host-down", about(node));
        run("hosts/" + node.name() + "-down", about(node));
        node.subnets().forEach(subnet -> run("subnet-down", about(node, subnet)));
        if (use == DeviceUse.WHILE_OTHERS_ARE_REACHABLE && reachable.isEmpty()) {
            down();
        }
    }

    private void added(NodeName owner, Subnet subnet) {
        ReachableNode node = reachable.get(owner);
        if (owner.equals(self)) {
            if (ownSubnets.add(subnet) && deviceUp) {
                own("subnet-up", subnet);
            }
        } else if (node != null && node.subnets().add(subnet)) {
            run("subnet-up", about(node, subnet));
        }
    }

    private void removed(NodeName owner, Subnet subnet) {
        ReachableNode node = reachable.get(owner);
        if (owner.equals(self)) {
            if (ownSubnets.remove(subnet) && deviceUp) {
                own("subnet-down", subnet);
            }
        } else if (node != null && node.subnets().remove(subnet)) {
            run("subnet-down", about(node, subnet));
        }
    }

    private void own(String script, Subnet subnet) {
        Map<String, String> variables = new TreeMap<>(Map.of("NODE", self.value()));
        variables.putAll(about(subnet));
        run(script, variables);
    }

    private static Map<String, String> about(ReachableNode node) {
        Map<String, String> variables = new TreeMap<>(Map.of("NODE", node.name().value()));
        node.address().ifPresent(address -> {
            // A subnet of one host prints as the short form of RFC 5952, as C tinc has it.
            variables.put("REMOTEADDRESS", Subnet.host(address.getAddress()).toString());
            variables.put("REMOTEPORT", Integer.toString(address.getPort()));
        });
        return variables;
    }

    private static Map<String, String> about(ReachableNode node, Subnet subnet) {
        Map<String, String> variables = about(node);
        variables.putAll(about(subnet));
        return variables;
    }

    private static Map<String, String> about(Subnet subnet) {
        String text = subnet.toString();
        int hash = text.indexOf('#');
        return Map.of(
                "SUBNET", hash < 0 ? text : text.substring(0, hash),
                "WEIGHT", hash < 0 ? "" : text.substring(hash + 1));
    }

    private void run(String script, Map<String, String> variables) {
        try {
            scripts.run(script, variables);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            log.warn("script {} was interrupted", script);
        }
    }
}
