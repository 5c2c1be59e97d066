package org.tinc4j.examples.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tinc4j.testing.EphemeralMesh;
import org.tinc4j.testing.MeshClock;
import org.tinc4j.testing.junit.Mesh;

/**
 * How long the service has to bridge when a line breaks, measured in virtual time: twenty minutes take a moment, and every run finds the
 * same figures.
 */
class OutageTest {

    @Mesh(value = {"orders", "inventory", "hub"}, clock = MeshClock.VIRTUAL)
    private EphemeralMesh mesh;

    @Test
    void aBadLineNeverStopsOrdersForLong() {
        mesh.awaitConverged();
        outage();
        mesh.advance(Duration.ofSeconds(5)); // until they have found the direct way
        List<Duration> outages = new ArrayList<>();
        while (mesh.elapsed().compareTo(Duration.ofMinutes(20)) < 0) {
            mesh.partition("orders", "inventory");
            outages.add(outage());
            mesh.advance(Duration.ofSeconds(20));
            mesh.heal();
            outages.add(outage());
            mesh.advance(Duration.ofSeconds(40));
        }
        assertThat(outages).hasSizeGreaterThan(30).allMatch(outage -> outage.compareTo(Duration.ofSeconds(3)) < 0);
    }

    /** From now until a packet gets from one to the other and back. */
    private Duration outage() {
        Duration begin = mesh.elapsed();
        Optional<Duration> answer = Optional.empty();
        while (answer.isEmpty()) {
            answer = mesh.node("orders").ping(mesh.node("inventory").address(), Duration.ofMillis(100));
        }
        return mesh.elapsed().minus(begin).minus(answer.get());
    }
}
