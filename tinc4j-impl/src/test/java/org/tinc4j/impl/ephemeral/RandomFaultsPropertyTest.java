package org.tinc4j.impl.ephemeral;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tinc4j.Subnet;
import org.tinc4j.testing.EphemeralMesh;
import org.tinc4j.testing.EphemeralMeshBuilder;
import org.tinc4j.testing.EphemeralNode;
import org.tinc4j.testing.MeshTopology;
import org.tinc4j.testing.MeshTrace;
import org.tinc4j.testing.NatKind;

/**
 * Random meshes under random faults: what holds in all of them.
 *
 * <p>{@code -Dmesh.runs=5000} makes more runs than the few of every build, {@code -Dmesh.seed=N} repeats the one whose seed a failure printed.
 */
class RandomFaultsPropertyTest {

    private static final int RUNS = Integer.getInteger("mesh.runs", 150);

    private final Set<Long> sent = new HashSet<>();
    private final Set<Long> delivered = new HashSet<>();
    private long number;

    /** Whether the network doubles datagrams: a relay then passes both copies on, as it must, since it cannot tell. */
    private boolean duplicating;

    @Test
    void meshesHeal() throws Exception {
        Long repeated = Long.getLong("mesh.seed");
        int arrived = 0;
        for (long seed = repeated != null ? repeated : 1; seed <= (repeated != null ? repeated : RUNS); seed++) {
            sent.clear();
            delivered.clear();
            number = 0;
            run(seed);
            arrived += delivered.size();
        }
        // Else nothing below was about anything.
        assertThat(arrived).isGreaterThan(repeated != null ? 0 : RUNS);
    }

