package org.tinc4j.impl.mesh;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tinc4j.CipherSuite;
import org.tinc4j.NodeName;
import org.tinc4j.NodePublicKey;
import org.tinc4j.config.PeerSettings;
import org.tinc4j.event.TincEvent;
import org.tinc4j.impl.graph.Edge;
import org.tinc4j.impl.mesh.MeshShell.Level;
import org.tinc4j.impl.meta.MetaEvents;
import org.tinc4j.impl.meta.MetaSession;
import org.tinc4j.impl.meta.MetaSession.Origin;
import org.tinc4j.impl.wire.MetaRequest;

/**
 * The meta connections: who may come in, which of two survives, the edge each stands for, and its pings.
 *
 * <p>Confined to the control thread. Source: tinc meta protocol, ID, ACK, PING.
 */
final class Connections implements MetaEvents {

    private final MeshState mesh;
    private final Dialling dialling;
    private final Topology topology;
    private final Requests requests;
    private final ConnectionTerms terms;
    private final Map<MetaSession, Pinging> pinging = new HashMap<>();

    private static final class Pinging {
        final long activeNanos;
        long markNanos;
        boolean outstanding;

        Pinging(long nowNanos) {
            activeNanos = nowNanos;
            markNanos = nowNanos;
        }
    }

    Connections(
            MeshState mesh, Gossip gossip, Dialling dialling, Topology topology, KeyExchange keys, InfoRequests info) {
        this.mesh = mesh;
        this.dialling = dialling;
        this.topology = topology;
        this.terms = new ConnectionTerms(mesh);
        this.requests = new Requests(mesh, gossip, topology, keys, info, this);
    }

    /** How many have not proved who they are. */
    int unauthenticated() {
        int count = 0;
        for (MetaSession session : mesh.sessions.values()) {
            if (!session.active()) {
                count++;
            }
        }
        return count;
    }

    /** A TCP connection is there. */
    void open(int connection, Origin origin, NodeName peer, InetSocketAddress remote, InetSocketAddress local) {
        MetaSession session = new MetaSession(
                connection, origin, peer, remote, local, mesh.self.name, mesh.settings.key(), mesh.entropy, mesh.nowNanos, this);
        mesh.sessions.put(connection, session);
        session.start();
    }

    /** Tells that a connection ended, or could not be made. */
    void down(Optional<NodeName> peer, Optional<InetSocketAddress> address, String reason) {
        mesh.shell.log(
                Level.INFO,
                "connection with " + peer.map(NodeName::value).orElse("an unknown node")
                        + address.map(a -> " at " + a.getAddress().getHostAddress() + ":" + a.getPort()).orElse("")
                        + " ended: " + reason);
        mesh.shell.emit(at -> new TincEvent.ConnectionDown(at, peer, address, reason));
    }

    /** Ends a session and all that hung on it. */
    void end(MetaSession session, String reason) {
        NodeName peer = session.peer();
        String hint = session.handshaking() ? hint(peer) : "";
        Pinging ping = pinging.get(session);
        boolean served =
                ping != null && mesh.nowNanos - ping.activeNanos >= mesh.settings.timing().pingTimeout().toNanos();
        boolean wasActive = detach(session);
        if (wasActive) {
            withdrawEdgeToUs(peer);
        }
        if (peer != null) {
            dialling.failed(peer, reason + hint);
        }
        dialling.ended(session.id(), served ? Dialling.Ending.SERVED : Dialling.Ending.FAILED, mesh.nowNanos);
        down(Optional.ofNullable(peer), Optional.of(session.remote()), reason + hint);
    }

    /** A peer that refuses our SIG says nothing about it, it ends the connection or lets it rot. */
    private String hint(NodeName peer) {
        CipherSuite suite = suiteOf(peer);
        return suite == CipherSuite.CHACHA20_POLY1305
                ? ""
                : " during the handshake; " + peer + " must use " + suite.label() + " with this node too, or SPTPSCipher (Peer.cipher) be deleted here";
    }

    /** Takes a session out of every table, closes it, and withdraws the edge it stood for. */
    boolean detach(MetaSession session) {
        NodeName peerName = session.peer();
        boolean wasActive = pinging.remove(session) != null;
        mesh.sessions.remove(session.id());
        mesh.announcements.close(session);
        session.close();
        mesh.shell.close(session.id());
        MeshNode peer = wasActive ? mesh.known(peerName) : null;
        if (peer != null && peer.connection == session) {
            peer.connection = null;
            if (mesh.edges.remove(mesh.self.name, peerName) != null) {
                mesh.graphChanged = true;
                mesh.announcements.changed(GossipItem.Key.edge(mesh.self.name, peerName), null, null);
            }
        }
        return wasActive;
    }

    @Override
    public void write(MetaSession session, byte[] bytes) {
        mesh.shell.write(session.id(), bytes);
    }

    @Override
    public Optional<NodePublicKey> keyOf(NodeName peer) {
        return mesh.peers.get(peer).flatMap(PeerSettings::publicKey);
    }

    /** There is nothing in clear text before the handshake to agree with, so without configuration it is what every node speaks. */
    @Override
    public CipherSuite suiteOf(NodeName peer) {
        return mesh.peers.get(peer).flatMap(PeerSettings::cipher).orElse(CipherSuite.CHACHA20_POLY1305);
    }

