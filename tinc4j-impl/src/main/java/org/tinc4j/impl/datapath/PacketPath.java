package org.tinc4j.impl.datapath;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.tinc4j.DropReason;
import org.tinc4j.Forwarding;
import org.tinc4j.config.RoutingOptions;
import org.tinc4j.impl.crypto.Aead;
import org.tinc4j.impl.graph.Options;
import org.tinc4j.impl.graph.SubnetTable;
import org.tinc4j.impl.route.Fragmenter;
import org.tinc4j.impl.route.MssClamp;
import org.tinc4j.impl.route.NodeRoute;
import org.tinc4j.impl.route.RoutingTable;
import org.tinc4j.impl.route.Tunnel;
import org.tinc4j.impl.route.TtlDecrement;
import org.tinc4j.impl.route.UdpPath;
import org.tinc4j.impl.sptps.DatagramCipher;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.impl.wire.RelayIds;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketDevice;

/**
 * The way of packets through a node. Each data thread has one of its own.
 *
 * <pre>
 * 1 begin          read the published routing table once per batch
 * 2 route          inner packet, who sent it -> our device, another node, or an ICMP error back
 * 3 send           seal in place: | dst id 6 | src id 6 | seqno 4 | type 1 | packet | tag 16 |
 * 4 forward        choose UDP to the node, UDP to a relay, or the meta connection
 * 5 flush          hand the collected datagrams to the sockets, the collected packets to the device
 *
 *   datagram       outer datagram -> relay it (4), or open it in place and route what was inside (2)
 * </pre>
 *
 * <p>Order is kept within a batch for each socket and the device. Buffers are borrowed from the caller until {@link #flush}.
 *
 * <p><b>Threads.</b> One at a time. What is shared with other threads is in {@link DataPlane} and {@link Tunnel}.
 */
public final class PacketPath {

    /** What C tinc counts in addition to the inner packet: a whole Ethernet header. */
    static final int FRAME_HEADER_BYTES = 14;

    private static final int TYPE_PACKET = 0;
    private static final int TYPE_MAC_FRAME = 2;
    private static final int TYPE_PROBE = 4;

    /** C tinc takes no more than this many bytes in a record. */
    private static final int MAX_RECORD = UdpPath.MAX_BYTES;

    /** IPv6 guarantees 1280 bytes; 14 are counted in addition. */
    private static final int MIN_FRAME_V6 = 1280 + FRAME_HEADER_BYTES;

    /** Results of {@link #open}. */
    private static final int DROPPED = -1;

    private static final int UNDECRYPTABLE = -2;

    /** A packet of 64 KiB in the smallest fragments. */
    private static final int MAX_FRAGMENTS = 128;

    private static final int SPARES = 64;

    private final DataPlane plane;
    private final Aead engine;
    private final Outlet outlet;
    private final StageMemory memory;

    /** Memory for what is seldom needed is taken when it first is: it would be most of what an idle node costs. Null until then. */
    private PacketBatch spares;
    private PacketBatch fragments;

    private RoutingTable table;
    private long nowNanos;

    PacketPath(DataPlane plane, StageMemory memory) {
        this.plane = plane;
        this.memory = memory;
        this.engine = plane.newEngine();
        this.outlet = new Outlet(plane);
    }

    // ---- 1 begin ----

    /** A batch begins: everything in it is routed by the same table. */
    void begin() {
        // Should a fault have ended the last batch half-way, its buffers are not ours any more.
        outlet.discard();
        table = plane.table();
        nowNanos = plane.nanoTime();
    }

    /** Whether there is a mesh to route in yet. */
    boolean ready() {
        return table != null;
    }

    // ---- 2 route ----

    /** An inner packet from this host. */
    void outbound(PacketBuffer packet) {
        route(packet, table.self());
    }

    /** An inner packet from a node, or from us. */
    void route(PacketBuffer packet, NodeRoute source) {
        if (!source.reachable()) {
            drop(DropReason.UNREACHABLE);
            return;
        }
        ByteBuffer memory = packet.memory();
        int offset = packet.offset();
        if (!IpPacket.isValid(memory, offset, packet.length())) {
            drop(DropReason.MALFORMED_PACKET);
            return;
        }
        // What lies behind the packet's own length is padding.
        packet.move(offset, IpPacket.totalLength(memory, offset));
        SubnetTable.Entry entry = destination(memory, offset);
        if (entry == null) {
            refuse(packet, source, IcmpReplies.Kind.NO_SUBNET, DropReason.NO_SUBNET);
            return;
        }
        if (entry.owner() == null) {
            if (source != table.self() && sourceIsOurs(memory, offset)) {
                drop(DropReason.FOREIGN_SOURCE);
            } else {
                broadcast(packet, source);
            }
            return;
        }
        NodeRoute owner = table.node(entry.ownerIndex());
        NodeRoute self = table.self();
        if (source != self && !mayUseSource(packet, source)) {
            drop(DropReason.FOREIGN_SOURCE);
            return;
        }
        if (owner == source) {
            if (owner == self) {
                outlet.deliver(packet);
            } else {
                drop(DropReason.ROUTING_LOOP);
            }
        } else if (!owner.reachable()) {
            refuse(packet, source, IcmpReplies.Kind.UNREACHABLE, DropReason.UNREACHABLE);
        } else if (owner == self) {
            outlet.deliver(packet);
        } else {
            routeToOther(packet, source, owner);
        }
    }

