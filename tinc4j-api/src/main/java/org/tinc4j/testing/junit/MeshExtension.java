package org.tinc4j.testing.junit;

import java.lang.reflect.Field;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.ModifierSupport;
import org.junit.platform.commons.support.ReflectionSupport;
import org.opentest4j.TestAbortedException;
import org.tinc4j.testing.EphemeralMesh;

/**
 * Starts and closes what is annotated with {@link Mesh}, and reports it when a test fails.
 *
 * <p><b>A test that fails</b> has the {@linkplain EphemeralMesh#report() report} of each of its meshes attached: as a suppressed throwable, which
 * every runner prints below the stack trace, and as a report entry of JUnit with the keys {@code mesh} (seed, diagram, trace) and
 * {@code mermaid} (the diagram for a Markdown page). It shows the mesh as it was when the failure was thrown, before any
 * {@code @AfterEach} method. For tests made by a {@code @TestFactory} it does so only if the factory itself fails. A test that is
 * aborted by an assumption gets none.
 *
 * <p><b>A mesh that leaks</b> fails the test, also one that else had passed, with a {@link org.tinc4j.testing.LeakError}; all other meshes are closed
 * nevertheless. The leak of a mesh in a static field fails the class.
 *
 * <p><b>Threads.</b> Has no state of its own: tests may run concurrently.
 */
// The module does not require JUnit transitively, see there; whoever uses this requires it himself.
@SuppressWarnings("exports")
public final class MeshExtension
        implements BeforeAllCallback,
                BeforeEachCallback,
                AfterEachCallback,
                AfterAllCallback,
                ParameterResolver,
                TestExecutionExceptionHandler,
                LifecycleMethodExecutionExceptionHandler {

    /**
     * A system property or JUnit configuration parameter: the seed of every mesh, whatever its declaration says. It repeats what a failed test
     * printed, so it wants to be used with that test alone.
     */
    public static final String SEED = "tinc4j.mesh.seed";

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(MeshExtension.class);

    /** Called by JUnit. */
    public MeshExtension() {}

    // ---- fields ----

    @Override
    public void beforeAll(ExtensionContext context) {
        for (Field field : fields(context.getRequiredTestClass(), ModifierSupport::isStatic)) {
            put(field, null, context);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        for (Object instance : context.getRequiredTestInstances().getAllInstances()) {
            for (Field field : fields(instance.getClass(), ModifierSupport::isNotStatic)) {
                put(field, instance, context);
            }
        }
    }

    private static List<Field> fields(Class<?> type, Predicate<Field> which) {
        return AnnotationSupport.findAnnotatedFields(type, Mesh.class, which);
    }

    /** JUnit opens the field, since a module with tests opens itself to JUnit and not to us. */
    private static void put(Field field, Object instance, ExtensionContext context) {
        MeshDeclaration declaration = MeshDeclaration.of(field);
        ReflectionSupport.makeAccessible(field);
        try {
            if (field.get(instance) != null) {
                throw declaration.wrong("the field is not null. Either the test sets it, which the extension does; or tests that run concurrently"
                        + " share it, which parameters do not");
            }
            field.set(instance, open(declaration, context, () -> clear(field, instance)));
        } catch (IllegalAccessException e) {
            throw inaccessible(field, e);
        }
    }

    private static void clear(Field field, Object instance) {
        try {
            field.set(instance, null);
        } catch (IllegalAccessException e) {
            throw inaccessible(field, e);
        }
    }

    private static AssertionError inaccessible(Field field, IllegalAccessException e) {
        return new AssertionError(field + " was made accessible before", e);
    }

    // ---- parameters ----

    @Override
    public boolean supportsParameter(ParameterContext parameterContext, ExtensionContext context) {
        return parameterContext.isAnnotated(Mesh.class);
    }

    @Override
    public Object resolveParameter(ParameterContext parameterContext, ExtensionContext context) {
        return open(MeshDeclaration.of(parameterContext), context, () -> {});
    }

    // ---- failures ----

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        report(failure, context);
        throw failure;
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        report(failure, context);
        throw failure;
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        report(failure, context);
        throw failure;
    }

    @Override
    public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        report(failure, context);
        throw failure;
    }

    @Override
    public void handleAfterAllMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        report(failure, context);
        throw failure;
    }

    /** With the meshes of the classes around. */
    private static void report(Throwable failure, ExtensionContext context) {
        if (failure instanceof TestAbortedException) {
            return;
        }
        for (ExtensionContext at = context; at != null; at = at.getParent().orElse(null)) {
            OpenMeshes meshes = of(at);
            if (meshes != null) {
                meshes.report(failure, context);
            }
        }
    }

    // ---- the end ----

    @Override
    public void afterEach(ExtensionContext context) {
        end(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        end(context);
    }

    private static void end(ExtensionContext context) {
        // What other extensions throw, soft assertions for instance, no handler is told of.
        context.getExecutionException().ifPresent(failure -> report(failure, context));
        OpenMeshes meshes = of(context);
        if (meshes != null) {
            meshes.close(context.getExecutionException().isPresent(), context);
        }
    }

    // ---- what is open ----

    private static EphemeralMesh open(MeshDeclaration declaration, ExtensionContext context, Runnable forget) {
        EphemeralMesh mesh = declaration.start(context);
        context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(context.getUniqueId(), id -> new OpenMeshes(), OpenMeshes.class)
                .add(declaration, mesh, forget);
        return mesh;
    }

    /** The store of a test sees that of its class, so the key says whose meshes are meant. Null if it has none. */
    private static OpenMeshes of(ExtensionContext context) {
        return context.getStore(NAMESPACE).get(context.getUniqueId(), OpenMeshes.class);
    }
}
