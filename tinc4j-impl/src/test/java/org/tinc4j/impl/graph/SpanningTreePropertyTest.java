package org.tinc4j.impl.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tinc4j.NodeName;

class SpanningTreePropertyTest {

    @Test
    void isEmptyForANodeAlone() {
        NodeName self = new NodeName("alone");

        assertThat(SpanningTree.neighbours(self, new EdgeTable(), Set.of(self))).isEmpty();
    }

    @Test
    void isWhatTheLiteralWalkFinds() {
        for (long seed = 0; seed < 2000; seed++) {
            RandomMesh mesh = RandomMesh.of(seed, RandomMesh.Shape.ANY, 14);
            for (NodeName self : mesh.nodes()) {
                Set<NodeName> reachable = ShortestPaths.compute(self, mesh.edges()).keySet();
                assertThat(SpanningTree.neighbours(self, mesh.edges(), reachable))
                        .as("tree at %s, seed %d", self, seed)
                        .isEqualTo(LiteralSpanningTree.neighbours(self, mesh.edges(), reachable));
            }
        }
    }

    @Test
    void isTheSameTreeOnEveryNodeAndReachesAll() {
        for (long seed = 0; seed < 300; seed++) {
            RandomMesh mesh = RandomMesh.of(seed, RandomMesh.Shape.CONNECTED, 30);
            Map<NodeName, Set<NodeName>> tree = new HashMap<>();
            for (NodeName self : mesh.nodes()) {
                tree.put(self, SpanningTree.neighbours(
                        self, mesh.edges(), ShortestPaths.compute(self, mesh.edges()).keySet()));
            }
            int ends = 0;
            for (NodeName self : mesh.nodes()) {
                for (NodeName neighbour : tree.get(self)) {
                    assertThat(tree.get(neighbour)).as("tree at %s, seed %d", neighbour, seed).contains(self);
                    ends++;
                }
            }
            assertThat(ends).as("ends of tree edges, seed %d", seed).isEqualTo(2 * (mesh.nodes().size() - 1));
            assertThat(flood(mesh.nodes().getFirst(), tree)).as("seed %d", seed).containsAll(mesh.nodes());
        }
    }

    private static Set<NodeName> flood(NodeName from, Map<NodeName, Set<NodeName>> tree) {
        Set<NodeName> seen = new HashSet<>(Set.of(from));
        ArrayDeque<NodeName> queue = new ArrayDeque<>(seen);
        while (!queue.isEmpty()) {
            for (NodeName neighbour : tree.get(queue.remove())) {
                if (seen.add(neighbour)) {
                    queue.add(neighbour);
                }
            }
        }
        return seen;
    }
}
