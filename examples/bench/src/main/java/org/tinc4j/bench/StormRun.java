package org.tinc4j.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.tinc4j.NodeStatus;
import org.tinc4j.testing.EphemeralMesh;
import org.tinc4j.testing.EphemeralNode;
import org.tinc4j.testing.MeshTopology;
import org.tinc4j.testing.MeshTopology.Dial;

/**
 * What the nodes of one mesh sent through some trouble, in virtual time.
 *
 * @param trouble what happened, in a few words
 * @param nodes how many
 * @param simulatedSeconds that were counted
 * @param wallSeconds that took
 * @param pieces of TCP streams, mean over the nodes but the hub
 * @param mostPieces of the node that sent most, the hub apart
 * @param bytes in them, mean over the nodes but the hub
 * @param mostBytes of the node that sent most, the hub apart
 * @param hubPieces of the hub; 0 where there is none
 * @param hubBytes in them
 * @param datagrams mean over the nodes but the hub
 * @param announcements what one node knows afterwards: edges and subnets
 * @param connections meta connections of a node afterwards, mean over the nodes
 */
record StormRun(
        String trouble,
        int nodes,
        double simulatedSeconds,
        double wallSeconds,
        double pieces,
        double mostPieces,
        double bytes,
        double mostBytes,
        double hubPieces,
        double hubBytes,
        double datagrams,
        int announcements,
        double connections) {

    private static final String HUB = "hub";

    /** After a storm what was held back still goes out. */
    private static final Duration AFTERWARDS = Duration.ofSeconds(5);

    private static final Duration FLAP = Duration.ofSeconds(2);

    private interface Trouble {
        void befall(EphemeralMesh mesh, Traffic traffic);
    }

    /**
     * All of it: quiet for comparison, all nodes restarted together, and a hub that is killed and started again and again.
     *
     * @param nodes each with three connections; the hub comes on top
     * @param flapping how long the hub flaps
     * @param seed of the meshes
     * @param each told of each as it ends
     */
    static void measure(int nodes, Duration flapping, long seed, Consumer<StormRun> each) {
        Duration quiet = flapping.plus(AFTERWARDS);
        each.accept(run("quiet, " + quiet.toSeconds() + " s", nodes, false, seed, (mesh, traffic) -> {
            traffic.runUntil(() -> false, quiet);
        }));
        each.accept(run("all killed and started together", nodes, false, seed, (mesh, traffic) -> {
            mesh.nodes().forEach(EphemeralNode::kill);
            mesh.nodes().forEach(EphemeralNode::start);
            settle(traffic);
        }));
        each.accept(run("quiet with a hub, " + quiet.toSeconds() + " s", nodes, true, seed, (mesh, traffic) -> {
            traffic.runUntil(() -> false, quiet);
        }));
        each.accept(run("hub killed every 2 s for " + flapping.toSeconds() + " s", nodes, true, seed, (mesh, traffic) -> {
            for (Duration past = Duration.ZERO; past.compareTo(flapping) < 0; past = past.plus(FLAP)) {
                mesh.node(HUB).kill();
                traffic.runUntil(() -> false, FLAP.dividedBy(2));
                mesh.node(HUB).start();
                traffic.runUntil(() -> false, FLAP.dividedBy(2));
            }
            settle(traffic);
        }));
    }

    private static void settle(Traffic traffic) {
        traffic.awaitConverged(VirtualRun.PATIENCE);
        traffic.runUntil(() -> false, AFTERWARDS);
    }

    private static StormRun run(String name, int nodes, boolean hub, long seed, Trouble trouble) {
        try (EphemeralMesh mesh = EphemeralMesh.builder()
                .nodes(nodes)
                .nodes(hub ? new String[] {HUB} : new String[0])
                .topology((names, any) -> dials(names, hub, seed))
                .virtualTime()
                .seed(seed)
                .traceEntries(Traffic.traceEntries(nodes + 1))
                .start()) {
            mesh.awaitConverged(VirtualRun.PATIENCE);
            mesh.advance(AFTERWARDS);
            Traffic traffic = new Traffic(mesh);
            Duration before = mesh.elapsed();
            long wall = System.nanoTime();
            trouble.befall(mesh, traffic);
            double wallSeconds = (System.nanoTime() - wall) / 1e9;
            if (!mesh.converged()) {
                throw new AssertionError(name + ": " + mesh + " is not converged any more");
            }
            NodeStatus status = mesh.nodes().getFirst().status();
            Optional<Traffic.Sent> sentByHub = hub ? Optional.of(traffic.takeOut(HUB)) : Optional.empty();
            return new StormRun(
                    name,
                    mesh.nodes().size(),
                    mesh.elapsed().minus(before).toNanos() / 1e9,
                    wallSeconds,
                    traffic.mean(Traffic.Sent::streamPieces),
                    traffic.most(Traffic.Sent::streamPieces),
                    traffic.mean(Traffic.Sent::streamBytes),
                    traffic.most(Traffic.Sent::streamBytes),
                    sentByHub.map(Traffic.Sent::streamPieces).orElse(0L),
                    sentByHub.map(Traffic.Sent::streamBytes).orElse(0L),
                    traffic.mean(Traffic.Sent::datagrams),
                    status.edges().size()
                            + status.nodes().stream().mapToInt(node -> node.subnets().size()).sum(),
                    (double) status.edges().size() / mesh.nodes().size());
        }
    }

    /** Each of the others dials three by chance, and the hub. */
    private static List<Dial> dials(List<String> names, boolean hub, long seed) {
        List<String> others = hub ? names.subList(0, names.size() - 1) : names;
        List<Dial> dials = new ArrayList<>(MeshTopology.random(3).connections(others, seed));
        if (hub) {
            others.forEach(name -> dials.add(new Dial(name, HUB)));
        }
        return dials;
    }
}
