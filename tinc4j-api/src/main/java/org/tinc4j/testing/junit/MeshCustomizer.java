package org.tinc4j.testing.junit;

import org.tinc4j.testing.EphemeralMeshBuilder;

/**
 * Says about a mesh what {@link Mesh} has no word for: links, NATs, options of nodes. Needs a constructor without arguments; class and constructor
 * may be private.
 *
 * <p><b>Threads.</b> A new object for each mesh, called once, on the thread of the test.
 */
@FunctionalInterface
public interface MeshCustomizer {

    /**
     * Changes what a mesh is started with.
     *
     * @param builder has everything the annotation says already
     */
    void customize(EphemeralMeshBuilder builder);
}
