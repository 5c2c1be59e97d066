package org.tinc4j.impl.mesh;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.tinc4j.Endpoint;
import org.tinc4j.NodeClosedException;
import org.tinc4j.NodeKey;
import org.tinc4j.NodeName;
import org.tinc4j.config.NodeSettings;
import org.tinc4j.event.TincEvent;
import org.tinc4j.impl.crypto.ChaChaPoly;
import org.tinc4j.impl.datapath.ControlPort;
import org.tinc4j.impl.datapath.DataPlane;
import org.tinc4j.impl.datapath.Drops;
import org.tinc4j.impl.datapath.SteppedPath;
import org.tinc4j.impl.datapath.TcpInbound;
import org.tinc4j.impl.datapath.UdpSockets;
import org.tinc4j.impl.ledger.Ledger;
import org.tinc4j.impl.route.NodeRoute;
import org.tinc4j.impl.route.RoutingTable;
import org.tinc4j.impl.route.Tunnel;
import org.tinc4j.impl.datapath.PingReplies;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.DatagramTransport.SendResult;
import org.tinc4j.spi.DeviceInfo;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketDevice;

/** One node of a {@link MeshHarness}: a real machine and data path over a wire of queues. */
final class MeshTestNode implements MeshShell, ControlPort {

    final MeshHarness harness;
    final NodeName name;
    final NodeKey key;
    final NodeSettings settings;
    final InetSocketAddress address;
    final Mesh mesh;
    final Drops drops = new Drops();
    final DataPlane plane;
    final Map<Integer, MeshHarness.Link> links = new HashMap<>();
    final Map<Integer, Integer> linkSide = new HashMap<>();

    /** Times of attempts to connect, in seconds. */
    final List<Double> dials = new ArrayList<>();

    /** Inner packets written to the device. */
    final List<byte[]> delivered = new ArrayList<>();

    final List<TincEvent> events = new ArrayList<>();

    /** Datagrams sent by this node. */
    final List<byte[]> sentUdp = new ArrayList<>();

    /** What has been written to TCP connections and not been taken, as the node sees it. */
    int backlogBytes;

    /** What was written to TCP connections: nearly all of it gossip in a mesh without traffic. */
    long metaMessages;

    long metaBytes;

    /** Whether others can connect. */
    boolean listening = true;

    private final UdpSockets sockets;
    private final SteppedPath path;
    private final TcpInbound tcpInbound;
    private RoutingTable table;
    private boolean roundBegun;

    MeshTestNode(MeshHarness harness, NodeSettings settings, InetSocketAddress address) {
        this.harness = harness;
        this.name = settings.name();
        this.key = settings.key();
        this.settings = settings;
        this.address = address;
        PingReplies pings = new PingReplies(0);
        this.sockets = new UdpSockets(List.of(transport));
        this.plane = new DataPlane(
                settings, device, sockets, this, drops, pings, ChaChaPoly::new, harness::now, Ledger.silent());
        // A node that starts again makes other random numbers.
        Random own = new Random(harness.seed * 17 + name.hashCode() + Math.round(1e9 * harness.seconds()));
        this.mesh = new Mesh(settings, this, own::nextBytes, own, new ChaChaPoly(), harness.now());
        this.path = new SteppedPath(plane);
        this.tcpInbound = new TcpInbound(plane);
        mesh.listening(MeshHarness.PORT);
        mesh.settle(harness.now());
    }

    RoutingTable table() {
        return table;
    }

    MeshNode peer(MeshTestNode other) {
        return mesh.state().known(other.name);
    }

    // ---- Driven by the harness ----

    long nextTickNanos() {
        return harness.now() + mesh.nanosToNextTick(harness.now());
    }

    void tick() {
        mesh.tick(harness.now());
    }

    /** As the control loop does after each round. What happens at one time is one round. */
    void settled() {
        if (!roundBegun) {
            roundBegun = true;
            harness.at(0, () -> {
                roundBegun = false;
                if (harness.nodes.get(name) == this) {
                    mesh.tick(harness.now());
                }
            });
        }
    }

    /** Ends every connection without the machine's doing, as the network does; both ends notice. */
    void dropConnections() {
        for (int connection : List.copyOf(links.keySet())) {
            MeshHarness.Link link = links.get(connection);
            if (link != null) {
                link.close(linkSide.get(connection));
                mesh.onClosed(connection, "dropped", harness.now());
            }
        }
        settled();
    }

    /** The process is gone: its connections end, nothing is said. */
    void kill() {
        for (int connection : links.keySet()) {
            links.get(connection).close(linkSide.get(connection));
        }
        links.clear();
        linkSide.clear();
        listening = false;
        harness.nodes.remove(name, this);
    }

    void datagram(byte[] datagram, InetSocketAddress from) {
        path.datagram(datagram, from, 0);
    }

    /** An inner packet from this node's device. */
    void send(byte[] packet) {
        path.outbound(packet);
    }

