/**
 * Meshes that live as long as a test: many nodes in one JVM, on a virtual network. No root, no port, no container, no sleep.
 *
 * {@snippet file="MeshTests.java" region="by-hand"}
 *
 * <p>With JUnit, {@link org.tinc4j.testing.junit.Mesh @Mesh} starts and closes it:
 *
 * {@snippet file="MeshTests.java" region="junit"}
 *
 * <p><b>Nodes.</b> An {@link org.tinc4j.testing.EphemeralNode} is a {@link org.tinc4j.TincNode} with everything that has, and can be stopped, killed and
 * started again. Keys are generated, addresses assigned, and whoever is to be connected knows the other. What travels between nodes
 * is the real protocol, sealed by the real ciphers; only the network underneath is made up.
 *
 * <p><b>The network.</b> Every host reaches every other, unless it is behind a {@linkplain org.tinc4j.testing.NatKind NAT} or somebody
 * {@linkplain org.tinc4j.testing.EphemeralMesh#partition(String, String) cut} them apart. Each link has its
 * {@linkplain org.tinc4j.testing.LinkConditions conditions}, which may change while the mesh runs.
 *
 * <p><b>Two clocks.</b> In {@linkplain org.tinc4j.testing.MeshClock#REAL real time} the nodes run on the threads they have in production: for tests of a
 * service. In {@linkplain org.tinc4j.testing.MeshClock#VIRTUAL virtual time} everything happens on the thread that calls, as fast as it can, and the same
 * {@linkplain org.tinc4j.testing.EphemeralMesh#seed() seed} gives the same {@linkplain org.tinc4j.testing.EphemeralMesh#trace() trace}: for
 * tests of what a mesh does in an hour.
 *
 * <p><b>At the end</b> {@link org.tinc4j.testing.EphemeralMesh#close() close} ends every node, and fails if one of them left a thread, a socket or packet
 * memory behind.
 */
package org.tinc4j.testing;
