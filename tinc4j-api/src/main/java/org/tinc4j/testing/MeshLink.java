package org.tinc4j.testing;

import java.util.function.UnaryOperator;

/**
 * The link between the hosts of two nodes, both directions of it. Changes count for everything that is sent from then on; what already waits
 * for its turn keeps it.
 *
 * <p><b>Threads.</b> Any.
 */
public interface MeshLink {

    /**
     * How the link is now, from the first node to the second.
     *
     * @return its conditions
     */
    LinkConditions conditions();

    /**
     * Changes both directions.
     *
     * @param change gets the conditions so far, of each direction by itself
     * @return this
     */
    MeshLink conditions(UnaryOperator<LinkConditions> change);

    /**
     * Changes the direction from the first node to the second.
     *
     * @param change gets the conditions so far
     * @return this
     */
    MeshLink forward(UnaryOperator<LinkConditions> change);

    /**
     * Changes the direction from the second node to the first.
     *
     * @param change gets the conditions so far
     * @return this
     */
    MeshLink backward(UnaryOperator<LinkConditions> change);

    /** Lets nothing through any more, in neither direction. TCP connections stall, as they do when a cable is pulled. */
    void cut();

    /** Lets everything through again. */
    void heal();
}
