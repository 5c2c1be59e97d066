package org.tinc4j.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;
import org.tinc4j.testing.EphemeralMesh;
import org.tinc4j.testing.MeshTrace;
import org.tinc4j.testing.MeshTrace.Entry;
import org.tinc4j.testing.MeshTrace.Kind;

/**
 * Counts what the nodes of a mesh in virtual time send, by its trace.
 *
 * <p>The trace tells of pieces of TCP streams. Requests are sealed and not seen, but each is written by itself and mostly travels so, too: the
 * pieces are about as many as the requests. The trace is read while the mesh runs, since it would not fit into memory as a whole. One thread.
 */
final class Traffic {

    private static final int EVENTS_BETWEEN_LOOKS = 200;

    /** When a node comes to reach all others at once, that is two entries for each of them. A few do so between two looks, or the look fails. */
    private static final int ENTRIES_FOR_EACH_NODE = 32;

    /** What one node sent. */
    static final class Sent {
        private long streamPieces;
        private long streamBytes;
        private long datagrams;

        long streamPieces() {
            return streamPieces;
        }

        long streamBytes() {
            return streamBytes;
        }

        long datagrams() {
            return datagrams;
        }
    }

    private final EphemeralMesh mesh;
    private final Map<String, Sent> byNode = new TreeMap<>();
    private long entriesRead;
    private int events;

    /** How many entries of the trace such a mesh must keep, so that what comes between two looks is there. */
    static int traceEntries(int nodes) {
        return ENTRIES_FOR_EACH_NODE * nodes + 8 * EVENTS_BETWEEN_LOOKS;
    }

    /** Counts from now on. */
    Traffic(EphemeralMesh mesh) {
        this.mesh = mesh;
        this.entriesRead = mesh.trace().total();
        mesh.nodes().forEach(node -> byNode.put(node.name().value(), new Sent()));
    }

    /** As {@link EphemeralMesh#runUntil}. */
    boolean runUntil(BooleanSupplier condition, Duration limit) {
        boolean held = mesh.runUntil(
                () -> {
                    if (++events % EVENTS_BETWEEN_LOOKS == 0) {
                        read();
                    }
                    return condition.getAsBoolean();
                },
                limit);
        read();
        return held;
    }

    /** As {@link EphemeralMesh#awaitConverged(Duration)}. */
    void awaitConverged(Duration limit) {
        if (!runUntil(mesh::converged, limit)) {
            throw new AssertionError(mesh + " did not converge within " + limit);
        }
    }

    private void read() {
        MeshTrace trace = mesh.trace();
        int fresh = Math.toIntExact(trace.total() - entriesRead);
        entriesRead = trace.total();
        List<Entry> entries = trace.entries();
        if (fresh > entries.size()) {
            throw new IllegalStateException(fresh + " entries of the trace came between two looks, " + entries.size() + " were kept");
        }
        for (Entry entry : entries.subList(entries.size() - fresh, entries.size())) {
            if (entry.kind() == Kind.WIRE) {
                count(entry);
            }
        }
    }

    private void count(Entry entry) {
        switch (entry.what()) {
            case "tcp delivered" -> {
                Sent sent = byNode.get(entry.node());
                sent.streamPieces++;
                sent.streamBytes += Long.parseLong(entry.detail().substring(0, entry.detail().indexOf(' ')));
            }
            case "udp sent" -> byNode.get(entry.node()).datagrams++;
            default -> {
                // Dialling, losses, ends: nothing that a node sends of its own.
            }
        }
    }

    double mean(ToDoubleFunction<Sent> figure) {
        return byNode.values().stream().mapToDouble(figure).average().orElseThrow();
    }

    double most(ToDoubleFunction<Sent> figure) {
        return byNode.values().stream().mapToDouble(figure).max().orElseThrow();
    }

    /** What one node sent, which from here on counts for itself alone. */
    Sent takeOut(String node) {
        return byNode.remove(node);
    }
}
