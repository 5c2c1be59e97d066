package org.tinc4j.impl.mesh;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.tinc4j.Forwarding;
import org.tinc4j.NodeName;
import org.tinc4j.NodePublicKey;
import org.tinc4j.Subnet;
import org.tinc4j.config.NodeSettings;
import org.tinc4j.config.PeerSettings;
import org.tinc4j.config.RoutingOptions;
import org.tinc4j.event.TincEvent;
import org.tinc4j.impl.crypto.Aead;
import org.tinc4j.impl.crypto.EntropySource;
import org.tinc4j.impl.graph.Edge;
import org.tinc4j.impl.graph.Options;
import org.tinc4j.impl.mesh.MeshShell.Level;
import org.tinc4j.impl.meta.MetaEvents;
import org.tinc4j.impl.meta.MetaSession;
import org.tinc4j.impl.meta.MetaSession.Origin;
import org.tinc4j.impl.route.NodeRoute;
import org.tinc4j.impl.route.RoutingTable;
import org.tinc4j.impl.route.Tunnel;
import org.tinc4j.impl.wire.MetaRequest;

/**
 * One node of a mesh: connections, gossip, keys and paths, decided in one place.
 *
 * <p>Every {@code on…} method takes an event with the time; what follows goes out through the {@link MeshShell} during the call. After a
 * batch of events the shell calls {@link #settle}, which recomputes the graph once however many edges changed.
 *
 * <p><b>Threads.</b> Machine; confined to the control thread.
 */
public final class Mesh implements MetaEvents {

    /** How often tunnels in use are driven: MTU probes leave three times a second. */
    private static final long TICK_NANOS = 250_000_000L;

    /** A tunnel that was not wanted for this long is left alone. */
    private static final long IDLE_NANOS = 3_000_000_000L;

    private static final long NEIGHBOUR_NANOS = 1_000_000_000L;

    /** Connections that have not proved who they are. More are refused: each costs a key agreement. */
    private static final int MAX_UNAUTHENTICATED = 64;

    private final MeshState mesh;
    private final Gossip gossip;
    private final InfoRequests info;
    private final KeyExchange keys;
    private final Probes probes;
    private final Dialling dialling;
    private final MeshRoutes routes;
    private final ConnectionTerms terms;
    private final NameClash clash;
    private final Map<MetaSession, Pinging> pinging = new HashMap<>();
    private long nowNanos;
    private long tickNanos;
    private long neighbourNanos;
    private boolean tunnelsBusy;
    private int lastConnection;

    private static final class Pinging {
        final long activeNanos;
        long markNanos;
        boolean outstanding;

        Pinging(long nowNanos) {
            activeNanos = nowNanos;
            markNanos = nowNanos;
        }
    }

    public Mesh(
            NodeSettings settings,
            MeshShell shell,
            EntropySource entropy,
            RandomGenerator random,
            Aead engine,
            long nowNanos) {
        this.mesh = new MeshState(settings, shell, entropy, random);
        this.nowNanos = nowNanos;
        this.tickNanos = nowNanos;
        this.neighbourNanos = nowNanos;
        this.gossip = new Gossip(mesh);
        this.info = new InfoRequests(mesh);
        this.keys = new KeyExchange(mesh, engine, info);
        this.probes = new Probes(mesh, engine, keys);
        this.dialling = new Dialling(mesh, nowNanos);
        this.routes = new MeshRoutes(mesh, keys);
        this.terms = new ConnectionTerms(mesh);
        this.clash = new NameClash(mesh, nowNanos);
        mesh.graphChanged = true;
    }

    /** The UDP port others shall use. */
    public void listening(int udpPort) {
        mesh.udpPort = udpPort;
    }

    // ---- TCP connections ----

    /** A number for a connection that was accepted. */
    public int nextConnection() {
        return ++lastConnection;
    }

    /** Somebody connected to us. */
    public void onAccepted(int connection, InetSocketAddress remote, InetSocketAddress local, long now) {
        nowNanos = now;
        int unauthenticated = 0;
        for (MetaSession session : mesh.sessions.values()) {
            if (!session.active()) {
                unauthenticated++;
            }
        }
        if (unauthenticated >= MAX_UNAUTHENTICATED || clash.away(now)) {
            mesh.shell.close(connection);
            return;
        }
        open(connection, Origin.ACCEPTED, null, remote, local);
    }

