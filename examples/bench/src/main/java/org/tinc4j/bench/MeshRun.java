package org.tinc4j.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.tinc4j.Device;
import org.tinc4j.NodeKey;
import org.tinc4j.NodeStatus;
import org.tinc4j.Tinc;
import org.tinc4j.TincNode;
import org.tinc4j.event.TincEvent;

/**
 * One mesh, formed in this process over loopback sockets through the public API, measured and closed.
 *
 * @param topology who dialled whom
 * @param nodes how many
 * @param reachableMillis from the first call of {@code start()} until every node had reported every other one as reachable
 * @param heapBytesPerNode heap in use by then, after collections, less that before, for each node
 * @param heapBytesPerNodeAfterPings the same after every node has exchanged keys and packets with two others
 * @param virtualThreadsPerNode threads named after the nodes
 * @param platformThreads platform threads that were not there before, of the whole mesh
 * @param closeMillis to close all nodes, one after the other
 */
record MeshRun(
        Topology topology,
        int nodes,
        double reachableMillis,
        double heapBytesPerNode,
        double heapBytesPerNodeAfterPings,
        double virtualThreadsPerNode,
        int platformThreads,
        double closeMillis) {

    private static final String NETWORK = "bench";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /**
     * Forms a mesh.
     *
     * @param topology who dials whom
     * @param nodes from 2 to 250
     * @param random chooses where the topology leaves a choice
     * @return what was measured
     * @throws IOException if a node fails, or does not reach all others
     */
    static MeshRun measure(Topology topology, int nodes, Random random) throws IOException, InterruptedException {
        List<NodeKey> keys = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            keys.add(NodeKey.generate());
        }
        List<Set<Integer>> dials = topology.dials(nodes, random);
        int platformBefore = ThreadCensus.take(NETWORK).platform();
        long heapBefore = Heap.usedBytes();
        List<TincNode> mesh = new ArrayList<>();
        try {
            Reachability reachability = new Reachability(nodes);
            long start = System.nanoTime();
            for (int i = 0; i < nodes; i++) {
                mesh.add(start(i, keys, dials, reachability));
            }
            for (int i = 0; i < nodes; i++) {
                for (int other : dials.get(i)) {
                    NodeStatus target = mesh.get(other).status();
                    mesh.get(i).addPeer(name(other), peer -> peer.publicKey(keys.get(other).publicKey())
                            .endpoint("127.0.0.1", target.listening().getFirst().getPort()));
                }
            }
            reachability.await(mesh);
            double reachableMillis = millisSince(start);
            ThreadCensus threads = ThreadCensus.take(NETWORK);
            double heap = (double) (Heap.usedBytes() - heapBefore) / nodes;
            ping(mesh);
            double heapAfterPings = (double) (Heap.usedBytes() - heapBefore) / nodes;

            long closing = System.nanoTime();
            mesh.forEach(TincNode::close);
            return new MeshRun(
                    topology,
                    nodes,
                    reachableMillis,
                    heap,
                    heapAfterPings,
                    (double) threads.virtual() / nodes,
                    threads.platform() - platformBefore,
                    millisSince(closing));
        } finally {
            mesh.forEach(TincNode::close);
        }
    }

    /** A node that knows the keys of those it will have a connection with, and dials nobody yet: ports are not known. */
    private static TincNode start(int number, List<NodeKey> keys, List<Set<Integer>> dials, Reachability reachability)
            throws IOException {
        Tinc.Builder builder = Tinc.network(NETWORK)
                .name(name(number))
                .key(keys.get(number))
                .subnet("10.7.0." + (number + 1))
                .listen("127.0.0.1", 0)
                .device(Device.inProcess())
                .listener(event -> reachability.onEvent(number, event));
        Set<Integer> neighbours = new TreeSet<>(dials.get(number));
        for (int other = 0; other < dials.size(); other++) {
            if (dials.get(other).contains(number)) {
                neighbours.add(other);
            }
        }
        for (int other : neighbours) {
            builder.peer(name(other), peer -> peer.publicKey(keys.get(other).publicKey()));
        }
        return builder.start();
    }

    private static String name(int number) {
        return "node" + number;
    }

    private static double millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e6;
    }

    /** Every node to the next: proves that reachable means what it says. */
    private static void ping(List<TincNode> mesh) throws IOException, InterruptedException {
        for (int i = 0; i < mesh.size(); i++) {
            String target = name((i + 1) % mesh.size());
            Optional<Duration> answer = mesh.get(i).ping(target);
            if (answer.isEmpty()) {
                throw new IOException(name(i) + " got no answer to its pings of " + target);
            }
        }
    }

    /** Counts down while nodes come to reach each other. Any thread. */
    private static final class Reachability {

        private final Map<Integer, Set<String>> missing = new ConcurrentHashMap<>();
        private final CountDownLatch done;

        Reachability(int nodes) {
            done = new CountDownLatch(nodes);
            for (int i = 0; i < nodes; i++) {
                Set<String> others = ConcurrentHashMap.newKeySet();
                for (int other = 0; other < nodes; other++) {
                    if (other != i) {
                        others.add(name(other));
                    }
                }
                missing.put(i, others);
            }
        }

        void onEvent(int node, TincEvent event) {
            Set<String> others = missing.get(node);
            if (event instanceof TincEvent.NodeReachable up && others.remove(up.node().value()) && others.isEmpty()) {
                done.countDown();
            }
        }

        void await(List<TincNode> mesh) throws IOException, InterruptedException {
            if (!done.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException("after " + PATIENCE.toSeconds() + " s some nodes do not reach all others: " + missing);
            }
            for (TincNode node : mesh) {
                for (NodeStatus.PeerStatus other : node.status().nodes()) {
                    if (!other.reachable()) {
                        throw new IOException(node.name() + " lost " + other.name() + " again");
                    }
                }
            }
        }
    }
}
