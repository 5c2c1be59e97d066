package org.tinc4j.impl.mesh;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Many nodes that come up, go down and flap together. */
class RestartStormTest {

    private static final int NODES = 100;

    private final MeshHarness harness = new MeshHarness(31);
    private final List<int[]> dials = new ArrayList<>();

    private MeshTestNode node(int i) {
        return harness.nodes.get(new org.tinc4j.NodeName("n" + i));
    }

    private void report(String what) {
        long messages = 0, bytes = 0, maxM = 0, maxB = 0;
        for (MeshTestNode n : harness.nodes.values()) {
            messages += n.metaMessages;
            bytes += n.metaBytes;
            maxM = Math.max(maxM, n.metaMessages);
            maxB = Math.max(maxB, n.metaBytes);
            n.metaMessages = 0;
            n.metaBytes = 0;
        }
        int edges = harness.nodes.values().iterator().next().mesh.state().edges.size();
        System.out.println("STORM " + what + " t=" + harness.seconds() + " edges " + edges + " mean msgs " + messages / harness.nodes.size()
                + " max " + maxM + " mean bytes " + bytes / harness.nodes.size() + " max " + maxB);
    }

    private void randomMesh() {
        Random random = new Random(5);
        for (int i = 0; i < NODES; i++) {
            harness.node("n" + i);
        }
        for (int i = 0; i < NODES; i++) {
            for (int c = 0; c < 3; c++) {
                int other = random.nextInt(NODES - 1);
                dials.add(new int[] {i, other >= i ? other + 1 : other});
            }
        }
    }

    private void connectAll() {
        for (int[] d : dials) {
            harness.connect(node(d[0]), node(d[1]));
        }
    }

    @Test
    void restart() {
        harness.tracing = false;
        randomMesh();
        connectAll();
        long t = System.nanoTime();
        System.out.println(harness.converge(Duration.ofSeconds(30)));
        harness.run(Duration.ofSeconds(10));
        report("up " + (System.nanoTime() - t) / 1e9);
        List<MeshTestNode> restarted = List.copyOf(harness.nodes.values());
        restarted.forEach(MeshTestNode::kill);
        restarted.forEach(harness::restart);
        connectAll();
        t = System.nanoTime();
        System.out.println(harness.converge(Duration.ofSeconds(30)));
        harness.run(Duration.ofSeconds(10));
        report("restart " + (System.nanoTime() - t) / 1e9);
        // connections dropped, memory kept
        for (MeshTestNode n : List.copyOf(harness.nodes.values())) {
            n.dropConnections();
        }
        t = System.nanoTime();
        harness.run(Duration.ofMillis(10));
        System.out.println(harness.converge(Duration.ofSeconds(30)));
        harness.run(Duration.ofSeconds(10));
        report("dropped " + (System.nanoTime() - t) / 1e9);
    }

    @Test
    void hub() {
        harness.tracing = false;
        randomMesh();
        connectAll();
        MeshTestNode hub = harness.node("hub");
        for (int i = 0; i < NODES; i++) {
            harness.connect(node(i), hub);
        }
        System.out.println(harness.converge(Duration.ofSeconds(30)));
        harness.run(Duration.ofSeconds(30));
        report("hub up");
        for (int flap = 0; flap < 10; flap++) {
            long t = System.nanoTime();
            harness.nodes.get(hub.name).dropConnections();
            harness.run(Duration.ofMillis(1500));
            for (int i = 0; i < NODES; i++) {
                node(i).mesh.reconnect(harness.now());
            }
            harness.run(Duration.ofMillis(500));
            report("flap " + flap + " " + (System.nanoTime() - t) / 1e9);
        }
        harness.run(Duration.ofSeconds(60));
        report("after");
    }
}