    MeshHarness.End end(int connection) {
        return new MeshHarness.End() {
            @Override
            public NodeName name() {
                return name;
            }

            @Override
            public void received(byte[] bytes) {
                mesh.onReceived(connection, bytes, bytes.length, harness.now());
                settled();
            }

            @Override
            public void closed() {
                mesh.onClosed(connection, "closed by the peer", harness.now());
                settled();
            }
        };
    }

    private final PacketDevice device = new PacketDevice() {
        @Override
        public DeviceInfo info() {
            return new DeviceInfo("test", "test", 1500, "");
        }

        @Override
        public int read(PacketBatch batch) throws IOException {
            throw new NodeClosedException("packets are pushed");
        }

        @Override
        public int write(PacketBatch batch) {
            for (int i = 0; i < batch.size(); i++) {
                byte[] packet = new byte[batch.get(i).length()];
                batch.get(i).view().get(packet);
                delivered.add(packet);
            }
            return batch.size();
        }

        @Override
        public void close() {}
    };

    private final DatagramTransport transport = new DatagramTransport() {
        @Override
        public InetSocketAddress localAddress() {
            return address;
        }

        @Override
        public int receive(PacketBatch batch) throws IOException {
            throw new NodeClosedException("datagrams are pushed");
        }

        @Override
        public void send(PacketBatch batch, SendResult[] results) {
            for (int i = 0; i < batch.size(); i++) {
                byte[] datagram = new byte[batch.get(i).length()];
                batch.get(i).view().get(datagram);
                sentUdp.add(datagram);
                boolean sent = harness.datagram(MeshTestNode.this, batch.get(i).remote(), datagram);
                results[i] = sent ? SendResult.SENT : SendResult.TOO_LONG;
            }
        }

        @Override
        public void close() {}
    };

    // ---- MeshShell ----

    @Override
    public void write(int connection, byte[] bytes) {
        metaMessages++;
        metaBytes += bytes.length;
        MeshHarness.Link link = links.get(connection);
        if (link != null) {
            link.write(linkSide.get(connection), bytes);
        }
    }

    @Override
    public int backlogBytes(int connection) {
        return backlogBytes;
    }

    @Override
    public void close(int connection) {
        MeshHarness.Link link = links.remove(connection);
        if (link != null) {
            link.close(linkSide.remove(connection));
        }
    }

    @Override
    public void dial(int connection, Endpoint endpoint) {
        harness.dial(this, connection, endpoint.host());
    }

    @Override
    public SendResult sendUdp(int socket, InetSocketAddress remote, ByteBuffer datagram) {
        return sockets.send(socket, remote, datagram);
    }

    @Override
    public void publish(RoutingTable next) {
        table = next;
        plane.publish(next);
    }

    @Override
    public void route(NodeRoute source, byte[] packet, int offset, int length) {
        tcpInbound.packet(source, packet, offset, length);
    }

    @Override
    public void sealedByTcp(NodeRoute neighbour, byte[] packet) {
        tcpInbound.sealed(neighbour, packet);
    }

    @Override
    public void emit(Function<Instant, TincEvent> event) {
        events.add(event.apply(Instant.EPOCH.plusNanos(harness.now())));
    }

    @Override
    public void log(Level level, String message) {
        harness.log.add(harness.seconds() + " " + name + " " + level + " " + message);
    }

    // ---- ControlPort: what a mailbox carries in a real node ----

    private boolean post(Runnable action) {
        harness.at(0, () -> {
            action.run();
            settled();
        });
        return true;
    }

    @Override
    public boolean wanted(Tunnel tunnel) {
        return post(() -> mesh.onWanted(tunnel, harness.now()));
    }

    @Override
    public boolean probe(Tunnel tunnel, byte[] record, InetSocketAddress from, int socket) {
        return post(() -> mesh.onProbe(tunnel, record, from, socket, harness.now()));
    }

    @Override
    public boolean moved(Tunnel tunnel, InetSocketAddress from, int socket) {
        return post(() -> mesh.onMoved(tunnel, from, socket, harness.now()));
    }

    @Override
    public boolean indirect(Tunnel tunnel) {
        return post(() -> mesh.onIndirect(tunnel, harness.now()));
    }

    @Override
    public boolean undecryptable(Tunnel tunnel) {
        return post(() -> mesh.onUndecryptable(tunnel, harness.now()));
    }

    @Override
    public boolean tooLong(Tunnel tunnel, int recordBytes) {
        return post(() -> mesh.onTooLong(tunnel, recordBytes, harness.now()));
    }

    @Override
    public boolean sendFrame(Tunnel tunnel, byte[] frame) {
        return post(() -> mesh.sendFrame(tunnel, frame, harness.now()));
    }

    @Override
    public boolean sendSealed(Tunnel tunnel, byte[] packet) {
        return post(() -> mesh.sendSealed(tunnel, packet, harness.now()));
    }
}
