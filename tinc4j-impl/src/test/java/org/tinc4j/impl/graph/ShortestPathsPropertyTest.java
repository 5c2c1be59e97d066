package org.tinc4j.impl.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tinc4j.NodeName;

class ShortestPathsPropertyTest {

    @Test
    void findsWhatTheLiteralSearchFinds() {
        for (long seed = 0; seed < 3000; seed++) {
            RandomMesh mesh = RandomMesh.of(seed, RandomMesh.Shape.ANY, 14);
            for (NodeName self : mesh.nodes()) {
                assertThat(ShortestPaths.compute(self, mesh.edges()))
                        .as("paths of %s, seed %d", self, seed)
                        .isEqualTo(LiteralShortestPaths.compute(self, mesh.nodes(), mesh.edges()));
            }
        }
    }

    @Test
    void reachesEveryNodeByFollowingNexthops() {
        for (long seed = 0; seed < 300; seed++) {
            RandomMesh mesh = RandomMesh.of(seed, RandomMesh.Shape.CONNECTED, 30);
            Map<NodeName, Map<NodeName, Path>> paths = new HashMap<>();
            mesh.nodes().forEach(name -> paths.put(name, ShortestPaths.compute(name, mesh.edges())));
            for (NodeName from : mesh.nodes()) {
                for (NodeName to : mesh.nodes()) {
                    Path path = paths.get(from).get(to);
                    assertThat(path).as("path %s to %s, seed %d", from, to, seed).isNotNull();
                    NodeName at = from;
                    for (int hop = 0; hop < path.distance(); hop++) {
                        at = paths.get(at).get(to).nexthop();
                    }
                    assertThat(at).as("where nexthops lead from %s to %s, seed %d", from, to, seed).isEqualTo(to);
                }
            }
        }
    }

    @Test
    void doesNotDependOnTheOrderInWhichEdgesCame() {
        for (long seed = 0; seed < 300; seed++) {
            RandomMesh mesh = RandomMesh.of(seed, RandomMesh.Shape.ANY, 14);
            EdgeTable backwards = new EdgeTable();
            mesh.edges().all().stream().toList().reversed().forEach(backwards::put);
            NodeName self = mesh.nodes().getFirst();
            assertThat(ShortestPaths.compute(self, backwards).entrySet())
                    .as("seed %d", seed)
                    .containsExactlyElementsOf(ShortestPaths.compute(self, mesh.edges()).entrySet());
        }
    }
}
