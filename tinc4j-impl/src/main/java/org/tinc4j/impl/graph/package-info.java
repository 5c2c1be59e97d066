/**
 * Pure: runs on whichever thread calls it; imports the JDK's collections and digests and the value types of {@code org.tinc4j},
 * nothing else.
 *
 * <p>The shape of the mesh: which edges exist ({@link org.tinc4j.impl.graph.EdgeTable}), who is reached how
 * ({@link org.tinc4j.impl.graph.ShortestPaths}), where broadcasts flow ({@link org.tinc4j.impl.graph.SpanningTree}) and which node
 * owns an address ({@link org.tinc4j.impl.graph.SubnetTable}).
 */
package org.tinc4j.impl.graph;