    private SubnetTable.Entry destination(ByteBuffer memory, int offset) {
        return IpPacket.version(memory, offset) == 4
                ? table.subnets().lookupIpv4(IpPacket.destinationV4(memory, offset))
                : table.subnets()
                        .lookupIpv6(IpPacket.destinationHighV6(memory, offset), IpPacket.destinationLowV6(memory, offset));
    }

    /**
     * A broadcast is sealed anew at each hop, so who passes it on need not own its source; but nobody speaks for us.
     */
    private boolean sourceIsOurs(ByteBuffer memory, int offset) {
        SubnetTable.Entry entry = sourceOwner(memory, offset);
        return plane.routing().verifySource() && entry != null && table.self().name().equals(entry.owner());
    }

    private SubnetTable.Entry sourceOwner(ByteBuffer memory, int offset) {
        return IpPacket.version(memory, offset) == 4
                ? table.subnets().lookupIpv4(IpPacket.sourceV4(memory, offset))
                : table.subnets().lookupIpv6(IpPacket.sourceHighV6(memory, offset), IpPacket.sourceLowV6(memory, offset));
    }

    /** A node only sources addresses in its subnets; ICMP errors carry the address of whoever could not be reached. */
    private boolean mayUseSource(PacketBuffer packet, NodeRoute source) {
        if (!plane.routing().verifySource()) {
            return true;
        }
        ByteBuffer memory = packet.memory();
        int offset = packet.offset();
        boolean four = IpPacket.version(memory, offset) == 4;
        SubnetTable.Entry entry = sourceOwner(memory, offset);
        if (entry != null && source.name().equals(entry.owner()) || IcmpReplies.isIcmpError(memory, offset)) {
            return true;
        }
        byte[] address = new byte[four ? 4 : 16];
        memory.get(offset + (four ? 12 : 8), address);
        return source.owns(address);
    }

    private void routeToOther(PacketBuffer packet, NodeRoute source, NodeRoute owner) {
        RoutingOptions options = plane.routing();
        boolean forwarding = source != table.self();
        if (forwarding && options.forwarding() == Forwarding.OFF) {
            refuse(packet, source, IcmpReplies.Kind.PROHIBITED, DropReason.FORWARDING_REFUSED);
            return;
        }
        if (forwarding && options.decrementTtl() && !TtlDecrement.decrement(packet.memory(), packet.offset())) {
            refuse(packet, source, IcmpReplies.Kind.TTL_EXCEEDED, DropReason.TTL_EXCEEDED);
            return;
        }
        NodeRoute via = table.udpNodeOf(owner);
        if (via == source) {
            drop(DropReason.ROUTING_LOOP);
            return;
        }
        if (options.directOnly() && via != owner) {
            refuse(packet, source, IcmpReplies.Kind.PROHIBITED, DropReason.FORWARDING_REFUSED);
            return;
        }
        boolean four = IpPacket.version(packet.memory(), packet.offset()) == 4;
        int limit = Math.max(via.tunnel().mtuBytes(), four ? Fragmenter.MIN_FRAME_BYTES : MIN_FRAME_V6);
        if (packet.length() + FRAME_HEADER_BYTES > limit) {
            tooBig(packet, source, owner, limit, four);
            return;
        }
        if ((via.options() & Options.CLAMP_MSS) != 0) {
            int sourceMtu = forwarding ? source.tunnel().mtuBytes() : UdpPath.MAX_BYTES;
            int frameBytes = Math.min(sourceMtu, via.tunnel().mtuBytes());
            MssClamp.clamp(packet.memory(), packet.offset(), packet.length(), frameBytes);
        }
        send(packet, owner);
    }

