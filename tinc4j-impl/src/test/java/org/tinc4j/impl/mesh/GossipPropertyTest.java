package org.tinc4j.impl.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.tinc4j.NodeName;
import org.tinc4j.Subnet;
import org.tinc4j.impl.graph.Edge;

/** Whatever happened to a mesh: once it is left alone, all nodes agree on what is true, and the dead are forgotten. */
class GossipPropertyTest {

    private static final int RUNS = Integer.getInteger("gossip.runs", 60);
    /** Found faults once. */
    private static final List<Long> KNOWN = List.of(101129L, 900272L);

    private static final long SEED = Long.getLong("fuzz.seed", 4711);

    /** A mesh of one run. */
    private static final class Run {
        final MeshHarness harness;
        final Random random;
        final List<MeshTestNode> alive = new ArrayList<>();
        final List<MeshTestNode> dead = new ArrayList<>();
        final List<NodeName[]> dials = new ArrayList<>();
        final List<MeshTestNode[]> cuts = new ArrayList<>();

        Run(long seed) {
            harness = new MeshHarness(seed);
            harness.tracing = false;
            random = new Random(seed);
            int count = 3 + random.nextInt(8);
            for (int i = 0; i < count; i++) {
                alive.add(harness.node("n" + i));
            }
            for (int i = 1; i < count; i++) {
                dial(alive.get(i), alive.get(random.nextInt(i)));
            }
            for (int i = random.nextInt(2 * count); i > 0; i--) {
                connectTwo();
            }
        }

        void dial(MeshTestNode from, MeshTestNode to) {
            dials.add(new NodeName[] {from.name, to.name});
            harness.connect(from, to);
        }

        MeshTestNode any() {
            return alive.get(random.nextInt(alive.size()));
        }

        void connectTwo() {
            MeshTestNode a = any();
            MeshTestNode b = any();
            if (a != b) {
                dial(a, b);
            }
        }

        void step() {
            MeshTestNode node = any();
            Subnet subnet = Subnet.parse("10.9." + random.nextInt(3) + ".0/24");
            switch (random.nextInt(10)) {
                case 0 -> connectTwo();
                case 1 -> cut(node, any());
                case 2 -> heal();
                case 3, 4 -> node.dropConnections();
                case 5 -> {
                    if (alive.size() > 2) {
                        alive.remove(node);
                        dead.add(node);
                        node.kill();
                    }
                }
                case 6 -> {
                    if (!dead.isEmpty()) {
                        restart(dead.remove(random.nextInt(dead.size())));
                    }
                }
                case 7 -> node.mesh.addSubnet(subnet, harness.now());
                case 8 -> node.mesh.removeSubnet(subnet, harness.now());
                default -> latency(200_000L << random.nextInt(10));
            }
            harness.run(Duration.ofMillis(1L << random.nextInt(14)));
        }

        void latency(long nanos) {
            harness.wire(conditions -> conditions.withLatency(Duration.ofNanos(nanos)));
        }

        void cut(MeshTestNode a, MeshTestNode b) {
            if (a != b) {
                cuts.add(new MeshTestNode[] {a, b});
                harness.cut(a, b);
            }
        }

        void heal() {
            cuts.forEach(ends -> harness.heal(ends[0], ends[1]));
            cuts.clear();
        }

        void restart(MeshTestNode killed) {
            MeshTestNode node = harness.restart(killed);
            alive.add(node);
            for (NodeName[] ends : List.copyOf(dials)) {
                MeshTestNode from = harness.nodes.get(ends[0]);
                MeshTestNode to = harness.nodes.get(ends[1]);
                if (from != null && to != null && (from == node || to == node)) {
                    harness.connect(from, to);
                }
            }
        }

        /** Everything works again; the dead stay dead. Longer than a dead connection goes unnoticed. */
        void quiet() {
            heal();
            latency(1_000_000L);
            harness.run(Duration.ofSeconds(70));
            alive.forEach(node -> node.mesh.reconnect(harness.now()));
            harness.run(Duration.ofSeconds(40));
        }

