package org.tinc4j.impl.graph;

import org.tinc4j.NodeName;

/**
 * A directed statement of the meta protocol: {@code from} has a meta connection with {@code to}. Each end announces its own, so a
 * healthy connection shows as two edges.
 *
 * @param from the node that announced it
 * @param to the other end
 * @param address where {@code from} sees {@code to}; text as received
 * @param port UDP port of {@code to}; text as received
 * @param options see {@link Options}; the version is that of {@code to}
 * @param weight lower is preferred; any integer may come from the network
 * @param localAddress address of {@code from} on its own network, as received; empty if absent
 * @param localPort port belonging to {@code localAddress}, as received; empty if absent
 */
public record Edge(
        NodeName from,
        NodeName to,
        String address,
        String port,
        int options,
        int weight,
        String localAddress,
        String localPort) {}
