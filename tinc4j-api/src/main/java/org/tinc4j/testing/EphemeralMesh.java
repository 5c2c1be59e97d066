package org.tinc4j.testing;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * A mesh of nodes in this JVM, on a virtual network. It begins when it is built and ends when it is closed.
 *
 * <p><b>Threads.</b> Any. In virtual time one at a time is served, and a call that waits runs the whole mesh on the caller.
 *
 * <p><b>Errors.</b> A name that no node has is an {@link IllegalArgumentException}. In a closed mesh no time passes, no node starts and the network
 * does not change: what asks for that throws {@link IllegalStateException}.
 */
public interface EphemeralMesh extends AutoCloseable {

    /**
     * Begins a mesh.
     *
     * @return a builder that needs at least one node
     */
    static EphemeralMeshBuilder builder() {
        return new EphemeralMeshBuilder();
    }

    /**
     * A mesh in real time where everybody is connected to everybody.
     *
     * @param nodes their names
     * @return the running mesh
     */
    static EphemeralMesh of(String... nodes) {
        return builder().nodes(nodes).start();
    }

    // ---- nodes ----

    /**
     * One node.
     *
     * @param name its name
     * @return the node, whether it runs or not
     */
    EphemeralNode node(String name);

    /**
     * All nodes.
     *
     * @return in the order they were named
     */
    List<EphemeralNode> nodes();

    // ---- time ----

    /**
     * What time is here.
     *
     * @return as it was built
     */
    MeshClock clock();

    /**
     * How long the mesh has been running, by its own clock.
     *
     * @return zero at the start
     */
    Duration elapsed();

    /**
     * Lets time pass.
     *
     * @param time how much
     */
    void advance(Duration time);

    /**
     * Lets time pass until something holds.
     *
     * @param condition asked after everything that happens (virtual time), or every few milliseconds (real time)
     * @param limit how much time may pass
     * @return whether it came to hold; false when the time was over
     */
    boolean runUntil(BooleanSupplier condition, Duration limit);

    /**
     * Whether the mesh has settled: every running node reaches exactly the running nodes it can be connected with, and knows their subnets.
     *
     * @return false while that is not so
     */
    boolean converged();

    /** As {@link #awaitConverged(Duration)}, for 30 seconds. */
    default void awaitConverged() {
        awaitConverged(Duration.ofSeconds(30));
    }

    /**
     * Waits until the mesh has settled: every running node reaches exactly the running nodes it can be connected with, and knows their
     * subnets. What can be connected follows from who dials whom, and from NATs and cuts as they are now.
     *
     * @param limit how much time may pass
     * @throws AssertionError if it did not, with {@link #report()} and the nodes that do not agree
     */
    void awaitConverged(Duration limit);

    // ---- the network ----

    /**
     * Cuts two nodes' hosts apart, both directions. Others still reach both.
     *
     * @param node one
     * @param other the other
     */
    default void partition(String node, String other) {
        partition(List.of(node), List.of(other));
    }

    /**
     * Cuts two groups of hosts apart, both directions.
     *
     * @param group one
     * @param others the other; nobody is in both
     */
    default void partition(Collection<String> group, Collection<String> others) {
        cut(group, others);
        cut(others, group);
    }

    /**
     * Lets nothing through from some hosts to others. The other direction stays as it is.
     *
     * @param from who is not heard any more
     * @param to by whom
     */
    void cut(Collection<String> from, Collection<String> to);

    /**
     * Undoes every cut between two groups, both directions.
     *
     * @param group one
     * @param others the other
     */
    void heal(Collection<String> group, Collection<String> others);

    /**
     * Undoes every cut between two nodes' hosts.
     *
     * @param node one
     * @param other the other
     */
    default void heal(String node, String other) {
        heal(List.of(node), List.of(other));
    }

    /** Undoes every cut there is. */
    void heal();

    /**
     * The link between two hosts.
     *
     * @param from one node
     * @param to the other
     * @return the link, from the first to the second
     */
    MeshLink link(String from, String to);

    /**
     * Changes the conditions of every link that has none of its own.
     *
     * @param change gets the conditions so far
     */
    void conditions(UnaryOperator<LinkConditions> change);

    // ---- what is seen ----

    /**
     * What everything random follows from.
     *
     * @return as it was built
     */
    long seed();

    /**
     * What happened so far.
     *
     * @return a snapshot
     */
    MeshTrace trace();

    /**
     * How it looks now.
     *
     * @return a snapshot
     */
    MeshDiagram diagram();

    /**
     * What one wants to see when a test failed: seed, diagram, the latest of the trace.
     *
     * @return lines of plain text
     */
    String report();

    /**
     * Ends every node and the network. Idempotent.
     *
     * @throws LeakError if a node left something behind
     */
    @Override
    void close();
}
