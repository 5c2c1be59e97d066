package org.tinc4j.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import org.tinc4j.testing.EphemeralMesh;
import org.tinc4j.testing.EphemeralMeshBuilder;

/**
 * One mesh formed in virtual time, from nothing until every node reaches every other one and knows its subnets.
 *
 * @param topology as in {@link org.tinc4j.testing.MeshTopology#named}
 * @param nodes how many
 * @param wallSeconds from building it until it had settled
 * @param cpuSeconds of the one thread that runs it, in that time: leaves out what the machine did otherwise, and the collection of garbage
 * @param simulatedSeconds that passed in the mesh
 * @param heapBytesPerNode in use when it had settled, after collections, less that before, for each node
 * @param eventsPerNode entries of the trace, for each node
 * @param digest of the trace: equal where the same happened
 */
record VirtualRun(
        String topology,
        int nodes,
        double wallSeconds,
        double cpuSeconds,
        double simulatedSeconds,
        double heapBytesPerNode,
        double eventsPerNode,
        String digest) {

    /** In the mesh's time. Ten times what the largest took. */
    static final Duration PATIENCE = Duration.ofSeconds(100);

    /**
     * What the nodes of a mesh sent until it had settled.
     *
     * @param topology as above
     * @param nodes how many
     * @param pieces of TCP streams, mean over the nodes
     * @param bytes in them, mean over the nodes
     * @param mostBytes the same, of the node that sent most
     */
    record Sent(String topology, int nodes, double pieces, double bytes, double mostBytes) {}

    static EphemeralMeshBuilder mesh(String topology, int nodes, long seed) {
        return EphemeralMesh.builder().nodes(nodes).topology(topology).virtualTime().seed(seed);
    }

    /** Forms a mesh and measures. */
    static VirtualRun measure(String topology, int nodes, long seed) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long heapBefore = Heap.usedBytes();
        long wall = System.nanoTime();
        long cpu = threads.getCurrentThreadCpuTime();
        try (EphemeralMesh mesh = mesh(topology, nodes, seed).traceEntries(0).start()) {
            mesh.awaitConverged(PATIENCE);
            double cpuSeconds = (threads.getCurrentThreadCpuTime() - cpu) / 1e9;
            double wallSeconds = (System.nanoTime() - wall) / 1e9;
            return new VirtualRun(
                    topology,
                    nodes,
                    wallSeconds,
                    cpuSeconds,
                    mesh.elapsed().toNanos() / 1e9,
                    (double) (Heap.usedBytes() - heapBefore) / nodes,
                    (double) mesh.trace().total() / nodes,
                    mesh.trace().digest());
        }
    }

    /** The same mesh again, and what its nodes sent: reading the trace takes time, so it is not done where time is measured. */
    static Sent sent(String topology, int nodes, long seed) {
        try (EphemeralMesh mesh = mesh(topology, nodes, seed).traceEntries(Traffic.traceEntries(nodes)).start()) {
            Traffic traffic = new Traffic(mesh);
            traffic.awaitConverged(PATIENCE);
            return new Sent(
                    topology,
                    nodes,
                    traffic.mean(Traffic.Sent::streamPieces),
                    traffic.mean(Traffic.Sent::streamBytes),
                    traffic.most(Traffic.Sent::streamBytes));
        }
    }

    double wallPerSimulated() {
        return wallSeconds / simulatedSeconds;
    }
}