    private void run(long seed) throws Exception {
        Random random = new Random(seed);
        EphemeralMesh running = null;
        try (EphemeralMesh mesh = build(random, seed).start()) {
            running = mesh;
            mesh.nodes().forEach(EphemeralNode::packets);
            for (int step = 0; step < 8; step++) {
                fault(mesh, random);
                for (int i = 0; i < 3; i++) {
                    send(mesh, random);
                    mesh.advance(Duration.ofMillis(random.nextInt(1500)));
                    receive(mesh);
                }
            }
            mesh.heal();
            mesh.conditions(link -> link.withLoss(0).withDuplication(0).withUdpBlocked(false));
            for (EphemeralNode node : mesh.nodes()) {
                if (!node.running() && random.nextInt(3) > 0) {
                    node.start();
                    node.packets();
                }
            }
            // "After heal, every node agrees on reachability and subnets."
            mesh.awaitConverged(Duration.ofSeconds(60));
            receive(mesh);
            if (!duplicating) {
                noDatagramTwiceFromOneHost(mesh.trace());
            }
            List<EphemeralNode> alive = mesh.nodes().stream().filter(EphemeralNode::running).toList();
            noEdgeOfDeadNodes(mesh, alive);
            assertThat(delivered).isSubsetOf(sent);
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ": repeat with -Dmesh.seed=" + seed + "\n" + e.getMessage()
                    + (running == null ? "" : "\n" + running.trace().table()), e);
        }
    }

    private EphemeralMeshBuilder build(Random random, long seed) {
        int count = 3 + random.nextInt(5);
        EphemeralMeshBuilder builder = EphemeralMesh.builder().nodes(count).seed(seed).virtualTime();
        builder.topology(switch (random.nextInt(5)) {
            case 0 -> MeshTopology.full();
            case 1 -> MeshTopology.star("n1");
            case 2 -> MeshTopology.chain();
            case 3 -> MeshTopology.ring();
            default -> MeshTopology.random(1 + random.nextInt(3));
        });
        if (random.nextBoolean()) {
            // Nobody dials the last ones of a random topology or a star; elsewhere the mesh is smaller for it, which converged() knows.
            builder.nat("box", NatKind.values()[random.nextInt(4)], "n" + count);
        }
        double loss = random.nextInt(3) == 0 ? 0.1 : 0;
        double duplication = random.nextInt(3) == 0 ? 0.1 : 0;
        duplicating = duplication > 0;
        return builder.conditions(link -> link.withLatency(Duration.ofMillis(1 + random.nextInt(50))).withLoss(loss).withDuplication(duplication))
                .traceEntries(200_000);
    }

    private static void fault(EphemeralMesh mesh, Random random) {
        List<EphemeralNode> nodes = mesh.nodes();
        EphemeralNode one = nodes.get(random.nextInt(nodes.size()));
        EphemeralNode two = nodes.get(random.nextInt(nodes.size()));
        switch (random.nextInt(9)) {
            case 0 -> one.kill();
            case 1 -> one.stop();
            case 2, 3 -> {
                if (!one.running()) {
                    one.start();
                    one.packets();
                }
            }
            case 4 -> {
                List<String> left = new ArrayList<>();
                List<String> right = new ArrayList<>();
                nodes.forEach(node -> (random.nextBoolean() ? left : right).add(node.name().value()));
                mesh.partition(left, right);
            }
            case 5 -> mesh.heal();
            case 6 -> {
                if (one != two) {
                    mesh.cut(List.of(one.name().value()), List.of(two.name().value()));
                }
            }
            case 7 -> {
                if (one.running()) {
                    one.addSubnet(Subnet.parse("10.50." + random.nextInt(4) + "." + random.nextInt(250)));
                }
            }
            default -> mesh.conditions(link -> link.withUdpBlocked(!link.udpBlocked()));
        }
    }

    private void send(EphemeralMesh mesh, Random random) throws IOException {
        List<EphemeralNode> nodes = mesh.nodes();
        for (EphemeralNode from : nodes) {
            EphemeralNode to = nodes.get(random.nextInt(nodes.size()));
            if (from.running() && from != to) {
                sent.add(++number);
                from.packets().send(NumberedPacket.of(from.address(), to.address(), number));
            }
        }
    }

    private void receive(EphemeralMesh mesh) throws Exception {
        for (EphemeralNode node : mesh.nodes()) {
            while (node.running()) {
                Optional<ByteBuffer> packet = node.packets().receive(Duration.ZERO);
                if (packet.isEmpty()) {
                    break;
                }
                if (!NumberedPacket.is(packet.get())) {
                    continue;
                }
                assertThat(NumberedPacket.isFor(packet.get(), node.address())).as("delivered to the owner of its destination").isTrue();
                assertThat(delivered.add(NumberedPacket.number(packet.get()))).as("delivered once").isTrue();
            }
        }
    }

    private static void noEdgeOfDeadNodes(EphemeralMesh mesh, List<EphemeralNode> alive) {
        Set<String> names = new HashSet<>();
        alive.forEach(node -> names.add(node.name().value()));
        // Nobody asks at every event of half an hour.
        for (int minute = 0; minute < 30 && edgeOfDead(alive, names); minute++) {
            mesh.advance(Duration.ofMinutes(1));
        }
        assertThat(edgeOfDead(alive, names)).as("edges of dead nodes are still there").isFalse();
    }

    private static boolean edgeOfDead(List<EphemeralNode> alive, Set<String> names) {
        return alive.stream().anyMatch(node -> node.status().edges().stream()
                .anyMatch(edge -> !names.contains(edge.from().value()) || !names.contains(edge.to().value())));
    }

    /** A sealed datagram that is relayed stays the same, so a host that sends it twice sent it round a loop. */
    private static void noDatagramTwiceFromOneHost(MeshTrace trace) {
        assertThat(trace.entries().size()).as("the whole trace was kept").isEqualTo((int) trace.total());
        Set<String> seen = new HashSet<>();
        for (MeshTrace.Entry entry : trace.entries()) {
            if (entry.what().equals("udp sent")) {
                String content = entry.node() + " " + entry.detail().split(" ")[2];
                assertThat(seen.add(content)).as(entry.toString()).isTrue();
            }
        }
    }
}
