package org.tinc4j.impl.sockets;

import java.net.InetAddress;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.tinc4j.Device;
import org.tinc4j.NodeKey;
import org.tinc4j.Tinc;
import org.tinc4j.TincNode;

/** Two nodes with sockets in one JVM, over the system's loopback. */
final class TwoNodes implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    final TincNode near;
    final TincNode far;

    private TwoNodes(TincNode near, TincNode far) {
        this.near = near;
        this.far = far;
    }

    static TwoNodes start() throws Exception {
        return start(options -> options);
    }

    /** With options of the far one. */
    static TwoNodes start(UnaryOperator<Tinc.Builder> options) throws Exception {
        NodeKey nearKey = NodeKey.generate();
        NodeKey farKey = NodeKey.generate();
        TincNode far = options.apply(node("far", farKey, "10.8.0.2", "fd00:8::2")
                        .peer("near", peer -> peer.publicKey(nearKey.publicKey())))
                .start();
        int port = far.status().listening().getFirst().getPort();
        TincNode near = node("near", nearKey, "10.8.0.1", "fd00:8::1")
                .peer("far", peer -> peer.publicKey(farKey.publicKey()).endpoint("127.0.0.1", port))
                .start();
        near.awaitReachable("far", PATIENCE);
        far.awaitReachable("near", PATIENCE);
        near.ping("far").orElseThrow();
        far.ping("near").orElseThrow();
        return new TwoNodes(near, far);
    }

    private static Tinc.Builder node(String name, NodeKey key, String four, String six) {
        return Tinc.network("corp").name(name).key(key).subnet(four).subnet(six).listen("127.0.0.1", 0).device(Device.inProcess());
    }

    static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (java.net.UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        near.close();
        far.close();
    }
}
