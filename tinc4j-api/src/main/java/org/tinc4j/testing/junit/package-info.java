/**
 * Meshes for JUnit: {@link org.tinc4j.testing.junit.Mesh @Mesh} on a field or a parameter.
 *
 * <p>Needs JUnit 5.12 or newer on the path of the tests, as tests that use it have anyway. Nothing else in this module refers to JUnit, so a program
 * runs without it.
 */
package org.tinc4j.testing.junit;