    /**
     * Two connections with one peer, each dialled by the other side, would close each other if both sides preferred their own. The one
     * dialled by the smaller name survives: both sides reckon the same, before either has sent its ACK.
     */
    @Override
    public Optional<MetaRequest.Ack> authenticated(MetaSession session, NodeName peer) {
        for (MetaSession other : mesh.sessions.values()) {
            if (peer.equals(other.peer()) && other.peerMinor() > 0 && yieldsTo(session, other, peer)) {
                return Optional.empty();
            }
        }
        return Optional.of(terms.offer(session, peer, mesh.nowNanos));
    }

    /** Whether {@code session} is the one to give up of two that were made at the same time. */
    private boolean yieldsTo(MetaSession session, MetaSession other, NodeName peer) {
        boolean dialledBySmaller = session.origin() == Origin.DIALLED == (mesh.self.name.compareTo(peer) < 0);
        return !dialledBySmaller && other.origin() != session.origin() && (!other.active() || isYoung(other));
    }

    private boolean isYoung(MetaSession session) {
        return mesh.nowNanos - session.openedNanos() < mesh.settings.timing().pingTimeout().toNanos();
    }

    @Override
    public void activated(MetaSession session, NodeName peerName, MetaRequest.Ack ack) {
        Optional<MeshNode> found = mesh.node(peerName);
        if (found.isEmpty()) {
            end(session, "too many nodes are known");
            return;
        }
        MeshNode peer = found.get();
        if (peer.connection != null && yieldsTo(session, peer.connection, peerName)) {
            // Both ACKs were under way before either side knew of both connections.
            end(session, "another connection with " + peerName + " is kept instead");
            return;
        }
        if (peer.connection != null) {
            end(peer.connection, "replaced by a newer connection");
            topology.settle();
        }
        peer.connection = session;
        Pinging ping = new Pinging(mesh.nowNanos);
        pinging.put(session, ping);
        mesh.shell.emit(at ->
                new TincEvent.ConnectionUp(at, peerName, session.remote(), session.origin() == Origin.DIALLED));
        mesh.shell.log(Level.INFO, "connection with " + peerName + " at " + session.remote() + " is active");

        mesh.announcements.open(session);
        Edge edge = terms.edge(session, peerName, ack, mesh.nowNanos);
        mesh.edges.put(edge);
        mesh.graphChanged = true;
        mesh.announcements.changed(GossipItem.Key.edge(mesh.self.name, peerName), null, null);
        // An early PING: its PONG proves the connection works both ways, which resets the back-off.
        ping.outstanding = true;
        session.send(new MetaRequest.Ping());
    }

    /** "If to became unreachable and we still hold an edge from to to us, flood a DEL_EDGE for that one and delete it." */
    void withdrawEdgeToUs(NodeName to) {
        Edge back = mesh.edges.get(to, mesh.self.name);
        if (back == null) {
            return;
        }
        topology.settle();
        MeshNode node = mesh.known(to);
        if (node != null && !node.reachable() && mesh.edges.remove(to, mesh.self.name) != null) {
            mesh.graphChanged = true;
            mesh.announcements.changed(GossipItem.Key.edge(to, mesh.self.name), null, null);
        }
    }

    /** Ends whatever connects us with a node. */
    void endConnection(MeshNode node, String reason) {
        if (node.connection != null) {
            end(node.connection, reason);
        }
        for (MetaSession session : List.copyOf(mesh.sessions.values())) {
            if (node.name.equals(session.peer())) {
                end(session, reason);
            }
        }
    }

    /** Ends every connection. */
    void endAll(String reason) {
        for (MetaSession session : List.copyOf(mesh.sessions.values())) {
            end(session, reason);
        }
    }

    /** Ends those that took too long, pings those that are due. */
    void tick() {
        long timeout = mesh.settings.timing().pingTimeout().toNanos();
        long interval = mesh.settings.timing().pingInterval().toNanos();
        for (MetaSession session : List.copyOf(mesh.sessions.values())) {
            Pinging ping = pinging.get(session);
            if (ping == null) {
                if (mesh.nowNanos - session.openedNanos() >= timeout) {
                    end(session, "no handshake within " + mesh.settings.timing().pingTimeout().toSeconds() + " s");
                }
            } else if (mesh.nowNanos - ping.markNanos >= timeout) {
                if (ping.outstanding) {
                    end(session, "no answer to PING within " + mesh.settings.timing().pingTimeout().toSeconds() + " s");
                } else if (mesh.nowNanos - ping.markNanos >= interval) {
                    ping.markNanos = mesh.nowNanos;
                    ping.outstanding = true;
                    session.send(new MetaRequest.Ping());
                }
            }
        }
    }

    /** An answer to our PING. */
    void answered(MetaSession session) {
        Pinging ping = pinging.get(session);
        if (ping != null) {
            ping.outstanding = false;
        }
        dialling.succeeded(session.id());
    }

    @Override
    public void request(MetaSession session, NodeName peer, MetaRequest request, String text) {
        requests.request(session, peer, request, text);
    }

    @Override
    public void packet(MetaSession session, NodeName peer, byte[] frame) {
        requests.packet(peer, frame);
    }

    @Override
    public void sealedPacket(MetaSession session, NodeName peer, byte[] packet) {
        requests.sealedPacket(peer, packet);
    }

    @Override
    public void failed(MetaSession session, String reason) {
        end(session, reason);
    }
}
