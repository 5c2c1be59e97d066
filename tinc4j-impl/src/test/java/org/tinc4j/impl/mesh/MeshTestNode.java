package org.tinc4j.impl.mesh;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tinc4j.DropReason;
import org.tinc4j.NodeKey;
import org.tinc4j.NodeName;
import org.tinc4j.config.NodeSettings;
import org.tinc4j.event.TincEvent;
import org.tinc4j.impl.ephemeral.OpenNode;
import org.tinc4j.impl.fabric.FabricStream;
import org.tinc4j.impl.fabric.Host;

/** One node of a {@link MeshHarness}, and what came out of it. */
final class MeshTestNode {

    final MeshHarness harness;
    final Host host;
    final InetSocketAddress address;
    final NodeSettings settings;
    final NodeName name;
    final NodeKey key;
    final Mesh mesh;

    /** Times of attempts to connect, in seconds. */
    final List<Double> dials = new ArrayList<>();

    /** Inner packets written to the device. */
    final List<byte[]> delivered = new ArrayList<>();

    /** Those of its earlier lives as well. */
    final List<TincEvent> events;

    /** Datagrams sent by this node. */
    final List<byte[]> sentUdp = new ArrayList<>();

    /** What others got from it over TCP, in segments, one for each write unless its window was full: nearly all of it gossip without traffic. */
    long metaMessages;

    long metaBytes;
    int longestSegmentBytes;

    private final OpenNode node;

    MeshTestNode(MeshHarness harness, Host host, NodeSettings settings, List<TincEvent> events) {
        this.harness = harness;
        this.host = host;
        this.address = new InetSocketAddress(host.address(), MeshHarness.PORT);
        this.settings = settings;
        this.name = settings.name();
        this.key = settings.key();
        this.events = events;
        // A node that starts again makes other random numbers.
        this.node = harness.network().start(settings, host, harness.seed * 17 + name.hashCode() + Math.round(1e9 * harness.seconds()));
        this.mesh = node.mesh();
    }

    MeshNode peer(MeshTestNode other) {
        return mesh.state().known(other.name);
    }

    String ip() {
        return host.address().getHostAddress();
    }

    List<FabricStream> streams() {
        return node.streams();
    }

    Map<DropReason, Long> drops() {
        return node.drops();
    }

    /** Its end of the connection with another node that it dialled, or that dialled it. */
    FabricStream streamWith(MeshTestNode other) {
        return streams().stream()
                .filter(stream -> stream.remote().getAddress().equals(other.host.address()))
                .findFirst()
                .orElseThrow();
    }

    void settled() {
        node.settle();
    }

    void takeDelivered() {
        node.takeDelivered(delivered);
    }

    /** Ends every connection without the machine's doing, as the network does; both ends notice. */
    void dropConnections() {
        node.dropConnections();
    }

    void stopListening() {
        node.stopListening();
    }

    void listen() {
        node.listen();
    }

    /** The process is gone: its connections end, nothing is said. */
    void kill() {
        node.kill();
        harness.remove(this);
    }

    void datagram(byte[] datagram, InetSocketAddress from) {
        node.datagram(datagram, from);
        takeDelivered();
    }

    /** An inner packet from this node's device. */
    void send(byte[] packet) {
        node.outbound(packet);
        takeDelivered();
    }
}
