package org.tinc4j.testing.junit;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.ModifierSupport;
import org.junit.platform.commons.support.ReflectionSupport;
import org.tinc4j.testing.EphemeralMesh;
import org.tinc4j.testing.EphemeralMeshBuilder;

/**
 * One {@link Mesh} annotation where it stands.
 *
 * @param place for people: which field or parameter
 * @param mesh what it says
 */
record MeshDeclaration(String place, Mesh mesh) {

    static MeshDeclaration of(Field field) {
        String place = "field " + field.getDeclaringClass().getSimpleName() + "." + field.getName();
        checkType(place, field.getType());
        if (ModifierSupport.isFinal(field)) {
            throw wrong(place, "the field is final, so that no mesh can be put into it; make it non-final");
        }
        return new MeshDeclaration(place, AnnotationSupport.findAnnotation(field, Mesh.class).orElseThrow());
    }

    static MeshDeclaration of(ParameterContext context) {
        Parameter parameter = context.getParameter();
        Executable declarer = context.getDeclaringExecutable();
        String place = "parameter " + (parameter.isNamePresent() ? parameter.getName() : context.getIndex() + 1) + " of "
                + declarer.getDeclaringClass().getSimpleName();
        if (declarer instanceof Constructor<?>) {
            throw wrong(place, "a constructor is called before the test begins; put the annotation on a field or on a parameter of a method");
        }
        place += "." + declarer.getName();
        checkType(place, parameter.getType());
        return new MeshDeclaration(place, context.findAnnotation(Mesh.class).orElseThrow());
    }

    private static void checkType(String place, Class<?> type) {
        if (type != EphemeralMesh.class) {
            throw wrong(place, "its type is " + type.getTypeName() + " and must be " + EphemeralMesh.class.getName());
        }
    }

    private static ExtensionConfigurationException wrong(String place, String what) {
        return new ExtensionConfigurationException("@Mesh on " + place + ": " + what);
    }

    ExtensionConfigurationException wrong(String what) {
        return wrong(place, what);
    }

    EphemeralMesh start(ExtensionContext context) {
        try {
            EphemeralMeshBuilder builder = EphemeralMesh.builder()
                    .nodes(mesh.value())
                    .topology(mesh.topology())
                    .clock(mesh.clock())
                    .seed(mesh.seed() == 0 ? derivedSeed(context.getUniqueId()) : mesh.seed());
            for (Class<? extends MeshCustomizer> type : mesh.with()) {
                customizer(type).customize(builder);
            }
            context.getConfigurationParameter(MeshExtension.SEED, Long::decode).ifPresent(builder::seed);
            return builder.start();
        } catch (RuntimeException e) {
            throw new ExtensionConfigurationException("@Mesh on " + place + ": " + e.getMessage(), e);
        }
    }

    /**
     * The part of the id below JUnit's engine names class, method and repetition. What is above differs between a run of the class and a run
     * of a suite that contains it.
     */
    private long derivedSeed(String uniqueId) {
        String test = uniqueId.substring(Math.max(0, uniqueId.lastIndexOf("[engine:")));
        return Integer.toUnsignedLong((test + place).hashCode());
    }

    private static MeshCustomizer customizer(Class<? extends MeshCustomizer> type) {
        boolean constructible = Arrays.stream(type.getDeclaredConstructors()).anyMatch(constructor -> constructor.getParameterCount() == 0);
        if (!constructible || ModifierSupport.isAbstract(type)) {
            throw new IllegalArgumentException(
                    type.getTypeName() + " is no class with a constructor without arguments; make it one, and static if it is inside another");
        }
        return ReflectionSupport.newInstance(type);
    }
}
