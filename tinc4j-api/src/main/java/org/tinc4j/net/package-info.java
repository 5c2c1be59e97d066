/**
 * Sockets on the mesh: ordinary {@code java.net} ones, whose addresses are the overlay's.
 *
 * <p>{@link org.tinc4j.TincNode} has the short forms, {@link org.tinc4j.net.MeshSockets} everything. On a node without a kernel interface
 * TCP, UDP and ICMP run in this process and need no privilege; on one with an interface the same calls give the system's own sockets, bound
 * to the node's address.
 *
 * {@snippet file="Sockets.java" region="connect"}
 *
 * <p>Servers and clients without a hook for sockets are served over loopback:
 *
 * {@snippet file="Sockets.java" region="http"}
 *
 * <p>{@link org.tinc4j.net.Access} says who of the mesh may reach which port, on both:
 *
 * {@snippet file="Sockets.java" region="access"}
 */
package org.tinc4j.net;
