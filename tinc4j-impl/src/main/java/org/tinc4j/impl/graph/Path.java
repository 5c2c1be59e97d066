package org.tinc4j.impl.graph;

import org.tinc4j.NodeName;

/**
 * How one reachable node is reached from the node that computed it.
 *
 * @param nexthop the neighbour over which meta connections lead there; the computing node itself for itself
 * @param via the node to send UDP to: the destination, or a static relay; the computing node itself stands for "no such node, use
 *     nexthop"
 * @param distance hops
 * @param weightedDistance sum of the edge weights
 * @param options options of the destination: those of the last edge; 0 for the computing node
 * @param indirect whether every useful path has an edge that forbids direct contact
 * @param lastEdge the edge on which the path arrives; null for the computing node, which no edge leads to
 */
public record Path(
        NodeName nexthop, NodeName via, int distance, long weightedDistance, int options, boolean indirect, Edge lastEdge) {}
