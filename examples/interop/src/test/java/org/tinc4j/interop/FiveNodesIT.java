package org.tinc4j.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Three Java nodes and two C daemons, connected as a ring with one chord missing:
 *
 * <pre>
 * j1 -> c1 -> j2 -> c2 -> j3      j3 -> c1
 * </pre>
 */
@RequiresTincd
class FiveNodesIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    void everyPairPings() {
        try (Mesh mesh = Mesh.of("five")) {
            JavaNode j1 = mesh.java("j1");
            CTincd c1 = mesh.tincd("c1");
            JavaNode j2 = mesh.java("j2");
            CTincd c2 = mesh.tincd("c2");
            JavaNode j3 = mesh.java("j3");
            mesh.dial(j1, c1).dial(c1, j2).dial(j2, c2).dial(c2, j3).dial(j3, c1);
            mesh.start(LIMIT);

            List<MeshNode> nodes = mesh.nodes();
            for (MeshNode from : nodes) {
                for (MeshNode to : nodes) {
                    if (from != to) {
                        Traffic.awaitPing(from, to, LIMIT);
                        assertThat(Traffic.ping(from, to.site().overlay6(), 2).lost()).as("%s to %s", from.name(), to.name()).isZero();
                    }
                }
            }
        }
    }
}
