package org.tinc4j.impl.datapath;

import java.nio.ByteBuffer;
import org.tinc4j.DropReason;
import org.tinc4j.Forwarding;
import org.tinc4j.config.RoutingOptions;
import org.tinc4j.impl.graph.Options;
import org.tinc4j.impl.graph.SubnetTable;
import org.tinc4j.impl.offload.Splitter;
import org.tinc4j.impl.route.Fragmenter;
import org.tinc4j.impl.route.MssClamp;
import org.tinc4j.impl.route.NodeRoute;
import org.tinc4j.impl.route.RoutingTable;
import org.tinc4j.impl.route.TcpReset;
import org.tinc4j.impl.route.TtlDecrement;
import org.tinc4j.impl.route.UdpPath;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.net.Access;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;

/**
 * Where an inner packet goes: to our device, to another node, to many, or nowhere, with an ICMP error back. A super-packet is routed once.
 *
 * <p><b>Threads.</b> One at a time.
 */
final class Router {

    /** IPv6 guarantees 1280 bytes; 14 are counted in addition. */
    private static final int MIN_FRAME_V6 = 1280 + PacketPath.FRAME_HEADER_BYTES;

    private final Stage stage;
    private final Sender sender;
    private final AccessFilter access;
    private final OwnerCache destinations = new OwnerCache();
    private final OwnerCache sources = new OwnerCache();

    Router(Stage stage, Sender sender) {
        this.stage = stage;
        this.sender = sender;
        this.access = stage.plane.access();
    }

    /** An inner packet from this host: complete, or a super-packet, or one whose checksum is still to be computed. */
    void outbound(PacketBuffer packet) {
        if (packet.segmentation() == Segmentation.NONE && packet.checksumStart() >= 0 && !Splitter.completeChecksum(packet)) {
            stage.drop(DropReason.MALFORMED_PACKET, Runs.count(packet));
            return;
        }
        route(packet, stage.table.self());
    }

    /** An inner packet from a node, or from us. */
    void route(PacketBuffer packet, NodeRoute source) {
        if (!source.reachable()) {
            stage.drop(DropReason.UNREACHABLE, Runs.count(packet));
            return;
        }
        ByteBuffer memory = packet.memory();
        int offset = packet.offset();
        if (!IpPacket.isValid(memory, offset, packet.length())) {
            stage.drop(DropReason.MALFORMED_PACKET, Runs.count(packet));
            return;
        }
        // What lies behind the packet's own length is padding.
        packet.move(offset, IpPacket.totalLength(memory, offset));
        RoutingTable table = stage.table;
        NodeRoute self = table.self();
        SubnetTable.Entry entry = destinations.destination(table.subnets(), memory, offset);
        if (entry == null) {
            refuse(packet, source, IcmpReplies.Kind.NO_SUBNET, DropReason.NO_SUBNET);
            return;
        }
        if (entry.owner() == null) {
            if (source != self && sourceIsOurs(memory, offset)) {
                stage.drop(DropReason.FOREIGN_SOURCE, Runs.count(packet));
            } else {
                forEachPacket(packet, source, Router::broadcast);
            }
            return;
        }
        NodeRoute owner = table.node(entry.ownerIndex());
        if (source != self && !mayUseSource(packet, source)) {
            stage.drop(DropReason.FOREIGN_SOURCE, Runs.count(packet));
            return;
        }
        if (owner == source) {
            if (owner == self) {
                forEachPacket(packet, source, Router::deliver);
            } else {
                stage.drop(DropReason.ROUTING_LOOP, Runs.count(packet));
            }
        } else if (!owner.reachable()) {
            refuse(packet, source, IcmpReplies.Kind.UNREACHABLE, DropReason.UNREACHABLE);
        } else if (owner == self) {
            if (admits(packet, source)) {
                stage.outlet.deliver(packet);
            }
        } else {
            if (source == self && access.restricts()) {
                access.sent(packet, owner.name(), stage.nowNanos);
            }
            routeToOther(packet, source, owner);
        }
    }

    /** Whether the rules let a packet of a node in; else it is counted, and answered unless silence is wanted. */
    private boolean admits(PacketBuffer packet, NodeRoute source) {
        if (!access.restricts() || access.admits(packet, source.name(), stage.nowNanos)) {
            return true;
        }
        stage.drop(DropReason.ACCESS_DENIED);
        if (access.access().refusal() == Access.Refusal.RESET) {
            PacketBuffer reset = stage.spare();
            if (TcpReset.build(packet.memory(), packet.offset(), reset)) {
                sender.send(reset, source);
            } else {
                answer(packet, IcmpReplies.Kind.PROHIBITED, 0, source);
            }
        }
        return false;
    }

    private void deliver(PacketBuffer packet, NodeRoute source) {
        stage.outlet.deliver(packet);
    }

    /**
     * A broadcast is sealed anew at each hop, so who passes it on need not own its source; but nobody speaks for us.
     */
    private boolean sourceIsOurs(ByteBuffer memory, int offset) {
        SubnetTable.Entry entry = sources.source(stage.table.subnets(), memory, offset);
        return stage.plane.routing().verifySource() && entry != null && stage.table.self().name().equals(entry.owner());
    }

    /** A node only sources addresses in its subnets; ICMP errors carry the address of whoever could not be reached. */
    private boolean mayUseSource(PacketBuffer packet, NodeRoute source) {
        if (!stage.plane.routing().verifySource()) {
            return true;
        }
        ByteBuffer memory = packet.memory();
        int offset = packet.offset();
        boolean four = IpPacket.version(memory, offset) == 4;
        SubnetTable.Entry entry = sources.source(stage.table.subnets(), memory, offset);
        if (entry != null && source.name().equals(entry.owner()) || IcmpReplies.isIcmpError(memory, offset)) {
            return true;
        }
        byte[] address = new byte[four ? 4 : 16];
        memory.get(offset + (four ? 12 : 8), address);
        return source.owns(address);
    }

