package org.tinc4j.impl.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tinc4j.impl.graph.RandomMesh.edge;

import org.junit.jupiter.api.Test;
import org.tinc4j.NodeName;

class EdgeTableTest {

    private static final NodeName A = new NodeName("a");
    private static final NodeName B = new NodeName("b");
    private static final NodeName Z = new NodeName("Z");

    private final EdgeTable table = new EdgeTable();

    @Test
    void replacesTheEdgeWithTheSameEndsAndReturnsIt() {
        Edge first = edge(A, B, 1, 0);
        Edge second = edge(A, B, 2, 0);

        assertThat(table.put(first)).isNull();
        assertThat(table.put(second)).isSameAs(first);
        assertThat(table.get(A, B)).isSameAs(second);
        assertThat(table.get(B, A)).isNull();
        assertThat(table.all()).containsExactly(second);
    }

    @Test
    void walksEdgesInByteOrderOfTheirEnds() {
        table.put(edge(A, B, 1, 0));
        table.put(edge(A, Z, 1, 0));
        table.put(edge(Z, A, 1, 0));

        assertThat(table.from(A)).extracting(Edge::to).containsExactly(Z, B);
        assertThat(table.all()).extracting(Edge::from).containsExactly(Z, A, A);
        assertThat(table.from(B)).isEmpty();
    }

    @Test
    void mentionsBothEndsUntilTheLastEdgeIsGone() {
        table.put(edge(A, B, 1, 0));
        table.put(edge(A, B, 2, 0));
        table.put(edge(Z, B, 1, 0));
        assertThat(table.mentions(B)).isTrue();

        assertThat(table.remove(A, B)).isEqualTo(edge(A, B, 2, 0));
        assertThat(table.remove(A, B)).isNull();
        assertThat(table.mentions(A)).isFalse();
        assertThat(table.mentions(B)).isTrue();

        table.remove(Z, B);
        assertThat(table.mentions(B)).isFalse();
        assertThat(table.all()).isEmpty();
    }

    @Test
    void mayBeChangedWhileItsEdgesAreWalked() {
        table.put(edge(A, B, 1, 0));
        table.put(edge(A, Z, 1, 0));

        table.from(A).forEach(edge -> table.remove(edge.from(), edge.to()));

        assertThat(table.all()).isEmpty();
    }
}
