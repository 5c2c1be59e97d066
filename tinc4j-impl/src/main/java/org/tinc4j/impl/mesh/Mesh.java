package org.tinc4j.impl.mesh;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.tinc4j.NodeName;
import org.tinc4j.NodePublicKey;
import org.tinc4j.Subnet;
import org.tinc4j.TincBase64;
import org.tinc4j.config.NodeSettings;
import org.tinc4j.config.PeerSettings;
import org.tinc4j.event.TincEvent;
import org.tinc4j.impl.crypto.Aead;
import org.tinc4j.impl.crypto.EntropySource;
import org.tinc4j.impl.graph.Options;
import org.tinc4j.impl.meta.MetaSession;
import org.tinc4j.impl.meta.MetaSession.Origin;
import org.tinc4j.impl.route.Tunnel;
import org.tinc4j.impl.wire.MetaRequest;
import org.tinc4j.impl.wire.RelayIds;

/**
 * One node of a mesh: connections, gossip, keys and paths, decided in one place.
 *
 * <p>Every {@code on…} method takes an event with the time; what follows goes out through the {@link MeshShell} during the call. After a
 * batch of events the shell calls {@link #settle}, which recomputes the graph once however many edges changed.
 *
 * <p><b>Threads.</b> Machine; confined to the control thread.
 */
public final class Mesh {

    /** How often tunnels in use are driven: MTU probes leave three times a second. */
    private static final long TICK_NANOS = 250_000_000L;

    /** A tunnel that was not wanted for this long is left alone. */
    private static final long IDLE_NANOS = 3_000_000_000L;

    private static final long NEIGHBOUR_NANOS = 1_000_000_000L;

    /** Connections that have not proved who they are. More are refused: each costs a key agreement. */
    private static final int MAX_UNAUTHENTICATED = 64;

    private final MeshState mesh;
    private final NameClash clash;
    private final Gossip gossip;
    private final InfoRequests info;
    private final KeyExchange keys;
    private final Probes probes;
    private final Dialling dialling;
    private final Topology topology;
    private final Connections connections;
    private final Purge purge;
    private long tickNanos;
    private long neighbourNanos;
    private int lastConnection;

    public Mesh(
            NodeSettings settings,
            MeshShell shell,
            EntropySource entropy,
            RandomGenerator random,
            Aead engine,
            long nowNanos) {
        this.mesh = new MeshState(settings, shell, entropy, random, nowNanos);
        this.tickNanos = nowNanos;
        this.neighbourNanos = nowNanos;
        this.clash = new NameClash(mesh, nowNanos);
        this.gossip = new Gossip(mesh);
        this.info = new InfoRequests(mesh);
        this.keys = new KeyExchange(mesh, engine, info);
        this.probes = new Probes(mesh, engine, keys);
        this.dialling = new Dialling(mesh, nowNanos);
        this.topology = new Topology(mesh, keys);
        this.connections = new Connections(mesh, gossip, dialling, topology, keys, info);
        this.purge = new Purge(mesh, keys);
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
        mesh.nowNanos = now;
        if (connections.unauthenticated() >= MAX_UNAUTHENTICATED || clash.away(now)) {
            mesh.shell.close(connection);
            return;
        }
        connections.open(connection, Origin.ACCEPTED, null, remote, local);
    }

    /** A connection we asked for is made. */
    public void onDialled(int connection, InetSocketAddress remote, InetSocketAddress local, long now) {
        mesh.nowNanos = now;
        NodeName peer = dialling.peerOf(connection);
        if (peer == null) {
            mesh.shell.close(connection);
            return;
        }
        connections.open(connection, Origin.DIALLED, peer, remote, local);
    }

    /** A connection we asked for could not be made. */
    public void onDialFailed(int connection, String reason, long now) {
        mesh.nowNanos = now;
        NodeName peer = dialling.peerOf(connection);
        if (peer != null) {
            dialling.ended(connection, Dialling.Ending.FAILED, now);
            dialling.failed(peer, reason);
            connections.down(Optional.of(peer), Optional.empty(), reason);
        }
    }

    /** Bytes came. */
    public void onReceived(int connection, byte[] bytes, int length, long now) {
        mesh.nowNanos = now;
        MetaSession session = mesh.sessions.get(connection);
        if (session != null) {
            session.received(bytes, length);
        }
    }

