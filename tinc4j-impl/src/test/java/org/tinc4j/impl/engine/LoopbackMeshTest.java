package org.tinc4j.impl.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.tinc4j.Device;
import org.tinc4j.NodeKey;
import org.tinc4j.Tinc;
import org.tinc4j.TincNode;

/** Whole nodes in one JVM over the sockets of this machine: that all parts fit. What is not about sockets is tested on ephemeral meshes. */
class LoopbackMeshTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static Tinc.Builder node(String name, NodeKey key, String subnet) {
        return Tinc.network("loop").name(name).key(key).subnet(subnet).listen("127.0.0.1", 0).device(Device.inProcess());
    }

    private static int port(TincNode node) {
        return node.status().listening().getFirst().getPort();
    }

    @Test
    void twoNodesThatOnlyKnowTheThirdPingEachOther() throws Exception {
        NodeKey hubKey = NodeKey.generate();
        NodeKey leftKey = NodeKey.generate();
        NodeKey rightKey = NodeKey.generate();
        try (TincNode hub = node("hub", hubKey, "10.7.0.1")
                        .peer("left", peer -> peer.publicKey(leftKey.publicKey()))
                        .peer("right", peer -> peer.publicKey(rightKey.publicKey()))
                        .start();
                TincNode left = node("left", leftKey, "10.7.0.2")
                        .peer("hub", peer -> peer.publicKey(hubKey.publicKey()).endpoint("127.0.0.1", port(hub)))
                        .start();
                TincNode right = node("right", rightKey, "10.7.0.3")
                        .peer("hub", peer -> peer.publicKey(hubKey.publicKey()).endpoint("127.0.0.1", port(hub)))
                        .start()) {
            left.awaitReachable("right", PATIENCE);
            right.awaitReachable("left", PATIENCE);

            assertThat(left.ping("hub")).isPresent();
            assertThat(left.ping("right")).isPresent();
            assertThat(right.ping("left")).isPresent();
        }
    }
}