    private void routeToOther(PacketBuffer packet, NodeRoute source, NodeRoute owner) {
        RoutingOptions options = stage.plane.routing();
        boolean forwarding = source != stage.table.self();
        if (forwarding && options.forwarding() == Forwarding.OFF) {
            refuse(packet, source, IcmpReplies.Kind.PROHIBITED, DropReason.FORWARDING_REFUSED);
            return;
        }
        if (forwarding && options.decrementTtl() && !TtlDecrement.decrement(packet.memory(), packet.offset())) {
            refuse(packet, source, IcmpReplies.Kind.TTL_EXCEEDED, DropReason.TTL_EXCEEDED);
            return;
        }
        NodeRoute via = stage.table.udpNodeOf(owner);
        if (via == source) {
            stage.drop(DropReason.ROUTING_LOOP, Runs.count(packet));
            return;
        }
        if (options.directOnly() && via != owner) {
            refuse(packet, source, IcmpReplies.Kind.PROHIBITED, DropReason.FORWARDING_REFUSED);
            return;
        }
        boolean four = IpPacket.version(packet.memory(), packet.offset()) == 4;
        int limit = Math.max(via.tunnel().mtuBytes(), four ? Fragmenter.MIN_FRAME_BYTES : MIN_FRAME_V6);
        if (Sender.packetBytes(packet) + PacketPath.FRAME_HEADER_BYTES > limit) {
            tooBig(packet, source, owner, limit, four);
            return;
        }
        if ((via.options() & Options.CLAMP_MSS) != 0 && packet.segmentation() == Segmentation.NONE) {
            int sourceMtu = forwarding ? source.tunnel().mtuBytes() : UdpPath.MAX_BYTES;
            int frameBytes = Math.min(sourceMtu, via.tunnel().mtuBytes());
            MssClamp.clamp(packet.memory(), packet.offset(), packet.length(), frameBytes);
        }
        sender.send(packet, owner);
    }

    private void tooBig(PacketBuffer packet, NodeRoute source, NodeRoute owner, int limit, boolean four) {
        if (!four || IpPacket.dontFragment(packet.memory(), packet.offset())) {
            stage.drop(DropReason.TOO_BIG, Runs.count(packet));
            answer(packet, IcmpReplies.Kind.TOO_BIG, limit - PacketPath.FRAME_HEADER_BYTES, source);
            return;
        }
        if (packet.segmentation() != Segmentation.NONE) {
            forEachPacket(packet, source, (self, piece, from) -> self.sendFragments(piece, owner, limit));
        } else {
            sendFragments(packet, owner, limit);
        }
    }

    private void sendFragments(PacketBuffer packet, NodeRoute owner, int limit) {
        PacketBatch fragments = stage.fragment(packet, limit);
        for (int i = 0; i < fragments.size(); i++) {
            sender.send(fragments.get(i), owner);
        }
        // The fragments' buffers are needed again for the next packet.
        stage.flush();
    }

    private void broadcast(PacketBuffer packet, NodeRoute source) {
        RoutingTable table = stage.table;
        if (source != table.self() && (!access.restricts() || access.admits(packet, source.name(), stage.nowNanos))) {
            PacketBuffer copy = stage.copy(packet);
            if (copy != null) {
                stage.outlet.deliver(copy);
            }
        }
        switch (stage.plane.routing().broadcast()) {
            case NONE -> {}
            case SPANNING_TREE -> {
                for (int i = 0; i < table.treeNeighbourCount(); i++) {
                    NodeRoute neighbour = table.treeNeighbour(i);
                    if (source == table.self() || neighbour != table.nexthopOf(source)) {
                        sendCopy(packet, neighbour);
                    }
                }
            }
            case DIRECT -> {
                for (int i = 0; source == table.self() && i < table.size(); i++) {
                    NodeRoute node = table.node(i);
                    if (node != source && node.reachable() && table.udpNodeOf(node) == node) {
                        sendCopy(packet, node);
                    }
                }
            }
        }
    }

    private void sendCopy(PacketBuffer packet, NodeRoute to) {
        PacketBuffer copy = stage.copy(packet);
        if (copy != null) {
            sender.send(copy, to);
        }
    }

    @FunctionalInterface
    private interface PacketAction {
        void accept(Router self, PacketBuffer packet, NodeRoute source);
    }

    /** What cannot be done with a super-packet is done with each of its packets, which lie in spare memory. */
    private void forEachPacket(PacketBuffer packet, NodeRoute source, PacketAction action) {
        if (packet.segmentation() == Segmentation.NONE) {
            action.accept(this, packet, source);
            return;
        }
        int count = stage.split(packet);
        for (int i = 0; i < count; i++) {
            action.accept(this, stage.piece(i), source);
        }
    }

    private void refuse(PacketBuffer packet, NodeRoute source, IcmpReplies.Kind kind, DropReason reason) {
        stage.drop(reason, Runs.count(packet));
        answer(packet, kind, 0, source);
    }

    private void answer(PacketBuffer packet, IcmpReplies.Kind kind, int mtuBytes, NodeRoute source) {
        if (!stage.plane.mayRefuse(stage.nowNanos)) {
            return;
        }
        PacketBuffer error = IcmpReplies.error(packet, kind, mtuBytes, stage.table.self(), stage.spare());
        if (error == null) {
            return;
        }
        if (source == stage.table.self()) {
            stage.outlet.deliver(error);
        } else if (source.reachable()) {
            sender.send(error, source);
        }
    }
}
