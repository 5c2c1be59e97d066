package org.tinc4j.impl.ephemeral;

import org.tinc4j.spi.MeshEngine;
import org.tinc4j.testing.EphemeralMesh;
import org.tinc4j.testing.MeshPlan;

/** Makes ephemeral meshes. */
public final class EphemeralEngine implements MeshEngine {

    /** For {@link java.util.ServiceLoader}. */
    public EphemeralEngine() {}

    @Override
    public EphemeralMesh start(MeshPlan plan) {
        HostNames names = new HostNames();
        Drive drive = switch (plan.clock()) {
            case VIRTUAL -> new VirtualDrive(names);
            case REAL -> new RealDrive(plan.network(), names);
        };
        RunningMesh mesh = new RunningMesh(plan, drive, names);
        mesh.start();
        return mesh;
    }
}
