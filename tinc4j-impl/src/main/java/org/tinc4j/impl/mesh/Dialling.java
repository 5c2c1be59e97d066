package org.tinc4j.impl.mesh;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.tinc4j.Endpoint;
import org.tinc4j.NodeName;
import org.tinc4j.config.PeerSettings;
import org.tinc4j.impl.graph.Edge;

/**
 * Which peers to keep a connection to, and when to try again.
 *
 * <p>"Dial: try the peer's addresses one after the other. If all fail, wait timeout += 5 s, at most MaxTimeout, and start over. The
 * back-off is reset when the first PONG arrives." Confined to the control thread.
 */
final class Dialling {

    private static final long STEP_NANOS = 5_000_000_000L;

    /** Recent addresses worth trying first; C tinc keeps 8. */
    private static final int MAX_RECENT = 8;

    private static final class Outgoing {
        final NodeName peer;
        final List<Endpoint> recent = new ArrayList<>();
        List<Endpoint> candidates = List.of();
        int next;
        long delayNanos;
        long dueNanos;
        int connection = -1;
        Endpoint dialling;
        String failure;

        Outgoing(NodeName peer) {
            this.peer = peer;
        }
    }

    private final MeshState mesh;
    private final Map<NodeName, Outgoing> outgoing = new TreeMap<>();

    Dialling(MeshState mesh, long nowNanos) {
        this.mesh = mesh;
        for (PeerSettings peer : mesh.peers.all()) {
            update(peer, nowNanos);
        }
    }

    /** A peer's settings are new. */
    void update(PeerSettings peer, long nowNanos) {
        if (peer.dial()) {
            Outgoing entry = outgoing.computeIfAbsent(peer.name(), Outgoing::new);
            entry.candidates = List.of();
            entry.next = 0;
            entry.dueNanos = nowNanos;
        } else {
            outgoing.remove(peer.name());
        }
    }

    void remove(NodeName peer) {
        outgoing.remove(peer);
    }

    /** Everything that is waiting is tried now. */
    void retryAll(long nowNanos) {
        for (Outgoing entry : outgoing.values()) {
            entry.delayNanos = 0;
            entry.dueNanos = nowNanos;
        }
    }

    /** Dials whatever is due. */
    void tick(long nowNanos, NextConnection ids) {
        for (Outgoing entry : outgoing.values()) {
            MeshNode node = mesh.known(entry.peer);
            boolean connected = node != null && node.connection != null;
            if (entry.connection < 0 && !connected && nowNanos - entry.dueNanos >= 0) {
                dial(entry, nowNanos, ids);
            }
        }
    }

    private void dial(Outgoing entry, long nowNanos, NextConnection ids) {
        if (entry.next >= entry.candidates.size()) {
            entry.candidates = candidates(entry);
            entry.next = 0;
        }
        if (entry.candidates.isEmpty()) {
            entry.failure = "no address of it is known";
            pause(entry, nowNanos);
            return;
        }
        entry.connection = ids.next();
        entry.dialling = entry.candidates.get(entry.next++);
        mesh.shell.dial(entry.connection, entry.dialling);
    }

    /** Order: recently successful, then where edges say it is, then as configured. */
    private List<Endpoint> candidates(Outgoing entry) {
        Set<Endpoint> all = new LinkedHashSet<>(entry.recent);
        for (Edge edge : mesh.edges.from(entry.peer)) {
            Edge reverse = mesh.edges.get(edge.to(), entry.peer);
            InetSocketAddress address = reverse == null ? null : MeshState.addressOf(reverse);
            if (address != null && mesh.settings.link().addressFamily().includes(address.getAddress())) {
                all.add(new Endpoint(address.getAddress().getHostAddress(), address.getPort()));
            }
        }
        mesh.peers.get(entry.peer).ifPresent(peer -> all.addAll(peer.endpoints()));
        return List.copyOf(all);
    }

    /** For whom a connection is being made; null if it is not wanted any more. */
    NodeName peerOf(int connection) {
        for (Outgoing entry : outgoing.values()) {
            if (entry.connection == connection) {
                return entry.peer;
            }
        }
        return null;
    }

    /** How an attempt or a connection we dialled ended. */
    enum Ending {
        /** It never was of use, or not for long: the next address at once, after the last one a pause. */
        FAILED,
        /** It served: all addresses again, at once. */
        SERVED
    }

    /** "Dialling restarts at once with the next address." A peer that takes us in only to throw us out is not asked at once. */
    void ended(int connection, Ending ending, long nowNanos) {
        for (Outgoing entry : outgoing.values()) {
            if (entry.connection == connection) {
                entry.connection = -1;
                if (ending == Ending.SERVED) {
                    entry.next = entry.candidates.size();
                }
                if (entry.next >= entry.candidates.size() && (ending == Ending.FAILED || entry.delayNanos > 0)) {
                    pause(entry, nowNanos);
                } else {
                    entry.dueNanos = nowNanos;
                }
            }
        }
    }

    private void pause(Outgoing entry, long nowNanos) {
        entry.delayNanos =
                Math.min(entry.delayNanos + STEP_NANOS, mesh.settings.timing().maxReconnectDelay().toNanos());
        entry.dueNanos = nowNanos + entry.delayNanos;
    }

    /** Remembers why a peer is not connected, for people. */
    void failed(NodeName peer, String reason) {
        Outgoing entry = outgoing.get(peer);
        if (entry != null) {
            entry.failure = reason;
        }
    }

    /** Why the last attempt with a peer failed; null when none did. */
    String lastFailure(NodeName peer) {
        Outgoing entry = outgoing.get(peer);
        return entry == null ? null : entry.failure;
    }

    /** The connection proved to work both ways. */
    void succeeded(int connection) {
        for (Outgoing entry : outgoing.values()) {
            if (entry.connection == connection) {
                entry.delayNanos = 0;
                entry.recent.remove(entry.dialling);
                entry.recent.addFirst(entry.dialling);
                if (entry.recent.size() > MAX_RECENT) {
                    entry.recent.removeLast();
                }
            }
        }
    }

    /** The time of the next attempt, in nanoseconds from now; {@link Long#MAX_VALUE} when none is waiting. */
    long nanosToNext(long nowNanos) {
        long least = Long.MAX_VALUE;
        for (Outgoing entry : outgoing.values()) {
            MeshNode node = mesh.known(entry.peer);
            if (entry.connection < 0 && (node == null || node.connection == null)) {
                least = Math.min(least, Math.max(0, entry.dueNanos - nowNanos));
            }
        }
        return least;
    }

    /** Numbers for new connections. */
    @FunctionalInterface
    interface NextConnection {
        int next();
    }
}
