package org.tinc4j.impl.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tinc4j.impl.graph.RandomMesh.connect;
import static org.tinc4j.impl.graph.RandomMesh.edge;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tinc4j.NodeName;

class ShortestPathsTest {

    private static final NodeName MYSELF = new NodeName("myself");
    private static final NodeName MARS = new NodeName("mars");
    private static final NodeName SATURN = new NodeName("saturn");
    private static final NodeName NEPTUNE = new NodeName("neptune");

    private final EdgeTable edges = new EdgeTable();

    @Test
    void startsWithTheNodeItself() {
        assertThat(ShortestPaths.compute(MYSELF, edges))
                .containsExactly(Map.entry(MYSELF, new Path(MYSELF, MYSELF, 0, 0, 0, false, null)));
    }

    @Test
    void prefersTheCheaperOfTwoPathsOfTheSameLength() {
        connect(edges, "myself", "mars", 50, 0);
        connect(edges, "mars", "neptune", 1000, 0);
        connect(edges, "myself", "saturn", 500, 0);
        connect(edges, "saturn", "neptune", 10, 0);

        Map<NodeName, Path> paths = ShortestPaths.compute(MYSELF, edges);

        assertThat(paths.get(NEPTUNE))
                .isEqualTo(new Path(SATURN, NEPTUNE, 2, 510, 0, false, edges.get(SATURN, NEPTUNE)));
        assertThat(paths.get(MARS)).isEqualTo(new Path(MARS, MARS, 1, 50, 0, false, edges.get(MYSELF, MARS)));
        assertThat(paths.get(SATURN)).isEqualTo(new Path(SATURN, SATURN, 1, 500, 0, false, edges.get(MYSELF, SATURN)));
    }

    @Test
    void comparesSumsOfWeightsNotSingleEdges() {
        connect(edges, "myself", "mars", 1000, 0);
        connect(edges, "mars", "neptune", 500, 0);
        connect(edges, "myself", "saturn", 50, 0);
        connect(edges, "saturn", "neptune", 501, 0);

        Map<NodeName, Path> paths = ShortestPaths.compute(MYSELF, edges);

        assertThat(paths.get(NEPTUNE).nexthop()).isEqualTo(SATURN);
        assertThat(paths.values()).hasSize(4).noneMatch(Path::indirect);
        assertThat(paths.get(MARS).nexthop()).isEqualTo(MARS);
        assertThat(paths.get(SATURN).via()).isEqualTo(SATURN);
    }

    @Test
    void ignoresAnEdgeWithoutItsReverse() {
        edges.put(edge(MYSELF, MARS, 1, 0));

        assertThat(ShortestPaths.compute(MYSELF, edges)).containsOnlyKeys(MYSELF);
    }

    @Test
    void sendsUdpForAnIndirectNeighbourNowhereButToItsNexthop() {
        connect(edges, "myself", "mars", 1, Options.INDIRECT);

        Path mars = ShortestPaths.compute(MYSELF, edges).get(MARS);

        assertThat(mars.indirect()).isTrue();
        assertThat(mars.via()).isEqualTo(MYSELF);
        assertThat(mars.nexthop()).isEqualTo(MARS);
    }

    @Test
    void usesTheLastDirectNodeAsStaticRelay() {
        connect(edges, "myself", "mars", 1, 0);
        connect(edges, "mars", "saturn", 1, 0);
        connect(edges, "saturn", "neptune", 1, Options.INDIRECT);

        Path neptune = ShortestPaths.compute(MYSELF, edges).get(NEPTUNE);

        assertThat(neptune.via()).isEqualTo(SATURN);
        assertThat(neptune.nexthop()).isEqualTo(MARS);
    }

    @Test
    void letsALongerDirectPathOverrideViaButNotNexthop() {
        connect(edges, "myself", "mars", 1, Options.INDIRECT);
        connect(edges, "myself", "saturn", 1, 0);
        connect(edges, "saturn", "mars", 1, 0);

        Path mars = ShortestPaths.compute(MYSELF, edges).get(MARS);

        assertThat(mars).isEqualTo(new Path(MARS, MARS, 2, 1, 0, false, edges.get(SATURN, MARS)));
    }

    @Test
    void takesOptionsFromTheLastEdge() {
        connect(edges, "myself", "mars", 1, 7 << 24 | Options.CLAMP_MSS);
        connect(edges, "mars", "neptune", 1, 4 << 24 | Options.PMTU_DISCOVERY);

        Path neptune = ShortestPaths.compute(MYSELF, edges).get(NEPTUNE);

        assertThat(neptune.options()).isEqualTo(4 << 24 | Options.PMTU_DISCOVERY);
        assertThat(Options.version(neptune.options())).isEqualTo(4);
    }

    @Test
    void addsWeightsWithoutOverflow() {
        connect(edges, "myself", "mars", Integer.MAX_VALUE, 0);
        connect(edges, "mars", "neptune", Integer.MAX_VALUE, 0);

        assertThat(ShortestPaths.compute(MYSELF, edges).get(NEPTUNE).weightedDistance())
                .isEqualTo(2L * Integer.MAX_VALUE);
    }
}
