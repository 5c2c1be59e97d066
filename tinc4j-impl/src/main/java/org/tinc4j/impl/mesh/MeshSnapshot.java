package org.tinc4j.impl.mesh;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tinc4j.Capabilities;
import org.tinc4j.DropReason;
import org.tinc4j.NodeName;
import org.tinc4j.NodeStatus;
import org.tinc4j.PathKind;
import org.tinc4j.impl.meta.MetaSession.Origin;
import org.tinc4j.spi.DeviceInfo;

/** Makes the public picture of a mesh. Control thread. */
public final class MeshSnapshot {

    private MeshSnapshot() {}

    /** The mesh now, with what the machine itself does not know. */
    public static NodeStatus of(
            Mesh machine,
            Instant at,
            List<InetSocketAddress> listening,
            DeviceInfo device,
            Map<DropReason, Long> drops,
            Capabilities capabilities) {
        MeshState mesh = machine.state();
        return new NodeStatus(
                at,
                mesh.settings.network(),
                mesh.self.name,
                listening,
                device,
                mesh.nodes.values().stream().map(node -> peer(mesh, node)).toList(),
                mesh.edges.all().stream()
                        .map(edge -> new NodeStatus.Edge(
                                edge.from(), edge.to(), printable(edge.address() + " port " + edge.port()), edge.weight(), edge.options()))
                        .toList(),
                mesh.sessions.values().stream()
                        .map(session -> new NodeStatus.Connection(
                                Optional.ofNullable(session.peer()),
                                session.remote(),
                                session.origin() == Origin.DIALLED,
                                session.active()))
                        .toList(),
                drops,
                capabilities);
    }

    /** An edge carries whatever text its owner sent. */
    private static String printable(String text) {
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }

    private static NodeStatus.PeerStatus peer(MeshState mesh, MeshNode node) {
        Optional<NodeName> nexthop = Optional.ofNullable(node.route).map(route -> route.nexthop());
        MeshNode via = mesh.udpNode(node);
        return new NodeStatus.PeerStatus(
                node.name,
                node.reachable(),
                nexthop,
                Optional.ofNullable(via).map(relay -> relay.name),
                kind(mesh, node),
                Optional.ofNullable(node.path.address()),
                node.path.confirmed(),
                node.path.min(),
                node.path.rttNanos() < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(node.path.rttNanos())),
                List.copyOf(node.subnets),
                Optional.ofNullable(node.key),
                node.established(),
                node.established() ? Optional.of(node.keys.session.suite()) : Optional.empty(),
                new NodeStatus.Counters(
                        node.tunnel.packetsIn(), node.tunnel.bytesIn(), node.tunnel.packetsOut(), node.tunnel.bytesOut()));
    }

    private static PathKind kind(MeshState mesh, MeshNode node) {
        if (node == mesh.self) {
            return PathKind.SELF;
        }
        if (!node.reachable()) {
            return PathKind.UNREACHABLE;
        }
        MeshNode via = mesh.udpNode(node);
        if (via == node && node.path.min() > 0) {
            return PathKind.DIRECT;
        }
        MeshNode relay = via != node && via.path.min() > 0 ? via : mesh.nexthop(node);
        return relay != node && relay.path.min() > 0 ? PathKind.RELAYED : PathKind.TCP;
    }
}
