package org.tinc4j.interop;

import java.util.List;
import java.util.Optional;

/** A node of a {@link Mesh} in its own process: the C daemon, the Java one, or a program around the Java library. Closing it ends the process. */
sealed interface MeshNode extends AutoCloseable permits CTincd, JavaDaemon, JavaNode {

    /** Where it lives. */
    Site site();

    /** Starts the process and waits until it listens; its configuration must be written. */
    void start();

    /** Ends the process in order (SIGTERM). */
    void terminate();

    /** Ends the process at once (SIGKILL). */
    void kill();

    /** The mesh as it sees it. */
    List<NodeView> nodes();

    /** How often it renewed data keys with a node since it started, first keys not counted. */
    int keyRenewals(String peer);

    /** Its name in the mesh. */
    default String name() {
        return site().name();
    }

    /** Another node as it sees it. */
    default Optional<NodeView> view(MeshNode other) {
        return nodes().stream().filter(node -> node.name().equals(other.name())).findFirst();
    }

    /** Whether it can reach another node through the meta connections. */
    default boolean reaches(MeshNode other) {
        return view(other).map(NodeView::reachable).orElse(false);
    }

    @Override
    void close();
}
