package org.tinc4j.spi;

import org.tinc4j.testing.EphemeralMesh;
import org.tinc4j.testing.MeshPlan;

/** Runs ephemeral meshes. Found by {@link java.util.ServiceLoader}; {@code tinc4j-impl} has the one engine there is. */
public interface MeshEngine {

    /**
     * Starts a mesh.
     *
     * @param plan everything about it
     * @return the running mesh
     * @throws org.tinc4j.config.ConfigException with every problem found; nothing is left behind
     */
    EphemeralMesh start(MeshPlan plan);
}