    /** The other end closed, or the socket failed. */
    public void onClosed(int connection, String reason, long now) {
        mesh.nowNanos = now;
        MetaSession session = mesh.sessions.get(connection);
        if (session != null) {
            connections.end(session, reason);
        }
    }

    // ---- What the data path tells ----

    /** A packet is to go to a node. */
    public void onWanted(Tunnel tunnel, long now) {
        mesh.nowNanos = now;
        topology.settle();
        MeshNode node = mesh.byId.get(tunnel.id());
        if (node != null) {
            mesh.tunnelsBusy = true;
            probes.drive(node, now);
        }
    }

    /** A probe record was opened. */
    public void onProbe(Tunnel tunnel, byte[] record, InetSocketAddress from, int socket, long now) {
        mesh.nowNanos = now;
        MeshNode node = mesh.byId.get(tunnel.id());
        if (node != null && node.reachable()) {
            probes.onProbe(node, record, from, socket, now);
        }
    }

    /** A good datagram came straight from a node, from another address than the one known. */
    public void onMoved(Tunnel tunnel, InetSocketAddress from, int socket, long now) {
        mesh.nowNanos = now;
        MeshNode node = mesh.byId.get(tunnel.id());
        if (node != null && node.reachable()) {
            node.path.address(from, socket);
        }
    }

    /** Packets of a node arrived by way of others. */
    public void onIndirect(Tunnel tunnel, long now) {
        mesh.nowNanos = now;
        MeshNode node = mesh.byId.get(tunnel.id());
        if (node != null) {
            info.sendUdpInfo(node, now);
            info.sendMtuInfo(node, now);
        }
    }

    /** A datagram of a node could not be opened, and nothing else of it could for a while. */
    public void onUndecryptable(Tunnel tunnel, long now) {
        mesh.nowNanos = now;
        MeshNode node = mesh.byId.get(tunnel.id());
        if (node != null && node != mesh.self) {
            keys.onUndecryptable(node, now);
        }
    }

    /** The system refused a datagram as too long. */
    public void onTooLong(Tunnel tunnel, int recordBytes, long now) {
        mesh.nowNanos = now;
        MeshNode node = mesh.byId.get(tunnel.id());
        if (node != null) {
            node.path.tooLong(recordBytes);
            probes.drive(node, now);
        }
    }

    /**
     * An inner packet is to go to a neighbour as PACKET.
     *
     * @return false if the connection is congested or gone: the packet is dropped
     */
    public boolean sendFrame(Tunnel tunnel, byte[] frame, long now) {
        mesh.nowNanos = now;
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
        mesh.nowNanos = now;
        MeshNode node = mesh.byId.get(tunnel.id());
        MeshNode hop = node == null ? null : mesh.nexthop(node);
        if (hop == null || hop.connection == null || congested(hop.connection)) {
            return false;
        }
        if (Options.version(hop.options()) >= 7) {
            hop.connection.sendSealedPacket(packet);
            return true;
        }
        MeshNode from = mesh.byId.get(RelayIds.source(ByteBuffer.wrap(packet), 0));
        String text = TincBase64.encode(packet, RelayIds.BYTES, packet.length - RelayIds.BYTES);
        if (from == null || text.length() > MetaRequest.MAX_FIELD_LENGTH) {
            return false;
        }
        mesh.sendRouted(
                hop.connection,
                new MetaRequest.ReqKey(from.name, node.name, KeyExchange.SUB_SPTPS_PACKET, text).encode());
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
        mesh.nowNanos = now;
        boolean keyRemoved = mesh.peers.get(peer.name()).flatMap(PeerSettings::publicKey).isPresent()
                && peer.publicKey().isEmpty();
        mesh.peers.put(peer);
        gossip.reconsiderSubnets();
        mesh.node(peer.name()).ifPresent(node -> {
            // The key may also have been learned from the mesh, and wrong.
            NodePublicKey before = node.key;
            mesh.configure(node, peer);
            if (keyRemoved) {
                node.key = null;
            }
            if (keyRemoved || before != null && !before.equals(node.key)) {
                keys.drop(node);
                connections.endConnection(node, "its key was changed");
            }
        });
        dialling.update(peer, now);
    }

