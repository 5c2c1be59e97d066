/**
 * Three nodes in one JVM, over real sockets and without any privilege: {@link org.tinc4j.examples.quickstart.Quickstart} tells the story,
 * {@link org.tinc4j.examples.quickstart.ThreeNodes} is the mesh, {@link org.tinc4j.examples.quickstart.Transfer} sends data over it, and
 * {@link org.tinc4j.examples.quickstart.Screen} prints.
 */
package org.tinc4j.examples.quickstart;
