package org.tinc4j.impl.mesh;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.OptionalInt;
import org.tinc4j.NodeName;
import org.tinc4j.config.PeerSettings;
import org.tinc4j.impl.graph.Edge;
import org.tinc4j.impl.graph.Options;
import org.tinc4j.impl.meta.MetaSession;
import org.tinc4j.impl.wire.MetaRequest;

/**
 * What two neighbours agree on when they connect: weight and options, offered in ACK, and the edge that comes of it. Confined to the control
 * thread. Source: tinc meta protocol, ACK.
 */
final class ConnectionTerms {

    private static final long NANOS_PER_MILLISECOND = 1_000_000;

    private final MeshState mesh;

    ConnectionTerms(MeshState mesh) {
        this.mesh = mesh;
    }

    /** Our ACK. */
    MetaRequest.Ack offer(MetaSession session, NodeName peer, long nowNanos) {
        return new MetaRequest.Ack(
                mesh.udpPort, weight(session, peer, nowNanos), ownOptions(peer) | MetaSession.MINOR << 24);
    }

    /** The edge to the peer, by its ACK. */
    Edge edge(MetaSession session, NodeName peer, MetaRequest.Ack ack, long nowNanos) {
        InetSocketAddress address = new InetSocketAddress(session.remote().getAddress(), ack.udpPort());
        InetSocketAddress local = new InetSocketAddress(session.local().getAddress(), mesh.udpPort);
        return new Edge(
                mesh.self.name,
                peer,
                NumericAddress.text(address),
                NumericAddress.portText(address),
                combine(peer, ack.options()),
                (int) (((long) ack.weight() + weight(session, peer, nowNanos)) / 2),
                NumericAddress.text(local),
                NumericAddress.portText(local));
    }

    /** "Milliseconds from sending our ID until now, or the configured Weight (host file of the peer first)." */
    private int weight(MetaSession session, NodeName peer, long nowNanos) {
        long measured = (nowNanos - session.openedNanos()) / NANOS_PER_MILLISECOND;
        return mesh.peers
                .get(peer)
                .map(PeerSettings::weight)
                .filter(OptionalInt::isPresent)
                .orElse(mesh.settings.link().weight())
                .orElse((int) Math.min(measured, Integer.MAX_VALUE));
    }

    private int ownOptions(NodeName peerName) {
        Optional<PeerSettings> peer = mesh.peers.get(peerName);
        boolean tcpOnly = mesh.settings.link().tcpOnly() || peer.map(PeerSettings::tcpOnly).orElse(false);
        boolean indirect =
                tcpOnly || mesh.settings.link().indirectData() || peer.map(PeerSettings::indirectData).orElse(false);
        boolean pmtu = !tcpOnly
                && peer.flatMap(PeerSettings::pmtuDiscovery).orElse(mesh.settings.link().pmtuDiscovery());
        boolean clamp = peer.flatMap(PeerSettings::clampMss).orElse(mesh.settings.link().clampMss());
        return (indirect ? Options.INDIRECT : 0)
                | (tcpOnly ? Options.TCP_ONLY : 0)
                | (pmtu ? Options.PMTU_DISCOVERY : 0)
                | (clamp ? Options.CLAMP_MSS : 0);
    }

    /** "If not both sides set PMTU_DISCOVERY, clear it on both; then OR everything together." */
    private int combine(NodeName peer, int theirs) {
        int ours = ownOptions(peer);
        if ((ours & theirs & Options.PMTU_DISCOVERY) == 0) {
            ours &= ~Options.PMTU_DISCOVERY;
            theirs &= ~Options.PMTU_DISCOVERY;
        }
        int both = ours | theirs;
        Optional<Boolean> clamp = mesh.peers.get(peer).flatMap(PeerSettings::clampMss);
        if (clamp.isPresent()) {
            both = clamp.get() ? both | Options.CLAMP_MSS : both & ~Options.CLAMP_MSS;
        }
        return both;
    }
}
