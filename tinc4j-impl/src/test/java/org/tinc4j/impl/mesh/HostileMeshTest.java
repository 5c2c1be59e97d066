package org.tinc4j.impl.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tinc4j.Device;
import org.tinc4j.NodeKey;
import org.tinc4j.NodeName;
import org.tinc4j.Tinc;
import org.tinc4j.impl.crypto.AeadEngines;
import org.tinc4j.impl.crypto.EntropySource;
import org.tinc4j.impl.meta.HostilePeer;

/** What members of the mesh may say and a node has to live with. */
class HostileMeshTest {

    private static final NodeName SELF = new NodeName("alice");
    private static final NodeKey KEY = NodeKey.generate();
    private static final NodeKey PEER_KEY = NodeKey.generate();
    private static final List<String> PEERS = List.of("mallory", "trudy", "victor");

    private final GreedyNetwork network = new GreedyNetwork();
    private final Mesh mesh = mesh();

    private Mesh mesh() {
        Tinc.Builder builder = Tinc.network("hostile").name(SELF.value()).key(KEY).device(Device.inProcess());
        for (String peer : PEERS) {
            builder.peer(peer, options -> options.publicKey(PEER_KEY.publicKey()));
        }
        return new Mesh(builder.settings(), network, EntropySource.system(), new Random(1), new AeadEngines(Optional.empty()).newEngine(), 0);
    }

    @Test
    void probesEndThoughNexthopsCircle() {
        connect("mallory", "4 655 6 7000001");
        connect("trudy", "4 655 18 7000000");
        connect("victor", "4 655 16 7000001");
        // With weights below zero, and edges that forbid direct contact, mallory's nexthop is victor and victor's is mallory.
        say("mallory alice", "7000001 3");
        say("mallory trudy", "7000001 7");
        say("mallory victor", "7000001 -7");
        say("mallory y", "7000000 -7");
        say("trudy alice", "7000000 8");
        say("trudy mallory", "7000000 8");
        say("trudy y", "7000000 -7");
        say("victor alice", "7000000 -5");
        say("victor mallory", "7000000 -7");
        say("victor y", "7000001 2");
        say("y mallory", "7000000 8");
        say("y trudy", "7000000 -1");
        say("y victor", "7000000 2");
        mesh.settle(0);
        MeshNode mallory = mesh.state().known(new NodeName("mallory"));
        MeshNode victor = mesh.state().known(new NodeName("victor"));
        assertThat(mesh.state().nexthop(mallory)).isSameAs(victor);
        assertThat(mesh.state().nexthop(victor)).isSameAs(mallory);

        mallory.tunnel.want(0);
        mesh.onWanted(mallory.tunnel, 0);

        assertThat(mesh.isReachable(mallory.name)).isTrue();
    }

    private void connect(String name, String ack) {
        int connection = mesh.nextConnection();
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 655);
        HostilePeer peer = new HostilePeer(new NodeName(name), PEER_KEY, SELF, KEY.publicKey(), EntropySource.system());
        network.peers.put(connection, peer);
        mesh.onAccepted(connection, address, address, 0);
        pump(connection, peer);
        say(connection, peer, ack);
    }

    private void say(String ends, String optionsAndWeight) {
        say(1, network.peers.get(1), "12 1 " + ends + " 192.0.2.1 655 " + optionsAndWeight);
    }

    private void say(int connection, HostilePeer peer, String request) {
        peer.record(request.getBytes(StandardCharsets.ISO_8859_1));
        pump(connection, peer);
    }

    private void pump(int connection, HostilePeer peer) {
        for (byte[] bytes = peer.next(); bytes != null; bytes = peer.next()) {
            mesh.onReceived(connection, bytes, bytes.length, 0);
        }
    }
}
