package org.tinc4j.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Traffic from each node to the next, from the last to the first, all at once. */
record Ring(List<MeshNode> nodes) {

    /** What goes from one node to another. */
    @FunctionalInterface
    interface Exchange {
        void between(MeshNode from, MeshNode to);
    }

    /** Of all nodes of a mesh, as they were added. */
    static Ring of(Mesh mesh) {
        return new Ring(mesh.nodes());
    }

    /** The other way round. */
    Ring reversed() {
        return new Ring(nodes.reversed());
    }

    void each(Exchange exchange) {
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            MeshNode from = nodes.get(i);
            MeshNode to = nodes.get((i + 1) % nodes.size());
            running.add(CompletableFuture.runAsync(() -> exchange.between(from, to), task -> Thread.ofPlatform().start(task)));
        }
        CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();
    }

    void awaitPings(Duration limit) {
        each((from, to) -> Traffic.awaitPing(from, to, limit));
    }

    /** Streams over IPv4, then over IPv6, that arrive unharmed. */
    void streams(long bytes) {
        each((from, to) -> Traffic.stream(from, to, to.site().overlay4(), bytes, 0));
        each((from, to) -> Traffic.stream(from, to, to.site().overlay6(), bytes, 0));
    }

    /** No kernel has met a TCP segment with a wrong checksum. */
    void assertNoWrongChecksums() {
        for (MeshNode node : nodes) {
            assertThat(node.site().netns().counter("Tcp", "InCsumErrors")).as("TcpInCsumErrors at %s", node.name()).isZero();
        }
    }
}
