package org.tinc4j.event;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;
import org.tinc4j.NodeName;
import org.tinc4j.PathKind;
import org.tinc4j.Subnet;
import org.tinc4j.net.Traffic;
import org.tinc4j.spi.DeviceInfo;

/** Something that happened in the mesh, as seen from this node. New kinds may be added in a minor release. */
public sealed interface TincEvent {

    /**
     * When it happened.
     *
     * @return wall-clock time of the node
     */
    Instant at();

    /**
     * A node became reachable.
     *
     * @param at when
     * @param node which
     * @param address its UDP address as known by the last hop, where it has one
     */
    record NodeReachable(Instant at, NodeName node, Optional<InetSocketAddress> address) implements TincEvent {}

    /**
     * A node became unreachable.
     *
     * @param at when
     * @param node which
     * @param address the UDP address it had
     */
    record NodeUnreachable(Instant at, NodeName node, Optional<InetSocketAddress> address) implements TincEvent {}

    /**
     * A meta connection is established.
     *
     * @param at when
     * @param peer with whom
     * @param address the peer's TCP address
     * @param dialled whether this node dialled
     */
    record ConnectionUp(Instant at, NodeName peer, InetSocketAddress address, boolean dialled) implements TincEvent {}

    /**
     * A meta connection ended, or an attempt failed.
     *
     * @param at when
     * @param peer with whom, where that became known
     * @param address the peer's TCP address, where there is one
     * @param reason why, in words
     */
    record ConnectionDown(Instant at, Optional<NodeName> peer, Optional<InetSocketAddress> address, String reason)
            implements TincEvent {}

    /**
     * A node announced a subnet.
     *
     * @param at when
     * @param owner who
     * @param subnet which
     */
    record SubnetAdded(Instant at, NodeName owner, Subnet subnet) implements TincEvent {}

    /**
     * A node withdrew a subnet.
     *
     * @param at when
     * @param owner who
     * @param subnet which
     */
    record SubnetRemoved(Instant at, NodeName owner, Subnet subnet) implements TincEvent {}

    /**
     * The way packets take to a node changed.
     *
     * @param at when
     * @param node to whom
     * @param kind how they travel now
     * @param address the confirmed UDP address, when direct
     * @param pmtuBytes largest record known to arrive by UDP; 0 when none; as in C tinc, packets travel so that are 14 bytes shorter
     */
    record PathChanged(Instant at, NodeName node, PathKind kind, Optional<InetSocketAddress> address, int pmtuBytes)
            implements TincEvent {}

    /**
     * Data keys with a node were made or renewed.
     *
     * @param at when
     * @param node with whom
     * @param renewal false for the first keys
     */
    record KeyRenewed(Instant at, NodeName node, boolean renewal) implements TincEvent {}

    /**
     * The device is open.
     *
     * @param at when
     * @param device what it is
     */
    record DeviceUp(Instant at, DeviceInfo device) implements TincEvent {}

    /**
     * The device is closed or failed.
     *
     * @param at when
     * @param device what it was
     * @param reason why, in words
     */
    record DeviceDown(Instant at, DeviceInfo device, String reason) implements TincEvent {}

    /**
     * A rule of {@link org.tinc4j.net.Access} denied a node something. Told at most some ten times a second; all are counted as
     * {@link org.tinc4j.DropReason#ACCESS_DENIED}.
     *
     * @param at when
     * @param node who was denied
     * @param protocol by which protocol
     * @param port which port of this node; 0 for a protocol without ports
     */
    record AccessDenied(Instant at, NodeName node, Traffic.Protocol protocol, int port) implements TincEvent {}

    /**
     * A listener was too slow.
     *
     * @param at when
     * @param count how many events it did not get
     */
    record EventsLost(Instant at, long count) implements TincEvent {}
}
