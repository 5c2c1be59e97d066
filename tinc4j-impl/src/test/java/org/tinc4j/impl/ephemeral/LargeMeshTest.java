package org.tinc4j.impl.ephemeral;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPLogger;
import org.tinc4j.testing.EphemeralMesh;

/** As many nodes as a test has time for; the benchmarks go on to 500. */
class LargeMeshTest {

    @Test
    void twoHundredNodesAroundOneConvergeAndTheLastReachesTheSecond() {
        try (EphemeralMesh mesh = EphemeralMesh.builder()
                .nodes(200)
                .everyNode(node -> node.logger(NOPLogger.NOP_LOGGER)) // Each would say of each that it became reachable.
                .topology("star")
                .virtualTime()
                .traceEntries(0)
                .start()) {
            mesh.awaitConverged();

            assertThat(mesh.node("n200").ping("n2")).isPresent();
        }
    }
}