        /** Who is connected with whom, by the connections themselves. */
        Map<NodeName, Set<NodeName>> connections() {
            Map<NodeName, Set<NodeName>> all = new HashMap<>();
            for (MeshTestNode node : alive) {
                Set<NodeName> peers = new TreeSet<>();
                node.mesh.state().activeSessions().forEach(session -> peers.add(session.peer()));
                all.put(node.name, peers);
            }
            return all;
        }

        void agree() {
            Map<NodeName, Set<NodeName>> connections = connections();
            for (MeshTestNode a : alive) {
                Set<NodeName> reached = reached(a.name, connections);
                for (MeshTestNode b : alive) {
                    assertThat(a.mesh.isReachable(b.name)).as("%s reaches %s", a.name, b.name).isEqualTo(reached.contains(b.name));
                    if (!reached.contains(b.name)) {
                        continue;
                    }
                    assertThat(edges(a, reached)).as("edges at %s and %s", a.name, b.name)
                            .containsExactlyElementsOf(edges(b, reached));
                    assertThat(a.mesh.state().edges.from(b.name).stream().map(edge -> edge.to()))
                            .containsExactlyInAnyOrderElementsOf(connections.get(b.name));
                    assertThat(a.peer(b).subnets).containsExactlyInAnyOrderElementsOf(b.mesh.ownSubnets());
                }
                for (MeshTestNode gone : dead) {
                    assertThat(a.mesh.isReachable(gone.name)).isFalse();
                }
            }
        }

        /** Those of nodes that are there. What is left of others leads nowhere, and goes with the purge. */
        private static List<Edge> edges(MeshTestNode node, Set<NodeName> reached) {
            return node.mesh.state().edges.all().stream().filter(edge -> reached.contains(edge.from())).toList();
        }

        private static Set<NodeName> reached(NodeName from, Map<NodeName, Set<NodeName>> connections) {
            Set<NodeName> reached = new TreeSet<>(Set.of(from));
            Deque<NodeName> next = new ArrayDeque<>(reached);
            while (!next.isEmpty()) {
                for (NodeName peer : connections.get(next.remove())) {
                    if (reached.add(peer)) {
                        next.add(peer);
                    }
                }
            }
            return reached;
        }

        void theDeadAreForgotten() {
            for (MeshTestNode node : alive) {
                MeshState state = node.mesh.state();
                for (MeshTestNode gone : dead) {
                    assertThat(state.edges.mentions(gone.name)).as("edges of %s at %s", gone.name, node.name).isFalse();
                    MeshNode known = state.known(gone.name);
                    assertThat(known == null || known.subnets.isEmpty()).isTrue();
                    assertThat(known != null).isEqualTo(state.peers.get(gone.name).isPresent());
                }
                assertThat(state.announcements.quiet()).isTrue();
                assertThat(state.announcements.size()).isEqualTo(state.edges.size() + state.subnetCount);
                assertThat(state.seen.size()).isZero();
                assertThat(state.byId).hasSameSizeAs(state.nodes);
            }
        }
    }

    @Test
    void nodesAgreeOnceTheyAreLeftAlone() {
        for (long seed : LongStream.concat(LongStream.range(SEED, SEED + RUNS), KNOWN.stream().mapToLong(known -> known)).toArray()) {
            Run run = new Run(seed);
            try {
                run.harness.run(Duration.ofMillis(run.random.nextInt(3000)));
                for (int i = 5 + run.random.nextInt(30); i > 0; i--) {
                    run.step();
                }
                run.quiet();
                run.agree();
                run.harness.run(Duration.ofNanos(Purge.UNREACHABLE_NANOS + Purge.JITTER_NANOS).plusSeconds(150));
                run.agree();
                run.theDeadAreForgotten();
            } catch (Throwable e) {
                run.harness.log.forEach(System.out::println);
                throw new AssertionError("repeat with -Dfuzz.seed=" + seed, e);
            }
        }
    }
}