    /** A peer is to be forgotten. */
    public boolean removePeer(NodeName name, long now) {
        mesh.nowNanos = now;
        boolean known = mesh.peers.remove(name) != null;
        dialling.remove(name);
        gossip.reconsiderSubnets();
        MeshNode node = mesh.known(name);
        if (known && node != null) {
            node.key = null;
            keys.drop(node);
            connections.endConnection(node, "the peer was removed");
        }
        return known;
    }

    public void reconnect(long now) {
        mesh.nowNanos = now;
        dialling.retryAll(now);
    }

    /** Announces another range as ours. */
    public void addSubnet(Subnet subnet, long now) {
        mesh.nowNanos = now;
        if (mesh.self.subnets.add(subnet)) {
            mesh.subnetCount++;
            mesh.tableChanged = true;
            mesh.announcements.changed(GossipItem.Key.subnet(mesh.self.name, subnet), null, null);
            mesh.shell.emit(at -> new TincEvent.SubnetAdded(at, mesh.self.name, subnet));
        }
    }

    /** Withdraws a range of ours. */
    public boolean removeSubnet(Subnet subnet, long now) {
        mesh.nowNanos = now;
        if (!mesh.self.subnets.remove(subnet)) {
            return false;
        }
        mesh.subnetCount--;
        mesh.tableChanged = true;
        mesh.announcements.changed(GossipItem.Key.subnet(mesh.self.name, subnet), null, null);
        mesh.shell.emit(at -> new TincEvent.SubnetRemoved(at, mesh.self.name, subnet));
        return true;
    }

    // ---- Time ----

    /** How long the shell may sleep, in nanoseconds. */
    public long nanosToNextTick(long now) {
        long tick = mesh.tunnelsBusy ? TICK_NANOS : NEIGHBOUR_NANOS;
        long toDial = clash.away(now) ? Long.MAX_VALUE : dialling.nanosToNext(now);
        long toTell = mesh.announcements.nanosToNext(now);
        return Math.max(0, Math.min(tickNanos + tick - now, Math.min(toDial, toTell)));
    }

    /** Time passed: everything that is due is done. */
    public void tick(long now) {
        mesh.nowNanos = now;
        topology.settle();
        if (!clash.away(now)) {
            dialling.tick(now, this::nextConnection);
        }
        if (now - tickNanos >= TICK_NANOS) {
            tickNanos = now;
            lookAfterAll(now);
            topology.settle();
        }
        mesh.announcements.flush();
    }

    private void lookAfterAll(long now) {
        boolean second = now - neighbourNanos >= NEIGHBOUR_NANOS;
        if (second) {
            neighbourNanos = now;
            connections.tick();
            purge.tick();
            mesh.announcements.tick();
            mesh.seen.expire(now);
            if (clash.check(gossip.nameClash(now), now)) {
                connections.endAll("another node uses our name");
            }
        }
        mesh.tunnelsBusy = false;
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
            mesh.tunnelsBusy |= node.tunnel.wanted() || node.tunnel.held();
        }
    }

    /** Brings reachability and the published table up to date, if anything changed. */
    public void settle(long now) {
        mesh.nowNanos = now;
        topology.settle();
    }

    /** Says farewell to every neighbour and closes everything. */
    public void shutdown(long now) {
        mesh.nowNanos = now;
        for (MetaSession session : List.copyOf(mesh.sessions.values())) {
            connections.detach(session);
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

    /** Whether a node is known to own any range. */
    public boolean announcesSubnet(NodeName name) {
        MeshNode node = mesh.known(name);
        return node != null && !node.subnets.isEmpty();
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

    /** What this node announces, in order. */
    public Set<Subnet> ownSubnets() {
        return Collections.unmodifiableSet(new TreeSet<>(mesh.self.subnets));
    }

    /** Nodes that are reachable, this one included, with what they announce. */
    public Map<NodeName, Set<Subnet>> reachable() {
        Map<NodeName, Set<Subnet>> reachable = new TreeMap<>();
        for (MeshNode node : mesh.nodes.values()) {
            if (node == mesh.self || node.reachable()) {
                reachable.put(node.name, Set.copyOf(node.subnets));
            }
        }
        return reachable;
    }

    MeshState state() {
        return mesh;
    }
}