    private void tooBig(PacketBuffer packet, NodeRoute source, NodeRoute owner, int limit, boolean four) {
        if (!four || IpPacket.dontFragment(packet.memory(), packet.offset())) {
            refuseTooBig(packet, source, limit);
            return;
        }
        if (fragments == null) {
            fragments = memory.batch(DataPlane.BLOCK_BYTES, MAX_FRAGMENTS);
        }
        fragments.clear();
        int count = Fragmenter.fragment(packet.memory(), packet.offset(), packet.length(), limit, fragments);
        if (count == 0) {
            drop(DropReason.TOO_BIG);
        }
        for (int i = 0; i < count; i++) {
            send(fragments.get(i), owner);
        }
        // The fragments' buffers are needed again for the next packet.
        flush();
    }

    private void broadcast(PacketBuffer packet, NodeRoute source) {
        if (source != table.self()) {
            PacketBuffer copy = copy(packet);
            if (copy != null) {
                outlet.deliver(copy);
            }
        }
        switch (plane.routing().broadcast()) {
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
        PacketBuffer copy = copy(packet);
        if (copy != null) {
            send(copy, to);
        }
    }

    private PacketBuffer copy(PacketBuffer packet) {
        PacketBuffer spare = spare();
        if (packet.length() > spare.capacity() - PacketDevice.HEADROOM_BYTES - PacketDevice.TAILROOM_BYTES) {
            drop(DropReason.TOO_BIG);
            return null;
        }
        spare.reset(PacketDevice.HEADROOM_BYTES, packet.length());
        spare.memory().put(PacketDevice.HEADROOM_BYTES, packet.memory(), packet.offset(), packet.length());
        return spare;
    }

    private PacketBuffer spare() {
        if (spares == null) {
            spares = memory.batch(DataPlane.BLOCK_BYTES, SPARES);
        }
        PacketBuffer spare = spares.next();
        if (spare == null) {
            flush();
            spare = spares.next();
        }
        return spare;
    }

    private void refuse(PacketBuffer packet, NodeRoute source, IcmpReplies.Kind kind, DropReason reason) {
        drop(reason);
        answer(packet, kind, 0, source);
    }

    private void refuseTooBig(PacketBuffer packet, NodeRoute source, int limit) {
        drop(DropReason.TOO_BIG);
        int mtuBytes = limit - FRAME_HEADER_BYTES;
        answer(packet, IcmpReplies.Kind.TOO_BIG, mtuBytes, source);
    }

    private void answer(PacketBuffer packet, IcmpReplies.Kind kind, int mtuBytes, NodeRoute source) {
        if (!plane.mayRefuse(nowNanos)) {
            return;
        }
        PacketBuffer error = IcmpReplies.error(packet, kind, mtuBytes, table.self(), spare());
        if (error == null) {
            return;
        }
        if (source == table.self()) {
            outlet.deliver(error);
        } else if (source.reachable()) {
            send(error, source);
        }
    }

    // ---- 3 send ----

    private void send(PacketBuffer packet, NodeRoute target) {
        Tunnel tunnel = target.tunnel();
        if (tunnel.want(nowNanos)) {
            plane.control().wanted(tunnel);
        }
        int length = packet.length();
        DatagramCipher cipher = tunnel.cipher();
        boolean ready = cipher != null && cipher.canSeal();
        if (table.isNeighbour(target)
                && (!ready || tunnel.held() || length + FRAME_HEADER_BYTES > tunnel.udp().minBytes())) {
            sendFrame(packet, tunnel);
            return;
        }
        int sealed = ready && length <= MAX_RECORD
                ? cipher.seal(engine, TYPE_PACKET, packet.memory(), packet.offset(), length)
                : -1;
        if (sealed < 0) {
            drop(ready ? DropReason.TOO_BIG : DropReason.NO_KEY);
            return;
        }
        tunnel.countOut(length);
        packet.move(packet.offset() - 5, sealed);
        forward(packet, table.self(), target, length, tunnel.held());
    }

    /** The neighbour gets it unsealed over the meta connection, which protects it. */
    private void sendFrame(PacketBuffer packet, Tunnel tunnel) {
        ByteBuffer memory = packet.memory();
        byte[] frame = new byte[FRAME_HEADER_BYTES + packet.length()];
        boolean four = IpPacket.version(memory, packet.offset()) == 4;
        frame[12] = (byte) (four ? 0x08 : 0x86);
        frame[13] = (byte) (four ? 0x00 : 0xdd);
        memory.get(packet.offset(), frame, FRAME_HEADER_BYTES, packet.length());
        if (plane.control().sendFrame(tunnel, frame)) {
            tunnel.countOut(packet.length());
        } else {
            drop(DropReason.TCP_CONGESTED);
        }
    }

    // ---- 4 forward ----

    /** Passes a sealed datagram on: the packet's content is {@code seqno | ciphertext | tag}, with room for the ids before it. */
    private void forward(PacketBuffer datagram, NodeRoute origin, NodeRoute target, int payload, boolean overTcp) {
        NodeRoute self = table.self();
        NodeRoute via = table.node(target.via());
        NodeRoute relay =
                via != self && payload <= via.tunnel().udp().minBytes() ? via : table.nexthopOf(target);
        boolean direct = origin == self && relay == target;
        UdpPath path = relay.tunnel().udp();
        boolean tcp = overTcp
                || plane.tcpOnly()
                || (relay.options() & Options.TCP_ONLY) != 0
                || !direct && Options.version(relay.options()) < 4
                || payload > path.minBytes()
                || path.address() == null;
        long destinationId = direct && !tcp ? 0 : target.tunnel().id();
        RelayIds.put(datagram.memory(), datagram.offset() - RelayIds.BYTES, destinationId, origin.tunnel().id());
        datagram.move(datagram.offset() - RelayIds.BYTES, datagram.length() + RelayIds.BYTES);
        if (relay != target && relay.tunnel().want(nowNanos)) {
            plane.control().wanted(relay.tunnel());
        }
        if (tcp) {
            byte[] packet = new byte[datagram.length()];
            datagram.memory().get(datagram.offset(), packet);
            if (!plane.control().sendSealed(target.tunnel(), packet)) {
                drop(DropReason.TCP_CONGESTED);
            }
            return;
        }
        outlet.send(datagram, relay.tunnel(), path);
    }

    // ---- 5 flush ----

    /** Sends and delivers everything collected; the caller may use its buffers again. */
    void flush() {
        outlet.flush();
        if (spares != null) {
            spares.clear();
        }
    }

    // ---- inbound ----

    /** An outer datagram from a socket. */
    void datagram(PacketBuffer datagram, int socket) {
        if (datagram.length() < RelayIds.BYTES + DatagramCipher.OVERHEAD_BYTES) {
            drop(DropReason.MALFORMED_DATAGRAM);
            return;
        }
        long destinationId = RelayIds.destination(datagram.memory(), datagram.offset());
        NodeRoute origin = table.identified(RelayIds.source(datagram.memory(), datagram.offset()));
        InetSocketAddress from = datagram.remote();
        boolean fromOrigin = destinationId == 0;
        // "A packet with a non-zero destination id is only accepted from an address that is confirmed for the relay."
        NodeRoute sender = fromOrigin ? origin : table.confirmedAt(from);
        if (origin == null || sender == null) {
            drop(DropReason.UNKNOWN_SENDER);
            return;
        }
        if (destinationId != 0 && destinationId != table.self().tunnel().id()) {
            relay(datagram, origin, destinationId, sender);
            return;
        }
        Tunnel tunnel = origin.tunnel();
        int record = open(datagram, origin);
        if (record < 0) {
            // Where anybody could have sent it, it says nothing about the keys.
            if (record == UNDECRYPTABLE && (!fromOrigin || sender == table.confirmedAt(from))) {
                plane.undecryptable(tunnel, nowNanos);
            }
            return;
        }
        if (fromOrigin && !from.equals(tunnel.udp().address())) {
            plane.control().moved(tunnel, from, socket);
        }
        if (!fromOrigin && tunnel.infoDue(nowNanos, plane.infoIntervalNanos())) {
            plane.control().indirect(tunnel);
        }
        tunnel.received(datagram.length());
        accept(datagram, origin, record, from, socket);
    }

    /**
     * A datagram with its ids that came over a meta connection.
     *
     * @param neighbour at its other end; null when it is not in the table
     */
    void sealedByTcp(PacketBuffer datagram, NodeRoute neighbour) {
        if (datagram.length() < RelayIds.BYTES + DatagramCipher.OVERHEAD_BYTES) {
            drop(DropReason.MALFORMED_DATAGRAM);
            return;
        }
        long destinationId = RelayIds.destination(datagram.memory(), datagram.offset());
        NodeRoute origin = table.identified(RelayIds.source(datagram.memory(), datagram.offset()));
        if (origin == null) {
            drop(DropReason.UNKNOWN_SENDER);
            return;
        }
        if (destinationId != table.self().tunnel().id()) {
            NodeRoute target = table.identified(destinationId);
            // By UDP it may leave for another than the next hop; the connection it came by is the next hop's.
            if (neighbour != null && target != null && target.reachable() && table.nexthopOf(target) == neighbour) {
                drop(DropReason.ROUTING_LOOP);
            } else {
                relay(datagram, origin, destinationId, neighbour);
            }
            return;
        }
        int record = open(datagram, origin);
        if (record < 0) {
            if (record == UNDECRYPTABLE) {
                plane.undecryptable(origin.tunnel(), nowNanos);
            }
            return;
        }
        if (origin.tunnel().infoDue(nowNanos, plane.infoIntervalNanos())) {
            plane.control().indirect(origin.tunnel());
        }
        // "Type 4 is only legal over UDP."
        if (record == TYPE_PROBE) {
            drop(DropReason.MALFORMED_DATAGRAM);
        } else {
            accept(datagram, origin, record, null, 0);
        }
    }

    /** @param sender who passed it to us; null when it is not in the table */
    private void relay(PacketBuffer datagram, NodeRoute origin, long destinationId, NodeRoute sender) {
        NodeRoute target = table.identified(destinationId);
        if (target == null || !target.reachable()) {
            drop(DropReason.UNREACHABLE);
            return;
        }
        if (target == origin || origin == table.self() || sender != null && table.udpNodeOf(target) == sender) {
            drop(DropReason.ROUTING_LOOP);
            return;
        }
        if (target.tunnel().want(nowNanos)) {
            plane.control().wanted(target.tunnel());
        }
        int payload = datagram.length() - RelayIds.BYTES - DatagramCipher.OVERHEAD_BYTES;
        if (payload > MAX_RECORD) {
            drop(DropReason.MALFORMED_DATAGRAM);
            return;
        }
        datagram.move(datagram.offset() + RelayIds.BYTES, datagram.length() - RelayIds.BYTES);
        forward(datagram, origin, target, payload, false);
    }

    /** Opens in place; on success the content is the record's data and its type is returned, else a negative number. */
    private int open(PacketBuffer datagram, NodeRoute origin) {
        Tunnel tunnel = origin.tunnel();
        DatagramCipher cipher = tunnel.cipher();
        if (cipher == null || !cipher.canOpen()) {
            drop(DropReason.NO_KEY);
            // "If there is no session object for the originator: send REQ_KEY, unless one is pending."
            if (origin.reachable() && tunnel.want(nowNanos)) {
                plane.control().wanted(tunnel);
            }
            return DROPPED;
        }
        int offset = datagram.offset() + RelayIds.BYTES;
        long opened = cipher.open(engine, datagram.memory(), offset, datagram.length() - RelayIds.BYTES);
        if (opened < 0) {
            drop(reason(opened));
            return opened == DatagramCipher.BAD_TAG ? UNDECRYPTABLE : DROPPED;
        }
        datagram.move(offset + 5, (int) opened & 0xffff);
        plane.opened(origin.tunnel(), nowNanos);
        return (int) (opened >> 16);
    }

    private static DropReason reason(long code) {
        if (code == DatagramCipher.BAD_TAG) {
            return DropReason.BAD_TAG;
        } else if (code == DatagramCipher.REPLAYED) {
            return DropReason.REPLAYED;
        } else if (code == DatagramCipher.TOO_LATE) {
            return DropReason.TOO_LATE;
        } else if (code == DatagramCipher.FAR_FUTURE) {
            return DropReason.FAR_FUTURE;
        } else if (code == DatagramCipher.NO_KEY) {
            return DropReason.NO_KEY;
        }
        return DropReason.MALFORMED_DATAGRAM;
    }

    private void accept(PacketBuffer record, NodeRoute origin, int type, InetSocketAddress from, int socket) {
        Tunnel tunnel = origin.tunnel();
        switch (type) {
            case TYPE_PACKET -> {
                tunnel.countIn(record.length());
                route(record, origin);
            }
            case TYPE_MAC_FRAME -> {
                if (record.length() <= FRAME_HEADER_BYTES) {
                    drop(DropReason.MALFORMED_PACKET);
                } else {
                    record.move(record.offset() + FRAME_HEADER_BYTES, record.length() - FRAME_HEADER_BYTES);
                    tunnel.countIn(record.length());
                    route(record, origin);
                }
            }
            case TYPE_PROBE -> {
                if (!plane.control().probe(tunnel, bytes(record), from, socket)) {
                    drop(DropReason.QUEUE_FULL);
                }
            }
            // Handshake records too: "they always travel as ANS_KEY, never over UDP", and by now the keys may be others.
            default -> drop(DropReason.MALFORMED_DATAGRAM);
        }
    }

    private static byte[] bytes(PacketBuffer record) {
        byte[] bytes = new byte[record.length()];
        record.memory().get(record.offset(), bytes);
        return bytes;
    }

    private void drop(DropReason reason) {
        plane.drops().count(reason);
    }
}
