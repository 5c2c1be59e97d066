package org.tinc4j.impl.mesh;

import java.net.InetSocketAddress;
import org.tinc4j.impl.graph.Options;
import org.tinc4j.impl.route.UdpPath;
import org.tinc4j.impl.wire.MetaRequest;

/**
 * UDP_INFO and MTU_INFO: hops tell each other at which address they see a node, and what size reaches it.
 *
 * <p>Confined to the control thread. Source: tinc meta protocol, sections UDP_INFO and MTU_INFO.
 */
final class InfoRequests {

    /** "Nodes with version >= 5 understand UDP_INFO", 6 MTU_INFO. */
    private static final int UDP_INFO_VERSION = 5;

    private static final int MTU_INFO_VERSION = 6;

    private final MeshState mesh;

    InfoRequests(MeshState mesh) {
        this.mesh = mesh;
    }

    /** Packets of {@code to} arrive here: let the way back to it learn our address. */
    void sendUdpInfo(MeshNode to, long nowNanos) {
        long interval = mesh.settings.timing().udpInfoInterval().toNanos();
        if (!to.reachable() || to.udpInfoSent && nowNanos - to.udpInfoNanos < interval) {
            return;
        }
        MeshNode target = mesh.udpNode(to);
        if (target == null || mesh.isNeighbour(target)) {
            return;
        }
        MeshNode hop = mesh.nexthop(target);
        if (hop == null || hop.connection == null) {
            return;
        }
        to.udpInfoSent = true;
        to.udpInfoNanos = nowNanos;
        InetSocketAddress local =
                new InetSocketAddress(hop.connection.local().getAddress(), Math.max(mesh.udpPort, 1));
        sendUdpInfo(mesh.self, target, local);
    }

    private void sendUdpInfo(MeshNode from, MeshNode to, InetSocketAddress address) {
        MeshNode hop = mesh.nexthop(to);
        boolean useless = to == mesh.self
                || hop == null
                || address == null
                || mesh.settings.link().tcpOnly()
                || (from.options() & Options.TCP_ONLY) != 0
                || (to.options() & Options.TCP_ONLY) != 0
                || Options.version(hop.options()) < UDP_INFO_VERSION;
        if (!useless && hop.connection != null) {
            var request = new MetaRequest.UdpInfo(
                    from.name, to.name, NumericAddress.text(address), NumericAddress.portText(address));
            mesh.sendRouted(hop.connection, request.encode());
        }
    }

    void onUdpInfo(MetaRequest.UdpInfo info) {
        MeshNode from = mesh.known(info.from());
        if (from == null || from == mesh.self || !from.reachable() || !from.route.via().equals(from.name)) {
            return;
        }
        if (!mesh.isNeighbour(from) && !from.path.confirmed()) {
            InetSocketAddress address = NumericAddress.parse(info.address(), info.port());
            if (address != null) {
                from.path.address(address, from.path.socket());
            }
        }
        MeshNode to = mesh.known(info.to());
        if (to != null && to != mesh.self && to.reachable()) {
            sendUdpInfo(from, mesh.udpNode(to), from.path.address());
        }
    }

    /** Packets of {@code to} arrive here: let it learn what size does. */
    void sendMtuInfo(MeshNode to, long nowNanos) {
        long interval = mesh.settings.timing().mtuInfoInterval().toNanos();
        if (!to.reachable() || mesh.isNeighbour(to) || to.mtuInfoSent && nowNanos - to.mtuInfoNanos < interval) {
            return;
        }
        to.mtuInfoSent = true;
        to.mtuInfoNanos = nowNanos;
        sendMtuInfo(mesh.self, to, UdpPath.MAX_BYTES);
    }

    private void sendMtuInfo(MeshNode from, MeshNode to, int mtu) {
        MeshNode hop = mesh.nexthop(to);
        if (hop != null && hop.connection != null && Options.version(hop.options()) >= MTU_INFO_VERSION) {
            mesh.sendRouted(hop.connection, new MetaRequest.MtuInfo(from.name, to.name, mtu).encode());
        }
    }

    /** A value below {@link MetaRequest#MIN_MTU_BYTES} is no MTU_INFO and does not get here. */
    void onMtuInfo(MetaRequest.MtuInfo info) {
        MeshNode from = mesh.known(info.from());
        MeshNode to = mesh.known(info.to());
        if (from == null || to == null || from == mesh.self) {
            return;
        }
        int mtu = Math.min(info.mtu(), UdpPath.MAX_BYTES);
        from.path.provisionalMtu(mtu);
        if (to != mesh.self && to.reachable() && from.reachable()) {
            sendMtuInfo(from, to, adjusted(from, mtu));
        }
    }

    /** What this hop knows of the way to {@code from} replaces or lowers the value. */
    private int adjusted(MeshNode from, int mtu) {
        if (from.path.settled() && from.route.via().equals(mesh.self.name)) {
            return atLeastMinimum(from.path.min());
        }
        MeshNode via = mesh.udpNode(from);
        if (via.path.settled()) {
            return atLeastMinimum(Math.min(mtu, via.path.min()));
        }
        MeshNode hop = mesh.nexthop(via);
        return hop != null && hop.path.settled() ? atLeastMinimum(Math.min(mtu, hop.path.min())) : mtu;
    }

    private static int atLeastMinimum(int mtu) {
        return Math.max(mtu, MetaRequest.MIN_MTU_BYTES);
    }
}
