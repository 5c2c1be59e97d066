package org.tinc4j.testing.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.tinc4j.testing.MeshClock;

/**
 * A mesh for a test: on a field or a parameter of type {@link org.tinc4j.testing.EphemeralMesh}. It is running when the test begins, and closed when it ends.
 * The annotation works by itself; {@code @ExtendWith(MeshExtension.class)} on the class changes nothing.
 *
 * {@snippet file="MeshTests.java" region="junit"}
 *
 * <table>
 * <caption>Where it stands, and how long such a mesh lives</caption>
 * <tr><th>where</th><th>mesh</th></tr>
 * <tr><td>instance field, also of a superclass or of a class around a {@code @Nested} one</td>
 *     <td>a fresh one for each test, from before its {@code @BeforeEach} methods until after its {@code @AfterEach} methods</td></tr>
 * <tr><td>static field</td>
 *     <td>one for the class, from before its {@code @BeforeAll} methods until after its {@code @AfterAll} methods</td></tr>
 * <tr><td>parameter of a test, {@code @BeforeEach} or {@code @AfterEach} method</td>
 *     <td>one of its own for each call of the method, until the test ends as above; two parameters never get the same mesh</td></tr>
 * <tr><td>parameter of a {@code @BeforeAll} or {@code @AfterAll} method</td>
 *     <td>as before, until the class ends</td></tr>
 * </table>
 *
 * <p>Each repetition of a {@code @RepeatedTest} and each case of a {@code @ParameterizedTest} is a test here, and so has a fresh mesh. A field may
 * be private, but neither final nor set by anybody else; it is null again when its mesh is closed.
 *
 * <p>What has no word here a {@link MeshCustomizer} says to the builder:
 *
 * {@snippet file="MeshTests.java" region="customizer"}
 *
 * <p><b>Threads.</b> Tests may run concurrently. Only an instance field cannot serve tests that run concurrently on one instance
 * ({@code Lifecycle.PER_CLASS}); parameters can.
 *
 * <p><b>Errors.</b> See {@link MeshExtension}. What cannot be started fails the test with an
 * {@link org.junit.jupiter.api.extension.ExtensionConfigurationException} that names the field or parameter.
 */
@Target({ElementType.FIELD, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@ExtendWith(MeshExtension.class)
@SuppressWarnings("exports") // as for MeshExtension
public @interface Mesh {

    /**
     * The names of the nodes.
     *
     * @return each unique; {@code A-Z a-z 0-9 _}. None only if {@link #with} adds nodes.
     */
    String[] value() default {};

    /**
     * Who dials whom.
     *
     * @return a word that {@link org.tinc4j.testing.MeshTopology#named} knows; {@code full}
     */
    String topology() default "full";

    /**
     * What time is.
     *
     * @return real time unless it says otherwise
     */
    MeshClock clock() default MeshClock.REAL;

    /**
     * What everything random follows from.
     *
     * @return any number; 0 stands for one that follows from the names of class, method and field or parameter, and from the number of the
     *     repetition: each test has its own, the same in every run. The system property, or JUnit configuration parameter,
     *     {@value MeshExtension#SEED} overrides both, and customizers too.
     */
    long seed() default 0;

    /**
     * Says everything else.
     *
     * @return called in this order when everything above is set
     */
    Class<? extends MeshCustomizer>[] with() default {};
}