    /** A connection we asked for is made. */
    public void onDialled(int connection, InetSocketAddress remote, InetSocketAddress local, long now) {
        nowNanos = now;
        NodeName peer = dialling.peerOf(connection);
        if (peer == null) {
            mesh.shell.close(connection);
            return;
        }
        open(connection, Origin.DIALLED, peer, remote, local);
    }

    private void open(int connection, Origin origin, NodeName peer, InetSocketAddress remote, InetSocketAddress local) {
        MetaSession session = new MetaSession(
                connection, origin, peer, remote, local, mesh.self.name, mesh.settings.key(), mesh.entropy, nowNanos, this);
        mesh.sessions.put(connection, session);
        session.start();
    }

    /** A connection we asked for could not be made. */
    public void onDialFailed(int connection, String reason, long now) {
        nowNanos = now;
        NodeName peer = dialling.peerOf(connection);
        if (peer != null) {
            dialling.ended(connection, Dialling.Ending.FAILED, now);
            dialling.failed(peer, reason);
            down(Optional.of(peer), Optional.empty(), reason);
        }
    }

    /** Bytes came. */
    public void onReceived(int connection, byte[] bytes, int length, long now) {
        nowNanos = now;
        MetaSession session = mesh.sessions.get(connection);
        if (session != null) {
            session.received(bytes, length);
        }
    }

    /** The other end closed, or the socket failed. */
    public void onClosed(int connection, String reason, long now) {
        nowNanos = now;
        MetaSession session = mesh.sessions.get(connection);
        if (session != null) {
            end(session, reason);
        }
    }

    private void down(Optional<NodeName> peer, Optional<InetSocketAddress> address, String reason) {
        mesh.shell.log(
                Level.INFO,
                "connection with " + peer.map(NodeName::value).orElse("an unknown node")
                        + address.map(a -> " at " + a.getAddress().getHostAddress() + ":" + a.getPort()).orElse("")
                        + " ended: " + reason);
        mesh.shell.emit(at -> new TincEvent.ConnectionDown(at, peer, address, reason));
    }

    /** Ends a session and all that hung on it. */
    private void end(MetaSession session, String reason) {
        NodeName peer = session.peer();
        Pinging ping = pinging.get(session);
        boolean served =
                ping != null && nowNanos - ping.activeNanos >= mesh.settings.timing().pingTimeout().toNanos();
        boolean wasActive = detach(session);
        if (wasActive) {
            withdrawEdgeToUs(peer);
        }
        if (peer != null) {
            dialling.failed(peer, reason);
        }
        dialling.ended(session.id(), served ? Dialling.Ending.SERVED : Dialling.Ending.FAILED, nowNanos);
        down(Optional.ofNullable(peer), Optional.of(session.remote()), reason);
    }

    /** Takes a session out of every table, closes it, and withdraws the edge it stood for. */
    private boolean detach(MetaSession session) {
        NodeName peerName = session.peer();
        boolean wasActive = pinging.remove(session) != null;
        mesh.sessions.remove(session.id());
        session.close();
        mesh.shell.close(session.id());
        MeshNode peer = wasActive ? mesh.known(peerName) : null;
        if (peer != null && peer.connection == session) {
            peer.connection = null;
            if (mesh.edges.remove(mesh.self.name, peerName) != null) {
                mesh.graphChanged = true;
                gossip.flood(new MetaRequest.DelEdge(gossip.nonce(), mesh.self.name, peerName), nowNanos);
            }
        }
        return wasActive;
    }

    // ---- MetaEvents: what a session tells during onReceived ----

    @Override
    public void write(MetaSession session, byte[] bytes) {
        mesh.shell.write(session.id(), bytes);
    }

    @Override
    public Optional<NodePublicKey> keyOf(NodeName peer) {
        return mesh.peers.get(peer).flatMap(PeerSettings::publicKey);
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
        return Optional.of(terms.offer(session, peer, nowNanos));
    }

    /** Whether {@code session} is the one to give up of two that were made at the same time. */
    private boolean yieldsTo(MetaSession session, MetaSession other, NodeName peer) {
        boolean dialledBySmaller = session.origin() == Origin.DIALLED == (mesh.self.name.compareTo(peer) < 0);
        return !dialledBySmaller && other.origin() != session.origin() && (!other.active() || isYoung(other));
    }

