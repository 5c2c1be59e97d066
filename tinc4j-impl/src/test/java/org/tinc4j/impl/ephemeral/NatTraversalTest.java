package org.tinc4j.impl.ephemeral;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tinc4j.NodeStatus;
import org.tinc4j.PathKind;
import org.tinc4j.testing.EphemeralMesh;
import org.tinc4j.testing.EphemeralMeshBuilder;
import org.tinc4j.testing.NatKind;

/** Two nodes that meet through a public third: where holes can be punched they are, elsewhere the third relays. */
class NatTraversalTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            public               | public               | DIRECT
            public               | FULL_CONE            | DIRECT
            public               | RESTRICTED_CONE      | DIRECT
            public               | PORT_RESTRICTED_CONE | DIRECT
            public               | SYMMETRIC            | DIRECT
            FULL_CONE            | FULL_CONE            | DIRECT
            FULL_CONE            | RESTRICTED_CONE      | DIRECT
            FULL_CONE            | PORT_RESTRICTED_CONE | DIRECT
            FULL_CONE            | SYMMETRIC            | DIRECT
            RESTRICTED_CONE      | RESTRICTED_CONE      | DIRECT
            RESTRICTED_CONE      | PORT_RESTRICTED_CONE | DIRECT
            RESTRICTED_CONE      | SYMMETRIC            | DIRECT
            PORT_RESTRICTED_CONE | PORT_RESTRICTED_CONE | DIRECT
            PORT_RESTRICTED_CONE | SYMMETRIC            | RELAYED
            SYMMETRIC            | SYMMETRIC            | RELAYED
            """)
    void pathThroughTwoNats(String left, String right, PathKind expected) {
        assertThat(path(left, right)).as(left + " to " + right).isEqualTo(expected);
        assertThat(path(right, left)).as(right + " to " + left).isEqualTo(expected);
    }

    private static PathKind path(String left, String right) {
        EphemeralMeshBuilder builder = EphemeralMesh.builder().nodes("hub", "left", "right").topology("star").virtualTime();
        nat(builder, left, "left");
        nat(builder, right, "right");
        try (EphemeralMesh mesh = builder.start()) {
            mesh.awaitConverged();
            for (int second = 0; second < 20; second++) {
                assertThat(mesh.node("left").ping("right")).isPresent();
                mesh.advance(Duration.ofSeconds(1));
            }
            PathKind there = kind(mesh, "left", "right");
            assertThat(kind(mesh, "right", "left")).isEqualTo(there);
            return there;
        }
    }

    private static PathKind kind(EphemeralMesh mesh, String from, String to) {
        return mesh.node(from).status().node(to).map(NodeStatus.PeerStatus::path).orElseThrow();
    }

    private static void nat(EphemeralMeshBuilder builder, String kind, String node) {
        if (!kind.equals("public")) {
            builder.nat("box of " + node, NatKind.valueOf(kind), node);
        }
    }
}
