package org.tinc4j.impl.mesh;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.tinc4j.Forwarding;
import org.tinc4j.NodeName;
import org.tinc4j.TincBase64;
import org.tinc4j.config.RoutingOptions;
import org.tinc4j.impl.meta.MetaSession;
import org.tinc4j.impl.route.NodeRoute;
import org.tinc4j.impl.wire.MetaRequest;
import org.tinc4j.impl.wire.RelayIds;

/**
 * Requests of active neighbours: to the part that serves them, or on towards whom they are for.
 *
 * <p>Confined to the control thread. Source: tinc meta protocol, sections "Flooding" and "Routed requests".
 */
final class Requests {

    private final MeshState mesh;
    private final Gossip gossip;
    private final Topology topology;
    private final KeyExchange keys;
    private final InfoRequests info;
    private final Connections connections;

    Requests(
            MeshState mesh,
            Gossip gossip,
            Topology topology,
            KeyExchange keys,
            InfoRequests info,
            Connections connections) {
        this.mesh = mesh;
        this.gossip = gossip;
        this.topology = topology;
        this.keys = keys;
        this.info = info;
        this.connections = connections;
    }

    void request(MetaSession session, NodeName peer, MetaRequest request, String text) {
        switch (request) {
            case MetaRequest.AddSubnet add -> gossip.onAddSubnet(session, peer, add, text, mesh.nowNanos);
            case MetaRequest.DelSubnet del -> gossip.onDelSubnet(session, peer, del, text, mesh.nowNanos);
            case MetaRequest.AddEdge add -> gossip.onAddEdge(session, peer, add, text, mesh.nowNanos);
            case MetaRequest.DelEdge del -> {
                if (gossip.onDelEdge(session, peer, del, text, mesh.nowNanos)) {
                    connections.withdrawEdgeToUs(del.to());
                }
            }
            case MetaRequest.KeyChanged changed -> gossip.onKeyChanged(session, changed, text, mesh.nowNanos);
            case MetaRequest.ReqKey reqKey -> onReqKey(peer, reqKey, text);
            case MetaRequest.AnsKey ansKey -> onAnsKey(ansKey, text);
            case MetaRequest.UdpInfo udpInfo -> {
                topology.settle();
                info.onUdpInfo(udpInfo);
            }
            case MetaRequest.MtuInfo mtuInfo -> {
                topology.settle();
                info.onMtuInfo(mtuInfo);
            }
            case MetaRequest.Pong pong -> connections.answered(session);
            case MetaRequest.Id r -> connections.failed(session, "ID on an active connection");
            case MetaRequest.Ack r -> connections.failed(session, "a second ACK");
            case MetaRequest.Termreq r -> connections.failed(session, "the peer asked to end the connection");
            case MetaRequest.Ping r -> session.send(new MetaRequest.Pong());
            case MetaRequest.PacketHeader r -> connections.failed(session, "PACKET out of place");
            case MetaRequest.SptpsPacketHeader r -> connections.failed(session, "SPTPS_PACKET out of place");
        }
    }

    private void onReqKey(NodeName peer, MetaRequest.ReqKey request, String text) {
        topology.settle();
        MeshNode from = mesh.known(request.from());
        MeshNode to = mesh.known(request.to());
        if (from == null || to == null || from == mesh.self) {
            return;
        }
        if (request.sub() == KeyExchange.SUB_SPTPS_PACKET) {
            onSealedText(peer, request, from, to);
        } else if (to == mesh.self) {
            if (from.reachable()) {
                keys.onReqKey(request, text, from, mesh.nowNanos);
                if (request.sub() == KeyExchange.SUB_REQ_KEY) {
                    info.sendUdpInfo(from, mesh.nowNanos);
                }
            }
        } else if (!mesh.settings.routing().tunnelServer() && to.reachable()) {
            mesh.relayTowards(to, text);
        }
    }

    /** REQ_KEY with sub-request 21: a sealed datagram as text, for hops that do not know SPTPS_PACKET. */
    private void onSealedText(NodeName peer, MetaRequest.ReqKey request, MeshNode from, MeshNode to) {
        RoutingOptions routing = mesh.settings.routing();
        if (to != mesh.self && (routing.tunnelServer() || routing.forwarding() != Forwarding.INTERNAL)) {
            return;
        }
        byte[] datagram = TincBase64.decode(request.data());
        if (datagram != null && to.reachable()) {
            ByteBuffer packet = ByteBuffer.allocate(RelayIds.BYTES + datagram.length);
            RelayIds.put(packet, 0, to.tunnel.id(), from.tunnel.id());
            packet.put(RelayIds.BYTES, datagram);
            mesh.shell.sealedByTcp(route(peer), packet.array());
        }
    }

    private void onAnsKey(MetaRequest.AnsKey answer, String text) {
        topology.settle();
        mesh.tunnelsBusy = true; // A renewal may hold the tunnel: look again soon.
        MeshNode from = mesh.known(answer.from());
        MeshNode to = mesh.known(answer.to());
        if (from == null || to == null || from == mesh.self) {
            return;
        }
        if (to == mesh.self) {
            keys.onAnsKey(answer, from, mesh.nowNanos);
        } else if (!mesh.settings.routing().tunnelServer() && to.reachable()) {
            mesh.relayTowards(to, withReflexiveAddress(answer, text, from, to));
        }
    }

    /** "A relay that forwards an ANS_KEY appends the UDP address it knows for from, if the request has none yet." */
    private static String withReflexiveAddress(MetaRequest.AnsKey answer, String text, MeshNode from, MeshNode to) {
        InetSocketAddress seen = from.path.address();
        if (!answer.address().isEmpty() || seen == null || to.path.min() == 0) {
            return text;
        }
        String longer = text + " " + NumericAddress.text(seen) + " " + NumericAddress.portText(seen);
        return longer.length() > MetaSession.MAX_TEXT ? text : longer;
    }

    /** A whole Ethernet frame of a neighbour, which came as PACKET. */
    void packet(NodeName peer, byte[] frame) {
        topology.settle();
        // 12 zero bytes and the EtherType; frames of EtherType 0 are probes sent before there were keys: "must be ignored".
        boolean ip = frame.length > 14 && (frame[12] == 0x08 && frame[13] == 0 || frame[12] == (byte) 0x86 && frame[13] == (byte) 0xdd);
        NodeRoute source = route(peer);
        if (ip && source != null) {
            mesh.shell.route(source, frame, 14, frame.length - 14);
        }
    }

    /** Destination id, source id and a sealed datagram of a neighbour, which came as SPTPS_PACKET. */
    void sealedPacket(NodeName peer, byte[] packet) {
        topology.settle();
        mesh.shell.sealedByTcp(route(peer), packet);
    }

    /** A neighbour as the routing table has it; null if it does not. */
    private NodeRoute route(NodeName peer) {
        return topology.table() == null ? null : topology.table().named(peer);
    }
}
