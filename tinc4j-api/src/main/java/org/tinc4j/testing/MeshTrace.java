package org.tinc4j.testing;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What happened in a mesh, in order.
 *
 * <p>Only the last entries are kept; {@link #digest()} covers all of them. In virtual time the same seed and the same calls give the same
 * trace, byte for byte, on every machine; see {@link #toString()}.
 *
 * @param seed the mesh's
 * @param total how many entries there were
 * @param digest SHA-256 over all of them, in hexadecimal digits
 * @param entries the last ones, oldest first
 */
public record MeshTrace(long seed, long total, String digest, List<Entry> entries) {

    /** What an entry tells. */
    public enum Kind {
        /** Something a test did to the mesh: a partition, a kill. */
        ACTION,
        /** An event of a node, as its listeners hear it. */
        EVENT,
        /** A datagram or a piece of a TCP stream on the network, or what became of it; in virtual time only. */
        WIRE
    }

    /**
     * One entry.
     *
     * @param at since the mesh was started
     * @param kind what it tells
     * @param node whom it happened to: a node, or the sender
     * @param peer the other node; empty where there is none
     * @param what a few words: {@code ConnectionUp}, {@code udp lost}
     * @param detail the rest
     */
    public record Entry(Duration at, Kind kind, String node, String peer, String what, String detail) {

        /** One line. */
        @Override
        public String toString() {
            return at.toNanos() + " " + kind + " " + node + (peer.isEmpty() ? "" : ">" + peer) + " " + what + (detail.isEmpty() ? "" : " " + detail);
        }
    }

    /** Copies the list. */
    public MeshTrace {
        entries = List.copyOf(entries);
    }

    /**
     * What people want to read: actions and events, without the single datagrams.
     *
     * @return a table of plain text, with a headline
     */
    public String table() {
        return table(Kind.ACTION, Kind.EVENT);
    }

    /**
     * The entries of some kinds.
     *
     * @param kinds which
     * @return a table of plain text, with a headline
     */
    public String table(Kind... kinds) {
        List<Kind> wanted = List.of(kinds);
        List<Entry> shown = entries.stream().filter(entry -> wanted.contains(entry.kind())).toList();
        int nodeWidth = 4;
        int peerWidth = 4;
        int whatWidth = 4;
        for (Entry entry : shown) {
            nodeWidth = Math.max(nodeWidth, entry.node().length());
            peerWidth = Math.max(peerWidth, entry.peer().length());
            whatWidth = Math.max(whatWidth, entry.what().length());
        }
        String format = "%12s  %-" + nodeWidth + "s  %-" + whatWidth + "s  %-" + peerWidth + "s  %s";
        StringBuilder table = new StringBuilder(String.format(format, "time", "node", "what", "peer", "").stripTrailing()).append('\n');
        for (Entry entry : shown) {
            String time = String.format(Locale.ROOT, "%.6f", entry.at().toNanos() / 1e9);
            table.append(String.format(format, time, entry.node(), entry.what(), entry.peer(), entry.detail()).stripTrailing()).append('\n');
        }
        if (shown.size() < total) {
            table.append('(').append(shown.size()).append(" of ").append(total).append(" entries; the latest ").append(entries.size())
                    .append(" are kept)\n");
        }
        return table.toString();
    }

    /** Every entry that is kept, a line each; a first line with seed, total and digest. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("seed " + seed + ", " + total + " entries, SHA-256 " + digest + "\n");
        entries.forEach(entry -> text.append(entry).append('\n'));
        return text.toString();
    }
}
