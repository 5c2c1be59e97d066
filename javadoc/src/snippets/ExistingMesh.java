import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.tinc4j.Device;
import org.tinc4j.NodeKey;
import org.tinc4j.Tinc;
import org.tinc4j.TincNode;

/** Joining nodes that run already, C daemons for example. */
final class ExistingMesh {

    private ExistingMesh() {}

    static void makeKey() throws IOException {
        // @start region="make-key"
        NodeKey key = NodeKey.generate();
        key.write(Path.of("ed25519_key.priv"));
        System.out.println("Ed25519PublicKey = " + key.publicKey()); // goes into hosts/orders on the hub
        // @end
    }

    static void byHand(String hubKey) throws IOException, InterruptedException {
        // @start region="by-hand"
        try (TincNode node = Tinc.network("corp")
                .name("orders")
                .key(Path.of("ed25519_key.priv"))
                .subnet("10.7.0.5/32")
                .device(Device.auto())
                .peer("hub", hub -> hub.publicKey(hubKey).endpoint("hub.example.net", 655))
                .start()) {
            node.awaitReachable("hub", Duration.ofSeconds(10));
            System.out.println("hub answers in " + node.ping("hub").orElseThrow());
        }
        // @end
    }

    static void fromDirectory() throws IOException, InterruptedException {
        // @start region="from-directory"
        try (TincNode node = Tinc.load(Path.of("/etc/tinc/corp")).device(Device.inProcess()).start()) {
            node.awaitReachable("hub", Duration.ofSeconds(10));
        }
        // @end
    }
}
