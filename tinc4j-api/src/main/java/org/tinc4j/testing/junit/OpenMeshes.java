package org.tinc4j.testing.junit;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.tinc4j.testing.EphemeralMesh;

/**
 * The meshes of one test, or of one class. Threads: changed by one at a time, before and after the tests that see it.
 */
final class OpenMeshes {

    private record Open(String place, EphemeralMesh mesh, Runnable forget) {}

    /** Latest first. */
    private final Deque<Open> meshes = new ArrayDeque<>();

    /**
     * Keeps a mesh to be closed.
     *
     * @param forget done when it is closed
     */
    void add(MeshDeclaration declaration, EphemeralMesh mesh, Runnable forget) {
        meshes.push(new Open(declaration.place(), mesh, forget));
    }

    /** Attaches a report of each mesh to a failure that has none yet, and publishes it. */
    void report(Throwable failure, ExtensionContext context) {
        meshes.forEach(open -> report(open, failure, context));
    }

    private static void report(Open open, Throwable failure, ExtensionContext context) {
        String headline = "Mesh in " + open.place() + "; for the same again: -D" + MeshExtension.SEED + "=" + open.mesh().seed() + "\n";
        boolean reported = Arrays.stream(failure.getSuppressed())
                .anyMatch(before -> before instanceof MeshReport && before.getMessage().startsWith(headline));
        if (reported) {
            return;
        }
        try {
            String report = open.mesh().report();
            // What is thrown by the mesh itself shows it already.
            boolean shown = String.valueOf(failure.getMessage()).contains(report.lines().findFirst().orElse("") + "\n");
            String text = shown ? headline : headline + report;
            failure.addSuppressed(new MeshReport(text));
            Map<String, String> entry = new LinkedHashMap<>();
            entry.put("mesh", text);
            entry.put("mermaid", open.mesh().diagram().mermaid());
            context.publishReportEntry(entry);
        } catch (RuntimeException e) {
            // The failure is what people have to see; that there is no report of it comes second.
            failure.addSuppressed(e);
        }
    }

    /**
     * Closes all, the latest first. One that cannot be closed does not keep the others open.
     *
     * @param reported whether the test has failed and was reported already
     */
    void close(boolean reported, ExtensionContext context) {
        Throwable failure = null;
        while (!meshes.isEmpty()) {
            Open open = meshes.pop();
            try {
                open.mesh().close();
            } catch (RuntimeException | Error e) {
                if (!reported) {
                    report(open, e, context);
                }
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
            open.forget().run();
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
    }
}
