package org.tinc4j.impl.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.junit.Lifecycle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.tinc4j.Device;
import org.tinc4j.NodeKey;
import org.tinc4j.NodeName;
import org.tinc4j.Subnet;
import org.tinc4j.Tinc;
import org.tinc4j.config.NodeSettings;
import org.tinc4j.impl.crypto.AeadEngines;
import org.tinc4j.impl.crypto.EntropySource;
import org.tinc4j.impl.meta.HostilePeer;

/** A neighbour with a proper key says whatever it likes: the node lives on, keeps what is its own, and finds an end to every search. */
class MeshJazzerTest {

    private static final NodeKey KEY = NodeKey.generate();
    private static final NodeKey PEER_KEY = NodeKey.generate();
    private static final Subnet OWN = Subnet.parse("10.7.0.1");
    private static final Subnet PINNED = Subnet.parse("10.7.9.0/24");
    private static final NodeName PINNED_TO = new NodeName("bob");
    private static final EntropySource ENTROPY = out -> Arrays.fill(out, (byte) 7);
    private static final int CONNECTION = 1;
    private static final long MILLISECOND = 1_000_000;

    private static final NodeSettings SETTINGS = Tinc.network("fuzz")
            .name("alice")
            .key(KEY)
            .subnet(OWN)
            .device(Device.inProcess())
            .peer(HostilePeer.NAME.value(), peer -> peer.publicKey(PEER_KEY.publicKey()))
            .peer(PINNED_TO.value(), peer -> peer.publicKey(NodeKey.generate().publicKey()).subnet(PINNED.toString()))
            .settings();

    private final HostilePeer peer = new HostilePeer(PEER_KEY, SETTINGS.name(), KEY.publicKey(), ENTROPY);
    private final GreedyNetwork network = new GreedyNetwork();
    private final Mesh mesh = new Mesh(SETTINGS, network, ENTROPY, new Random(7), new AeadEngines(Optional.empty()).newEngine(), 0);
    private long nowNanos;

    static Stream<byte[]> sayings() {
        String ack = "4 655 10 700000c\n";
        String edges = ack + "12 1 mallory alice 192.0.2.1 655 700000c 10\n12 2 mallory bob 192.0.2.2 655 700000c 10\n"
                + "12 3 bob mallory 192.0.2.3 655 700000c 10\n";
        return Stream.of(
                        edges + "10 4 bob 10.7.9.0/24\n10 5 mallory 10.7.9.1\n10 6 alice 10.7.0.0/16\n11 7 alice 10.7.0.1\n@5",
                        edges + "13 8 mallory bob\n13 9 mallory alice\n14 a bob\n@1",
                        edges + "@1\n16 mallory alice AQIDBA -1 -1 -1 0\n16 bob alice AQ -1 -1 -1 0 192.0.2.9 655\n@20",
                        edges + "15 mallory alice 15 AQIDBA\n15 bob alice 19\n15 bob alice 20 AQ\n15 mallory bob 21 AQID\n@1",
                        edges + "22 bob alice 192.0.2.1 655\n23 bob alice 1400\n22 alice bob 192.0.2.1 655\n23 mallory bob 600",
                        ack + "12 1 alice mallory 192.0.2.1 655 0 -5\n12 2 alice carol 192.0.2.1 655 3 7\n13 3 alice mallory\n@6",
                        ack + "12 1 mallory bob 192.0.2.2 655 7000001 -10\n12 2 bob mallory 192.0.2.2 655 7000001 -10\n"
                                + "12 3 bob carol 192.0.2.2 655 7000001 -9\n12 4 carol bob 192.0.2.2 655 7000000 3\n"
                                + "12 5 carol mallory 192.0.2.2 655 7000000 3\n12 6 mallory carol 192.0.2.2 655 7000001 3\n@9\n@30",
                        ack + "17 40\n0000000000001234567890123456789012345678\n21 40\n!0000000000001234567890123456789012345678\n8\n9")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Each line is a record; a line {@code @x} lets time pass, as many seconds as the character has in its low bits. */
    @MethodSource("sayings")
    @FuzzTest(lifecycle = Lifecycle.PER_EXECUTION)
    void anAuthenticNeighbour(byte[] data) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 655);
        mesh.listening(655);
        mesh.settle(nowNanos);
        network.peers.put(CONNECTION, peer);
        mesh.onAccepted(CONNECTION, address, address, nowNanos);
        pump();
        for (String line : new String(data, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            if (line.startsWith("@")) {
                pass(line.length() > 1 ? line.charAt(1) & 31 : 0);
            } else if (!peer.established()) {
                return;
            } else if (line.startsWith("!")) {
                peer.raw(line.substring(1).getBytes(StandardCharsets.ISO_8859_1));
            } else {
                peer.record(line.getBytes(StandardCharsets.ISO_8859_1));
            }
            pump();
            nowNanos += MILLISECOND;
            mesh.tick(nowNanos);
            check();
        }
        mesh.shutdown(nowNanos);
    }

    private void pass(int seconds) {
        // Everybody is wanted, as if packets went to them.
        for (MeshNode node : mesh.state().nodes.values()) {
            if (node.tunnel.want(nowNanos)) {
                mesh.onWanted(node.tunnel, nowNanos);
            }
        }
        for (int i = 0; i < 4 * seconds + 1; i++) {
            nowNanos += 250 * MILLISECOND;
            mesh.tick(nowNanos);
        }
    }

    private void pump() {
        for (byte[] bytes = peer.next(); bytes != null; bytes = peer.next()) {
            mesh.onReceived(CONNECTION, bytes, bytes.length, nowNanos);
        }
    }

    private void check() {
        assertThat(mesh.ownSubnets()).isEqualTo(Set.of(OWN));
        for (MeshNode node : mesh.state().nodes.values()) {
            if (!node.name.equals(PINNED_TO)) {
                assertThat(node.subnets).noneMatch(PINNED::covers);
            }
        }
        assertThat(mesh.nanosToNextTick(nowNanos)).isNotNegative();
        assertThat(network.table.self().name()).isEqualTo(SETTINGS.name());
    }
}
