package org.tinc4j.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tinc4j.Device;
import org.tinc4j.NodeKey;
import org.tinc4j.Tinc;
import org.tinc4j.TincNode;
import org.tinc4j.testkit.Netns;

/** Java nodes inside this JVM and a C daemon that relays between them, on the loopback interface. Needs no privilege. */
@RequiresTincd(RequiresTincd.Privilege.NONE)
class LoopbackIT {

    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final String LOOPBACK = "127.0.0.1";

    private final NodeKey leftKey = NodeKey.generate();
    private final NodeKey rightKey = NodeKey.generate();
    private final NodeKey hubKey = NodeKey.generate();

    @TempDir
    private Path directory;

    @Test
    void nodesThatDialADaemonPingEachOtherThroughIt() throws IOException, InterruptedException {
        NodeFiles files = hubFiles();
        try (CTincd hub = new CTincd(files)) {
            hub.start();
            try (TincNode left = dialling("left", leftKey, "10.7.0.1/32", hub.listeningPort());
                    TincNode right = dialling("right", rightKey, "10.7.0.2/32", hub.listeningPort())) {
                assertTheyTalk(left, right);
            }
        }
    }

    @Test
    void nodesThatADaemonDialsPingEachOtherThroughIt() throws IOException, InterruptedException {
        NodeFiles files = hubFiles();
        try (TincNode left = builder("left", leftKey, "10.7.0.1/32").peer("hub", peer -> peer.publicKey(hubKey.publicKey())).start();
                TincNode right = builder("right", rightKey, "10.7.0.2/32").peer("hub", peer -> peer.publicKey(hubKey.publicKey())).start();
                CTincd hub = new CTincd(files)) {
            dial(files, left);
            dial(files, right);
            hub.start();
            assertTheyTalk(left, right);
        }
    }

    private NodeFiles hubFiles() {
        NodeFiles files = new NodeFiles(new Site("hub", hubKey, Netns.ofThisJvm(), 0, 3, directory.resolve("hub")));
        files.server("DeviceType = dummy");
        files.server("BindToAddress = " + LOOPBACK);
        files.host("left", "Ed25519PublicKey = " + leftKey.publicKey());
        files.host("right", "Ed25519PublicKey = " + rightKey.publicKey());
        return files;
    }

    private static void dial(NodeFiles files, TincNode node) {
        files.server("ConnectTo = " + node.name());
        files.host(node.name().value(), "Address = " + LOOPBACK + " " + node.status().listening().get(0).getPort());
    }

    private TincNode dialling(String name, NodeKey key, String subnet, int hubPort) throws IOException {
        return builder(name, key, subnet)
                .peer("hub", peer -> peer.publicKey(hubKey.publicKey()).endpoint(LOOPBACK, hubPort))
                .start();
    }

    private static Tinc.Builder builder(String name, NodeKey key, String subnet) {
        return Tinc.network("loopback").name(name).key(key).subnet(subnet).listen(LOOPBACK, 0).device(Device.inProcess());
    }

    private static void assertTheyTalk(TincNode left, TincNode right) throws IOException, InterruptedException {
        left.awaitReachable("right", LIMIT);
        right.awaitReachable("left", LIMIT);
        // The first requests are lost while the nodes ask for each other's key and agree on data keys; ping repeats them for 5 s.
        assertThat(left.ping("right")).isPresent();
        assertThat(right.ping("left")).isPresent();
    }
}
