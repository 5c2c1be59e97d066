package org.tinc4j.impl.ephemeral;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.tinc4j.NodeName;
import org.tinc4j.event.TincEvent;
import org.tinc4j.testing.MeshTrace.Kind;

/** Writes events of nodes into the trace. */
final class EventText {

    private EventText() {}

    static void record(Recorder recorder, String node, TincEvent event) {
        String peer = "";
        String detail = "";
        switch (event) {
            case TincEvent.NodeReachable up -> peer = up.node().value();
            case TincEvent.NodeUnreachable down -> peer = down.node().value();
            case TincEvent.ConnectionUp up -> {
                peer = up.peer().value();
                detail = (up.dialled() ? "dialled " : "accepted from ") + text(up.address());
            }
            case TincEvent.ConnectionDown down -> {
                peer = down.peer().map(NodeName::value).orElse("");
                detail = down.reason();
            }
            case TincEvent.SubnetAdded added -> {
                peer = added.owner().value();
                detail = added.subnet().toString();
            }
            case TincEvent.SubnetRemoved removed -> {
                peer = removed.owner().value();
                detail = removed.subnet().toString();
            }
            case TincEvent.PathChanged path -> {
                peer = path.node().value();
                detail = path.kind() + text(path.address()) + ", " + path.pmtuBytes() + " bytes";
            }
            case TincEvent.KeyRenewed key -> {
                peer = key.node().value();
                detail = key.renewal() ? "renewed" : "first";
            }
            case TincEvent.DeviceUp up -> detail = up.device().name();
            case TincEvent.DeviceDown down -> detail = down.reason();
            case TincEvent.AccessDenied denied -> {
                peer = denied.node().value();
                detail = denied.protocol() + " port " + denied.port();
            }
            case TincEvent.EventsLost lost -> detail = Long.toString(lost.count());
        }
        recorder.record(Kind.EVENT, node, peer, event.getClass().getSimpleName(), detail);
    }

    private static String text(Optional<InetSocketAddress> address) {
        return address.map(there -> " at " + text(there)).orElse("");
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
