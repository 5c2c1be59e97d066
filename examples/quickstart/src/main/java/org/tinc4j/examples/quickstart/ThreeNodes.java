package org.tinc4j.examples.quickstart;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.tinc4j.Device;
import org.tinc4j.NodeKey;
import org.tinc4j.NodeStatus.PeerStatus;
import org.tinc4j.PathKind;
import org.tinc4j.Tinc;
import org.tinc4j.TincNode;
import org.tinc4j.event.TincEvent;

/** A mesh of three nodes. Alpha and beta each know gamma's key and address, and nothing of one another. */
final class ThreeNodes implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Paths are looked at again after this, though no event came. */
    private static final Duration LONGEST_LOOK_AWAY = Duration.ofMillis(250);

    private final Semaphore pathChanges = new Semaphore(0);
    private final TincNode gamma;
    private final TincNode alpha;
    private final TincNode beta;

    private ThreeNodes() throws IOException {
        NodeKey alphaKey = NodeKey.generate();
        NodeKey betaKey = NodeKey.generate();
        NodeKey gammaKey = NodeKey.generate();
        gamma = node("gamma", gammaKey, "10.77.0.3")
                .peer("alpha", peer -> peer.publicKey(alphaKey.publicKey()))
                .peer("beta", peer -> peer.publicKey(betaKey.publicKey()))
                .start();
        int gammaPort = address(gamma).getPort();
        try {
            alpha = node("alpha", alphaKey, "10.77.0.1")
                    .peer("gamma", peer -> peer.publicKey(gammaKey.publicKey()).endpoint("127.0.0.1", gammaPort))
                    .start();
        } catch (IOException | RuntimeException e) {
            gamma.close();
            throw e;
        }
        try {
            beta = node("beta", betaKey, "10.77.0.2")
                    .peer("gamma", peer -> peer.publicKey(gammaKey.publicKey()).endpoint("127.0.0.1", gammaPort))
                    .start();
        } catch (IOException | RuntimeException e) {
            alpha.close();
            gamma.close();
            throw e;
        }
    }

    private Tinc.Builder node(String name, NodeKey key, String subnet) {
        return Tinc.network("quickstart")
                .name(name)
                .key(key)
                .subnet(subnet)
                .listen("127.0.0.1", 0)
                .device(Device.inProcess())
                .listener(event -> {
                    if (event instanceof TincEvent.PathChanged) {
                        pathChanges.release();
                    }
                });
    }

    /** Opens the sockets of all three and lets alpha and beta dial. */
    static ThreeNodes start() throws IOException {
        return new ThreeNodes();
    }

    List<TincNode> all() {
        return List.of(alpha, beta, gamma);
    }

    TincNode alpha() {
        return alpha;
    }

    TincNode beta() {
        return beta;
    }

    TincNode gamma() {
        return gamma;
    }

    static InetSocketAddress address(TincNode node) {
        return node.status().listening().getFirst();
    }

    /** Waits until each node knows a way to each other. */
    void awaitMesh() throws IOException, InterruptedException {
        for (TincNode node : all()) {
            for (TincNode other : all()) {
                if (node != other) {
                    node.awaitReachable(other.name().value(), PATIENCE);
                }
            }
        }
    }

    /**
     * Waits until packets go straight from each node to each other. Paths are only sought to nodes one talks to, so it talks.
     *
     * @param mtuBytes the path MTU that has to be confirmed as well
     */
    void awaitDirectPaths(int mtuBytes) throws IOException, InterruptedException, StepFailedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            String missing = null;
            for (TincNode node : all()) {
                for (TincNode other : all()) {
                    if (node != other && !isDirect(path(node, other), mtuBytes)) {
                        missing = "packets from " + node.name() + " to " + other.name() + " still go "
                                + path(node, other).path() + " with a path MTU of " + path(node, other).pmtuBytes() + " bytes";
                        node.ping(other.name().value());
                    }
                }
            }
            if (missing == null) {
                return;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new StepFailedException("after " + PATIENCE.toSeconds() + " s " + missing + ", not direct with " + mtuBytes);
            }
            pathChanges.tryAcquire(LONGEST_LOOK_AWAY.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static boolean isDirect(PeerStatus path, int mtuBytes) {
        return path.path() == PathKind.DIRECT && path.udpConfirmed() && path.pmtuBytes() >= mtuBytes;
    }

    /** What one node knows of another. */
    static PeerStatus path(TincNode from, TincNode to) throws StepFailedException {
        return from.status().node(to.name().value())
                .orElseThrow(() -> new StepFailedException(from.name() + " does not know " + to.name()));
    }

    @Override
    public void close() {
        beta.close();
        alpha.close();
        gamma.close();
    }
}
