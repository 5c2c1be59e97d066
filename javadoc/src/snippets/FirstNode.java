import java.io.IOException;
import java.time.Duration;
import org.tinc4j.Device;
import org.tinc4j.NodeKey;
import org.tinc4j.Tinc;
import org.tinc4j.TincNode;

/** Two nodes in one process, the shortest way. */
final class FirstNode {

    private FirstNode() {}

    static void twoNodes() throws IOException, InterruptedException {
        // @start region="two-nodes"
        NodeKey hubKey = NodeKey.generate();
        NodeKey leafKey = NodeKey.generate();
        try (TincNode hub = Tinc.network("demo").name("hub").key(hubKey).subnet("10.7.0.1").port(6550)
                        .device(Device.inProcess())
                        .peer("leaf", peer -> peer.publicKey(leafKey.publicKey()))
                        .start();
                TincNode leaf = Tinc.network("demo").name("leaf").key(leafKey).subnet("10.7.0.2")
                        .device(Device.inProcess())
                        .peer("hub", peer -> peer.publicKey(hubKey.publicKey()).endpoint("127.0.0.1", 6550))
                        .start()) {
            hub.awaitReachable("leaf", Duration.ofSeconds(10));
            System.out.println(leaf.name() + " answers in " + hub.ping("leaf").orElseThrow());
        }
        // @end
    }
}
