package org.tinc4j.testing.junit;

import java.lang.reflect.Proxy;
import java.util.List;
import org.tinc4j.spi.MeshEngine;
import org.tinc4j.testing.EphemeralMesh;
import org.tinc4j.testing.LeakError;
import org.tinc4j.testing.MeshDiagram;
import org.tinc4j.testing.MeshPlan;

/** Starts meshes without nodes, which leak when they are closed; the real engine has no leak to offer. */
public final class LeakingEngine implements MeshEngine {

    /** For {@link java.util.ServiceLoader}. */
    public LeakingEngine() {}

    @Override
    public EphemeralMesh start(MeshPlan plan) {
        String node = plan.nodes().getFirst().name();
        return (EphemeralMesh) Proxy.newProxyInstance(EphemeralMesh.class.getClassLoader(), new Class<?>[] {EphemeralMesh.class}, (mesh, method, arguments) ->
                switch (method.getName()) {
                    case "seed" -> plan.seed();
                    case "report" -> "report of " + node;
                    case "diagram" -> new MeshDiagram(node, "flowchart LR");
                    case "close" -> throw new LeakError(List.of(new LeakError.Leak("thread", "tinc-" + node, List.of())));
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
