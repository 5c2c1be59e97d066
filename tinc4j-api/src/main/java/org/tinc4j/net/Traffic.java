package org.tinc4j.net;

import java.util.Objects;
import java.util.Optional;
import org.tinc4j.NodeName;

/**
 * Some of what nodes of the mesh may send to this one: from whom, by which protocol, to which ports. Immutable.
 *
 * <p>For example {@code Traffic.from("billing").tcp(443)}.
 *
 * @param node who sends; empty is every node
 * @param protocol by which protocol
 * @param firstPort lowest port of this node, 0 to 65535; of TCP and UDP
 * @param lastPort highest port, not below the first
 */
public record Traffic(Optional<NodeName> node, Protocol protocol, int firstPort, int lastPort) {

    /** The protocol inside IP. */
    public enum Protocol {
        /** Every one, also those that are not named here. */
        ANY,
        /** TCP: a connection is judged when it is opened. */
        TCP,
        /** UDP: each datagram is judged that is no answer to one of this node's. */
        UDP,
        /** Echo requests and all else of ICMP and ICMPv6 but for errors, which are always taken. */
        ICMP
    }

    private static final int MAX_PORT = 65535;

    /** Checks the ports. */
    public Traffic {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(protocol, "protocol");
        if (firstPort < 0 || lastPort > MAX_PORT || firstPort > lastPort) {
            throw new IllegalArgumentException("ports " + firstPort + " to " + lastPort + " are no range within 0 to " + MAX_PORT);
        }
        if ((firstPort > 0 || lastPort < MAX_PORT) && protocol != Protocol.TCP && protocol != Protocol.UDP) {
            throw new IllegalArgumentException(
                    "ports " + firstPort + " to " + lastPort + " of " + protocol + ": only TCP and UDP have ports");
        }
    }

    /**
     * Everything from everybody.
     *
     * @return the choice, to be narrowed
     */
    public static Traffic any() {
        return new Traffic(Optional.empty(), Protocol.ANY, 0, MAX_PORT);
    }

    /**
     * Everything from one node.
     *
     * @param node its name
     * @return the choice, to be narrowed
     */
    public static Traffic from(String node) {
        return new Traffic(Optional.of(new NodeName(node)), Protocol.ANY, 0, MAX_PORT);
    }

    /**
     * TCP only.
     *
     * @return a changed copy, all ports
     */
    public Traffic tcp() {
        return new Traffic(node, Protocol.TCP, 0, MAX_PORT);
    }

    /**
     * TCP to one port only.
     *
     * @param port 0 to 65535
     * @return a changed copy
     */
    public Traffic tcp(int port) {
        return new Traffic(node, Protocol.TCP, port, port);
    }

    /**
     * UDP only.
     *
     * @return a changed copy, all ports
     */
    public Traffic udp() {
        return new Traffic(node, Protocol.UDP, 0, MAX_PORT);
    }

    /**
     * UDP to one port only.
     *
     * @param port 0 to 65535
     * @return a changed copy
     */
    public Traffic udp(int port) {
        return new Traffic(node, Protocol.UDP, port, port);
    }

    /**
     * ICMP only.
     *
     * @return a changed copy
     */
    public Traffic icmp() {
        return new Traffic(node, Protocol.ICMP, 0, MAX_PORT);
    }

    /**
     * Some ports only.
     *
     * @param first lowest
     * @param last highest
     * @return a changed copy
     * @throws IllegalArgumentException if it is neither TCP nor UDP
     */
    public Traffic ports(int first, int last) {
        return new Traffic(node, protocol, first, last);
    }

    /**
     * Whether it includes something.
     *
     * @param sender who sends
     * @param by TCP, UDP, ICMP, or ANY for another protocol
     * @param port of this node; ignored unless by TCP or UDP
     * @return whether it does
     */
    public boolean includes(NodeName sender, Protocol by, int port) {
        if (node.isPresent() && !node.get().equals(sender)) {
            return false;
        }
        if (protocol != Protocol.ANY && protocol != by) {
            return false;
        }
        boolean hasPorts = by == Protocol.TCP || by == Protocol.UDP;
        return !hasPorts || port >= firstPort && port <= lastPort;
    }
}
