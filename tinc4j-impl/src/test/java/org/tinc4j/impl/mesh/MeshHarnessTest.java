package org.tinc4j.impl.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.tinc4j.PathKind;

/** The harness itself, and the plainest meshes in it. */
class MeshHarnessTest {

    private static MeshHarness threeInARow(long seed) {
        MeshHarness harness = new MeshHarness(seed);
        MeshTestNode hub = harness.node("hub");
        MeshTestNode left = harness.node("left");
        MeshTestNode right = harness.node("right");
        harness.connect(left, hub);
        harness.connect(right, hub);
        return harness;
    }

    @Test
    void threeNodesInARowReachEachOther() {
        MeshHarness harness = threeInARow(1);

        assertThat(harness.converge(Duration.ofSeconds(2))).isTrue();
    }

    @Test
    void theSameSeedGivesTheSameTraceByteForByte() {
        String[] traces = new String[2];
        for (int i = 0; i < 2; i++) {
            MeshHarness harness = threeInARow(7);
            harness.wire(conditions -> conditions.withLoss(0.2).withMtu(576));
            harness.converge(Duration.ofSeconds(5));
            for (int n = 0; n < 20; n++) {
                Packets.sendUdp(harness, "left", "right", 200);
                harness.run(Duration.ofMillis(300));
            }
            traces[i] = harness.trace();
        }

        assertThat(traces[0]).hasSizeGreaterThan(1000).isEqualTo(traces[1]);
    }

    @Test
    void packetsBetweenLeavesFindTheDirectPath() {
        MeshHarness harness = threeInARow(3);
        harness.converge(Duration.ofSeconds(2));
        MeshTestNode left = harness.nodes.get(new org.tinc4j.NodeName("left"));
        MeshTestNode right = harness.nodes.get(new org.tinc4j.NodeName("right"));
        for (int n = 0; n < 100; n++) {
            Packets.sendUdp(harness, "left", "right", 200);
            harness.run(Duration.ofMillis(200));
        }

        assertThat(left.peer(right).path.min()).isEqualTo(1439);
        assertThat(right.delivered).hasSizeGreaterThan(90);
        assertThat(MeshSnapshot.of(left.mesh, java.time.Instant.EPOCH, java.util.List.of(), null, java.util.Map.of(), org.tinc4j.Capabilities.NONE)
                        .node("right").orElseThrow().path())
                .isEqualTo(PathKind.DIRECT);
    }
}
