import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tinc4j.testing.EphemeralMesh;
import org.tinc4j.testing.EphemeralMeshBuilder;
import org.tinc4j.testing.MeshClock;
import org.tinc4j.testing.NatKind;
import org.tinc4j.testing.junit.Mesh;
import org.tinc4j.testing.junit.MeshCustomizer;

/** Meshes in tests. */
final class MeshTests {

    private MeshTests() {}

    static void byHand() {
        // @start region="by-hand"
        try (EphemeralMesh mesh = EphemeralMesh.of("orders", "billing", "hub")) {
            mesh.awaitConverged();
            mesh.partition("orders", "billing"); // they still reach each other through hub
            Optional<Duration> answer = mesh.node("orders").ping("billing");
        }
        // @end
    }

    // @start region="junit"
    static class OrdersTest {

        @Mesh({"orders", "billing", "hub"})
        EphemeralMesh mesh;

        @Test
        void survivesPartition() {
            mesh.awaitConverged();
            mesh.partition("orders", "billing"); // they still reach each other through hub
            assertTrue(mesh.node("orders").ping("billing").isPresent());
        }
    }
    // @end

    // @start region="customizer"
    static class BehindNat implements MeshCustomizer {
        @Override
        public void customize(EphemeralMeshBuilder builder) {
            builder.nat("office", NatKind.SYMMETRIC, "orders")
                    .link("billing", "hub", link -> link.withLatency(Duration.ofMillis(40)).withLoss(0.01));
        }
    }

    @Mesh(value = {"orders", "billing", "hub"}, topology = "star", clock = MeshClock.VIRTUAL, with = BehindNat.class)
    EphemeralMesh mesh;
    // @end
}
