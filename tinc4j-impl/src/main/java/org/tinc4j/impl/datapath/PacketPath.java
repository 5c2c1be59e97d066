package org.tinc4j.impl.datapath;

import org.tinc4j.impl.route.NodeRoute;
import org.tinc4j.spi.PacketBuffer;

/**
 * The way of packets through a node. Each data thread has one of its own.
 *
 * <pre>
 * OUT   outbound ----------------------> Router -> Sender -> Outlet -> DatagramTransport
 * IN    datagrams -> Opener -> open ---> Router -> Outlet -> Coalescer -> PacketDevice
 *                           -> relay ------------> Sender -> Outlet -> DatagramTransport
 * </pre>
 *
 * <p>{@link #begin} takes the published routing table, once per batch; {@link #flush} hands what was collected to the sockets and the device.
 * Order is kept within a batch for each socket, and for each flow towards the device. Buffers are borrowed from the caller until
 * {@link #flush}.
 *
 * <p><b>Threads.</b> One at a time. What is shared with other threads is in {@link DataPlane} and {@link org.tinc4j.impl.route.Tunnel}.
 */
final class PacketPath {

    /** What C tinc counts in addition to the inner packet: a whole Ethernet header. */
    static final int FRAME_HEADER_BYTES = 14;

    private final Stage stage;
    private final Router router;
    private final Opener opener;

    PacketPath(Stage stage) {
        this.stage = stage;
        Sender sender = new Sender(stage);
        this.router = new Router(stage, sender);
        this.opener = new Opener(stage, router, sender);
    }

    /** A batch begins. */
    void begin() {
        stage.begin();
        opener.begin();
    }

    /** Whether there is a mesh to route in yet. */
    boolean ready() {
        return stage.table != null;
    }

    /** An inner packet or super-packet from this host. */
    void outbound(PacketBuffer packet) {
        router.outbound(packet);
    }

    /** An inner packet from a node, or from us. */
    void route(PacketBuffer packet, NodeRoute source) {
        router.route(packet, source);
    }

    /** An outer datagram from a socket, or a run of them. */
    void datagrams(PacketBuffer received, int socket) {
        opener.datagrams(received, socket);
    }

    /** See {@link Opener#sealedByTcp}. */
    void sealedByTcp(PacketBuffer datagram, NodeRoute neighbour) {
        opener.sealedByTcp(datagram, neighbour);
    }

    /** Sends and delivers everything collected; the caller may use its buffers again. */
    void flush() {
        stage.flush();
    }
}
