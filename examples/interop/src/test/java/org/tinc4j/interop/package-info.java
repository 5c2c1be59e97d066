/**
 * Driver: Java nodes and real C daemons in network namespaces, and the tests of what they do together. Starts processes; may use
 * everything.
 *
 * <p>A test reads as a drawing of the mesh: {@link org.tinc4j.interop.Mesh} makes a {@link org.tinc4j.interop.Lan} of namespaces, puts a
 * {@link org.tinc4j.interop.MeshNode} into each, {@link org.tinc4j.interop.CTincd} or {@link org.tinc4j.interop.JavaNode}, and
 * {@link org.tinc4j.interop.Traffic} goes through their TUN interfaces. Both kinds of node are given the same files.
 */
package org.tinc4j.interop;