    private boolean isYoung(MetaSession session) {
        return nowNanos - session.openedNanos() < mesh.settings.timing().pingTimeout().toNanos();
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
            settle(nowNanos);
        }
        peer.connection = session;
        Pinging ping = new Pinging(nowNanos);
        pinging.put(session, ping);
        mesh.shell.emit(at ->
                new TincEvent.ConnectionUp(at, peerName, session.remote(), session.origin() == Origin.DIALLED));
        mesh.shell.log(Level.INFO, "connection with " + peerName + " at " + session.remote() + " is active");

        gossip.sendAll(session);

        Edge edge = terms.edge(session, peerName, ack, nowNanos);
        mesh.edges.put(edge);
        mesh.graphChanged = true;
        gossip.flood(gossip.announce(edge), nowNanos);
        // An early PING: its PONG proves the connection works both ways, which resets the back-off.
        ping.outstanding = true;
        session.send(new MetaRequest.Ping());
    }

    @Override
    public void request(MetaSession session, NodeName peer, MetaRequest request, String text) {
        switch (request) {
            case MetaRequest.AddSubnet add -> gossip.onAddSubnet(session, peer, add, text, nowNanos);
            case MetaRequest.DelSubnet del -> gossip.onDelSubnet(session, peer, del, text, nowNanos);
            case MetaRequest.AddEdge add -> gossip.onAddEdge(session, peer, add, text, nowNanos);
            case MetaRequest.DelEdge del -> {
                if (gossip.onDelEdge(session, peer, del, text, nowNanos)) {
                    withdrawEdgeToUs(del.to());
                }
            }
            case MetaRequest.KeyChanged changed -> gossip.onKeyChanged(session, changed, text, nowNanos);
            case MetaRequest.ReqKey reqKey -> onReqKey(reqKey, text);
            case MetaRequest.AnsKey ansKey -> onAnsKey(ansKey, text);
            case MetaRequest.UdpInfo udpInfo -> {
                settle(nowNanos);
                info.onUdpInfo(udpInfo);
            }
            case MetaRequest.MtuInfo mtuInfo -> {
                settle(nowNanos);
                if (!info.onMtuInfo(mtuInfo)) {
                    failed(session, "MTU_INFO of " + mtuInfo.mtu() + " bytes, at least 512 are needed");
                }
            }
            case MetaRequest.Pong pong -> {
                Pinging ping = pinging.get(session);
                if (ping != null) {
                    ping.outstanding = false;
                }
                dialling.succeeded(session.id());
            }
            case MetaRequest.Id r -> failed(session, "ID on an active connection");
            case MetaRequest.Ack r -> failed(session, "a second ACK");
            case MetaRequest.Termreq r -> failed(session, "the peer asked to end the connection");
            case MetaRequest.Ping r -> session.send(new MetaRequest.Pong());
            case MetaRequest.PacketHeader r -> failed(session, "PACKET out of place");
            case MetaRequest.SptpsPacketHeader r -> failed(session, "SPTPS_PACKET out of place");
        }
    }

    /** "If to became unreachable and we still hold an edge from to to us, flood a DEL_EDGE for that one and delete it." */
    private void withdrawEdgeToUs(NodeName to) {
        Edge back = mesh.edges.get(to, mesh.self.name);
        if (back == null) {
            return;
        }
        settle(nowNanos);
        MeshNode node = mesh.known(to);
        if (node != null && !node.reachable() && mesh.edges.remove(to, mesh.self.name) != null) {
            mesh.graphChanged = true;
            gossip.flood(new MetaRequest.DelEdge(gossip.nonce(), to, mesh.self.name), nowNanos);
        }
    }

    private void onReqKey(MetaRequest.ReqKey request, String text) {
        settle(nowNanos);
        MeshNode from = mesh.known(request.from());
        MeshNode to = mesh.known(request.to());
        if (from == null || to == null || from == mesh.self) {
            return;
        }
        if (request.sub() == 21) {
            onSealedText(request, from, to);
        } else if (to == mesh.self) {
            if (from.reachable()) {
                keys.onReqKey(request, text, from, nowNanos);
                if (request.sub() == 15) {
                    info.sendUdpInfo(from, nowNanos);
                }
            }
        } else if (!mesh.settings.routing().tunnelServer() && to.reachable()) {
            mesh.relayTowards(to, text);
        }
    }

    /** REQ_KEY with sub-request 21: a sealed datagram as text, for hops that do not know SPTPS_PACKET. */
    private void onSealedText(MetaRequest.ReqKey request, MeshNode from, MeshNode to) {
        RoutingOptions routing = mesh.settings.routing();
        if (to != mesh.self && (routing.tunnelServer() || routing.forwarding() != Forwarding.INTERNAL)) {
            return;
        }
        byte[] datagram = org.tinc4j.TincBase64.decode(request.data());
        if (datagram != null && to.reachable()) {
            byte[] packet = new byte[12 + datagram.length];
            java.nio.ByteBuffer view = java.nio.ByteBuffer.wrap(packet);
            view.putShort((short) (to.tunnel.id() >> 32)).putInt((int) to.tunnel.id());
            view.putShort((short) (from.tunnel.id() >> 32)).putInt((int) from.tunnel.id()).put(datagram);
            mesh.shell.sealedByTcp(packet);
        }
    }

    private void onAnsKey(MetaRequest.AnsKey answer, String text) {
        settle(nowNanos);
        tunnelsBusy = true; // A renewal may hold the tunnel: look again soon.
        MeshNode from = mesh.known(answer.from());
        MeshNode to = mesh.known(answer.to());
        if (from == null || to == null || from == mesh.self) {
            return;
        }
        if (to == mesh.self) {
            keys.onAnsKey(answer, from, nowNanos);
        } else if (!mesh.settings.routing().tunnelServer() && to.reachable()) {
            mesh.relayTowards(to, withReflexiveAddress(answer, text, from, to));
        }
    }

    /** "A relay that forwards an ANS_KEY appends the UDP address it knows for from, if the request has none yet." */
    private static String withReflexiveAddress(MetaRequest.AnsKey answer, String text, MeshNode from, MeshNode to) {
        InetSocketAddress seen = from.path.address();
        return !answer.address().isEmpty() || seen == null || to.path.min() == 0
                ? text
                : text + " " + NumericAddress.text(seen) + " " + NumericAddress.portText(seen);
    }

    @Override
    public void packet(MetaSession session, NodeName peer, byte[] frame) {
        settle(nowNanos);
        // 12 zero bytes and the EtherType; frames of EtherType 0 are probes sent before there were keys: "must be ignored".
        boolean ip = frame.length > 14 && (frame[12] == 0x08 && frame[13] == 0 || frame[12] == (byte) 0x86 && frame[13] == (byte) 0xdd);
        RoutingTable table = routes.table();
        NodeRoute source = table == null ? null : table.named(peer);
        if (ip && source != null) {
            mesh.shell.route(source, frame, 14, frame.length - 14);
        }
    }

    @Override
    public void sealedPacket(MetaSession session, NodeName peer, byte[] packet) {
        settle(nowNanos);
        mesh.shell.sealedByTcp(packet);
    }

    @Override
    public void failed(MetaSession session, String reason) {
        end(session, reason);
    }

    // ---- What the data path tells ----

    /** A packet is to go to a node. */
    public void onWanted(Tunnel tunnel, long now) {
        nowNanos = now;
        settle(now);
        MeshNode node = mesh.byId.get(tunnel.id());
        if (node != null) {
            tunnelsBusy = true;
            probes.drive(node, now);
        }
    }

    /** A probe record was opened. */
    public void onProbe(Tunnel tunnel, byte[] record, InetSocketAddress from, int socket, long now) {
        nowNanos = now;
        MeshNode node = mesh.byId.get(tunnel.id());
        if (node != null && node.reachable()) {
            probes.onProbe(node, record, from, socket, now);
        }
    }

    /** A good datagram came straight from a node, from another address than the one known. */
    public void onMoved(Tunnel tunnel, InetSocketAddress from, int socket, long now) {
        nowNanos = now;
        MeshNode node = mesh.byId.get(tunnel.id());
        if (node != null && node.reachable()) {
            node.path.address(from, socket);
        }
    }

    /** Packets of a node arrived by way of others. */
    public void onIndirect(Tunnel tunnel, long now) {
        nowNanos = now;
        MeshNode node = mesh.byId.get(tunnel.id());
        if (node != null) {
            info.sendUdpInfo(node, now);
            info.sendMtuInfo(node, now);
        }
    }

    /** A datagram of a node could not be opened, and nothing else of it could for a while. */
    public void onUndecryptable(Tunnel tunnel, long now) {
        nowNanos = now;
        MeshNode node = mesh.byId.get(tunnel.id());
        if (node != null && node != mesh.self) {
            keys.onUndecryptable(node, now);
        }
    }

    /** The system refused a datagram as too long. */
    public void onTooLong(Tunnel tunnel, int recordBytes, long now) {
        nowNanos = now;
        MeshNode node = mesh.byId.get(tunnel.id());
        if (node != null) {
            node.path.tooLong(recordBytes);
        }
    }

    /**
     * An inner packet is to go to a neighbour as PACKET.
     *
     * @return false if the connection is congested or gone: the packet is dropped
     */
    public boolean sendFrame(Tunnel tunnel, byte[] frame, long now) {
        nowNanos = now;
        MeshNode node = mesh.byId.get(tunnel.id());
        if (node == null || node.connection == null || congested(node.connection)) {
            return false;
        }
        node.connection.sendFrame(frame);
        return true;
    }

    /**
     * A sealed datagram is to go towards a node as SPTPS_PACKET.
     *
     * @return false if the connection is congested or gone: the packet is dropped
     */
    public boolean sendSealed(Tunnel tunnel, byte[] packet, long now) {
        nowNanos = now;
        MeshNode node = mesh.byId.get(tunnel.id());
        MeshNode hop = node == null ? null : mesh.nexthop(node);
        if (hop == null || hop.connection == null || congested(hop.connection)) {
            return false;
        }
        if (Options.version(hop.options()) >= 7) {
            hop.connection.sendSealedPacket(packet);
            return true;
        }
        long source = java.nio.ByteBuffer.wrap(packet).getLong(4) & 0xffffffffffffL;
        MeshNode from = mesh.byId.get(source);
        if (from == null) {
            return false;
        }
        hop.connection.send(new MetaRequest.ReqKey(
                from.name, node.name, 21, org.tinc4j.TincBase64.encode(packet, 12, packet.length - 12)));
        return true;
    }

    /** Random early drop: from half of the limit on with a probability that rises to 1 at the limit. */
    private boolean congested(MetaSession session) {
        int backlog = mesh.shell.backlogBytes(session.id());
        int limit = mesh.settings.link().maxOutputBufferBytes();
        int half = limit / 2;
        return backlog > half && mesh.random.nextInt(Math.max(1, limit - half)) < backlog - half;
    }

    // ---- What the embedder asks ----

    /** A peer is new or its settings are. */
    public void putPeer(PeerSettings peer, long now) {
        nowNanos = now;
        boolean keyRemoved = mesh.peers.get(peer.name()).flatMap(PeerSettings::publicKey).isPresent()
                && peer.publicKey().isEmpty();
        mesh.peers.put(peer);
        mesh.node(peer.name()).ifPresent(node -> {
            // The key may also have been learned from the mesh, and wrong.
            NodePublicKey before = node.key;
            mesh.configure(node, peer);
            if (keyRemoved || before != null && !before.equals(node.key)) {
                keys.drop(node);
                endConnection(node, "its key was changed");
            }
        });
        dialling.update(peer, now);
    }

    /** A peer is to be forgotten. */
    public boolean removePeer(NodeName name, long now) {
        nowNanos = now;
        boolean known = mesh.peers.remove(name) != null;
        dialling.remove(name);
        MeshNode node = mesh.known(name);
        if (known && node != null) {
            endConnection(node, "the peer was removed");
        }
        return known;
    }

    private void endConnection(MeshNode node, String reason) {
        if (node.connection != null) {
            end(node.connection, reason);
        }
        for (MetaSession session : List.copyOf(mesh.sessions.values())) {
            if (node.name.equals(session.peer())) {
                end(session, reason);
            }
        }
    }

    public void reconnect(long now) {
        nowNanos = now;
        dialling.retryAll(now);
    }

    /** Announces another range as ours. */
    public void addSubnet(Subnet subnet, long now) {
        nowNanos = now;
        if (mesh.self.subnets.add(subnet)) {
            mesh.subnetCount++;
            mesh.tableChanged = true;
            gossip.flood(new MetaRequest.AddSubnet(gossip.nonce(), mesh.self.name, subnet), now);
            mesh.shell.emit(at -> new TincEvent.SubnetAdded(at, mesh.self.name, subnet));
        }
    }

    /** Withdraws a range of ours. */
    public boolean removeSubnet(Subnet subnet, long now) {
        nowNanos = now;
        if (!mesh.self.subnets.remove(subnet)) {
            return false;
        }
        mesh.subnetCount--;
        mesh.tableChanged = true;
        gossip.flood(new MetaRequest.DelSubnet(gossip.nonce(), mesh.self.name, subnet), now);
        mesh.shell.emit(at -> new TincEvent.SubnetRemoved(at, mesh.self.name, subnet));
        return true;
    }

    // ---- Time ----

    /** How long the shell may sleep, in nanoseconds. */
    public long nanosToNextTick(long now) {
        long tick = tunnelsBusy ? TICK_NANOS : NEIGHBOUR_NANOS;
        long toDial = clash.away(now) ? Long.MAX_VALUE : dialling.nanosToNext(now);
        return Math.max(0, Math.min(tickNanos + tick - now, toDial));
    }

    /** Time passed: everything that is due is done. */
    public void tick(long now) {
        nowNanos = now;
        settle(now);
        if (!clash.away(now)) {
            dialling.tick(now, this::nextConnection);
        }
        if (now - tickNanos < TICK_NANOS) {
            return;
        }
        tickNanos = now;
        boolean second = now - neighbourNanos >= NEIGHBOUR_NANOS;
        if (second) {
            neighbourNanos = now;
            checkSessions();
            if (clash.check(gossip.nameClash(now), now)) {
                for (MetaSession session : List.copyOf(mesh.sessions.values())) {
                    end(session, "another node uses our name");
                }
            }
        }
        tunnelsBusy = false;
        for (MeshNode node : mesh.nodes.values()) {
            if (!node.reachable() || node == mesh.self) {
                node.tunnel.unwant();
                continue;
            }
            keys.tick(node, now);
            if (node.tunnel.wanted() && now - node.tunnel.wantedNanos() >= IDLE_NANOS) {
                node.tunnel.unwant();
            }
            if (node.tunnel.wanted() || second && mesh.isNeighbour(node)) {
                probes.drive(node, now);
            } else if (node.path.expired(now)) {
                node.path.expire();
                probes.pathChanged(node);
            }
            tunnelsBusy |= node.tunnel.wanted() || node.tunnel.held();
        }
        settle(now);
    }

    private void checkSessions() {
        long timeout = mesh.settings.timing().pingTimeout().toNanos();
        long interval = mesh.settings.timing().pingInterval().toNanos();
        for (MetaSession session : List.copyOf(mesh.sessions.values())) {
            Pinging ping = pinging.get(session);
            if (ping == null) {
                if (nowNanos - session.openedNanos() >= timeout) {
                    end(session, "no handshake within " + mesh.settings.timing().pingTimeout().toSeconds() + " s");
                }
            } else if (nowNanos - ping.markNanos >= timeout) {
                if (ping.outstanding) {
                    end(session, "no answer to PING within " + mesh.settings.timing().pingTimeout().toSeconds() + " s");
                } else if (nowNanos - ping.markNanos >= interval) {
                    ping.markNanos = nowNanos;
                    ping.outstanding = true;
                    session.send(new MetaRequest.Ping());
                }
            }
        }
    }

    /** Brings reachability and the published table up to date, if anything changed. */
    public void settle(long now) {
        nowNanos = now;
        routes.settle();
    }

    /** Says farewell to every neighbour and closes everything. */
    public void shutdown(long now) {
        nowNanos = now;
        for (MetaSession session : List.copyOf(mesh.sessions.values())) {
            detach(session);
        }
        for (MeshNode node : mesh.nodes.values()) {
            keys.drop(node);
        }
    }

    // ---- What the embedder sees ----

    /** Whether a path of edges leads to a node. */
    public boolean isReachable(NodeName name) {
        MeshNode node = mesh.known(name);
        return node != null && node.reachable();
    }

    /** What is known about a node that is not reachable, in words. */
    public String whyUnreachable(NodeName name) {
        MeshNode node = mesh.known(name);
        if (node == null) {
            return "no node of that name is known; " + connected()
                    + " is connected to us; check the name, and that both are in one mesh";
        }
        Optional<PeerSettings> peer = mesh.peers.get(name);
        if (peer.isPresent() && peer.get().publicKey().isEmpty()) {
            return "it has no public key here; call Peer.publicKey";
        }
        String last = dialling.lastFailure(name);
        return (last == null ? "it has not connected" : last) + "; " + connected() + " is connected to us";
    }

    private String connected() {
        List<String> names = new ArrayList<>();
        for (MetaSession session : mesh.activeSessions()) {
            names.add(session.peer().value());
        }
        return names.isEmpty() ? "nobody" : String.join(", ", names);
    }

    /** What this node announces. */
    public Set<Subnet> ownSubnets() {
        return Set.copyOf(mesh.self.subnets);
    }

    MeshState state() {
        return mesh;
    }
}
