package org.tinc4j.impl.datapath;

import java.nio.ByteBuffer;
import org.tinc4j.DropReason;
import org.tinc4j.impl.graph.Options;
import org.tinc4j.impl.offload.Splitter;
import org.tinc4j.impl.route.NodeRoute;
import org.tinc4j.impl.route.Tunnel;
import org.tinc4j.impl.route.UdpPath;
import org.tinc4j.impl.sptps.DatagramCipher;
import org.tinc4j.impl.wire.IpPacket;
import org.tinc4j.impl.wire.RelayIds;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;
import org.tinc4j.spi.PacketDevice;

/**
 * From an inner packet, whose owner is known, to datagrams.
 *
 * <pre>
 * 1 send       keys and way to the owner: UDP, or the meta connection where UDP does not do
 * 2 seal       one packet where it lies;  a super-packet cut into a run, one datagram behind the other:
 *              | dst id 6 | src id 6 | seqno 4 | type 1 | packet | tag 16 | dst id 6 | ...
 * 3 forward    to the node, or to a relay; what others sealed is passed on here too, whole runs without a look inside
 * </pre>
 *
 * <p><b>Threads.</b> One at a time.
 */
final class Sender {

    private static final int TYPE_PACKET = 0;

    /** C tinc takes no more than this many bytes in a record. */
    static final int MAX_RECORD = UdpPath.MAX_BYTES;

    /** What a datagram has more than its packet. */
    private static final int DATAGRAM_OVERHEAD = RelayIds.BYTES + DatagramCipher.OVERHEAD_BYTES;

    /** Where the packet of a datagram begins. */
    private static final int PACKET_AT = RelayIds.BYTES + DatagramCipher.HEADER_BYTES;

    private final Stage stage;

    /** The way chosen last: see {@link #choose}. */
    private NodeRoute relay;

    private UdpPath path;
    private boolean tcp;
    private long destinationId;

    /** Of the packet being sent, for its datagrams. */
    private int trafficClass;

    /** The run that may still grow, as long as it is the last thing the outlet was given; null before the first. */
    private PacketBuffer run;

    private Tunnel runTunnel;
    private int runCount;
    private boolean runFull;

    Sender(Stage stage) {
        this.stage = stage;
    }

    // ---- 1 send ----

    /** The largest packet that is sent for this one: itself, or a segment of it. */
    static int packetBytes(PacketBuffer packet) {
        return packet.segmentation() == Segmentation.NONE
                ? packet.length()
                : Math.min(packet.length(), packet.headerBytes() + packet.segmentBytes());
    }

    /** Seals a packet, or all that a super-packet stands for, and sends it on its way. */
    void send(PacketBuffer packet, NodeRoute target) {
        Tunnel tunnel = target.tunnel();
        if (tunnel.want(stage.nowNanos)) {
            stage.plane.control().wanted(tunnel);
        }
        int largest = packetBytes(packet);
        DatagramCipher cipher = tunnel.cipher();
        boolean ready = cipher != null && cipher.canSeal();
        boolean frames = stage.table.isNeighbour(target)
                && (!ready || tunnel.held() || largest + PacketPath.FRAME_HEADER_BYTES > tunnel.udp().minBytes());
        if (frames) {
            forEachPacket(packet, target, Sender::sendFrame);
            return;
        }
        if (!ready || largest > MAX_RECORD) {
            stage.drop(ready ? DropReason.TOO_BIG : DropReason.NO_KEY, Runs.count(packet));
            return;
        }
        choose(stage.table.self(), target, largest, tunnel.held());
        wantRelay(target);
        trafficClass = stage.plane.routing().priorityInheritance() ? IpPacket.dscp(packet.memory(), packet.offset()) : 0;
        if (packet.segmentation() == Segmentation.NONE) {
            sealInPlace(packet, target, cipher);
        } else if (tcp || !takesRuns()) {
            forEachPacket(packet, target, Sender::sealAgain);
        } else {
            sealRun(packet, target, cipher);
        }
    }

    private boolean takesRuns() {
        return stage.plane.runBytes() > DatagramTransport.SINGLE_BYTES;
    }

    @FunctionalInterface
    private interface PacketAction {
        void accept(Sender self, PacketBuffer packet, NodeRoute target);
    }

    /** Cuts a super-packet into packets of their own, which lie in spare memory. */
    private void forEachPacket(PacketBuffer packet, NodeRoute target, PacketAction action) {
        if (packet.segmentation() == Segmentation.NONE) {
            action.accept(this, packet, target);
            return;
        }
        int count = stage.split(packet);
        for (int i = 0; i < count; i++) {
            action.accept(this, stage.piece(i), target);
        }
    }

    /** The neighbour gets it unsealed over the meta connection, which protects it. */
    private void sendFrame(PacketBuffer packet, NodeRoute target) {
        Tunnel tunnel = target.tunnel();
        ByteBuffer memory = packet.memory();
        byte[] frame = new byte[PacketPath.FRAME_HEADER_BYTES + packet.length()];
        boolean four = IpPacket.version(memory, packet.offset()) == 4;
        frame[12] = (byte) (four ? 0x08 : 0x86);
        frame[13] = (byte) (four ? 0x00 : 0xdd);
        memory.get(packet.offset(), frame, PacketPath.FRAME_HEADER_BYTES, packet.length());
        if (stage.plane.control().sendFrame(tunnel, frame)) {
            tunnel.countOut(1, packet.length());
        } else {
            stage.drop(DropReason.TCP_CONGESTED);
        }
    }

    // ---- 2 seal ----

    private void sealAgain(PacketBuffer packet, NodeRoute target) {
        DatagramCipher cipher = target.tunnel().cipher();
        if (cipher == null) {
            stage.drop(DropReason.NO_KEY);
        } else {
            sealInPlace(packet, target, cipher);
        }
    }

    private void sealInPlace(PacketBuffer packet, NodeRoute target, DatagramCipher cipher) {
        int length = packet.length();
        int sealed = cipher.seal(stage.engine, TYPE_PACKET, packet.memory(), packet.offset(), length);
        if (sealed < 0) {
            stage.drop(DropReason.NO_KEY);
            return;
        }
        target.tunnel().countOut(1, length);
        packet.move(packet.offset() - DatagramCipher.HEADER_BYTES, sealed);
        packet.trafficClass(trafficClass);
        forward(packet, stage.table.self(), target);
    }

    private void sealRun(PacketBuffer packet, NodeRoute target, DatagramCipher cipher) {
        Splitter splitter = stage.splitter;
        int count = stage.split(packet);
        Tunnel tunnel = target.tunnel();
        long sourceId = stage.table.self().tunnel().id();
        int bytes = 0;
        int sealed = 0;
        for (int i = 0; i < count; i++) {
            int length = splitter.packetBytes(i);
            int at = placeInRun(tunnel, length + DATAGRAM_OVERHEAD);
            ByteBuffer memory = run.memory();
            splitter.write(i, memory, at + PACKET_AT);
            if (cipher.seal(stage.engine, TYPE_PACKET, memory, at + PACKET_AT, length) < 0) {
                stage.drop(DropReason.NO_KEY, count - i);
                break;
            }
            RelayIds.put(memory, at, destinationId, sourceId);
            growRun(length + DATAGRAM_OVERHEAD);
            sealed++;
            bytes += length;
        }
        tunnel.countOut(sealed, bytes);
    }

    /** Where the next datagram goes: behind the last one, as long as that is as long and nothing else was sent since, or into a new run. */
    private int placeInRun(Tunnel tunnel, int datagramBytes) {
        if (run != null && runTunnel == tunnel && stage.outlet.isLast(run) && run.remote() == path.address()) {
            int first = Runs.datagramBytes(run);
            boolean fits = runFull
                    && run.trafficClass() == trafficClass
                    && runCount < DatagramTransport.MAX_RUN
                    && datagramBytes <= first
                    && run.length() + datagramBytes <= stage.plane.runBytes();
            if (fits) {
                return run.offset() + run.length();
            }
        }
        run = stage.run();
        run.reset(PacketDevice.HEADROOM_BYTES, 0);
        run.trafficClass(trafficClass);
        runTunnel = tunnel;
        runCount = 0;
        return PacketDevice.HEADROOM_BYTES;
    }

    private void growRun(int datagramBytes) {
        if (runCount == 0) {
            run.move(run.offset(), datagramBytes);
            runFull = true;
            runCount = 1;
            stage.outlet.send(run, relay.tunnel(), path);
            return;
        }
        int first = Runs.datagramBytes(run);
        run.move(run.offset(), run.length() + datagramBytes);
        run.segmented(Segmentation.UDP, 0, first);
        runFull = datagramBytes == first;
        runCount++;
    }

    // ---- 3 forward ----

    /** Whether, and to whom, records of this many bytes go by UDP; the answer is in the fields. */
    private void choose(NodeRoute origin, NodeRoute target, int payload, boolean overTcp) {
        NodeRoute self = stage.table.self();
        NodeRoute via = stage.table.node(target.via());
        relay = via != self && payload <= via.tunnel().udp().minBytes() ? via : stage.table.nexthopOf(target);
        boolean direct = origin == self && relay == target;
        path = relay.tunnel().udp();
        tcp = overTcp
                || stage.plane.tcpOnly()
                || (relay.options() & Options.TCP_ONLY) != 0
                || !direct && Options.version(relay.options()) < 4
                || payload > path.minBytes()
                || path.address() == null;
        destinationId = direct && !tcp ? 0 : target.tunnel().id();
    }

    private void wantRelay(NodeRoute target) {
        if (relay != target && relay.tunnel().want(stage.nowNanos)) {
            stage.plane.control().wanted(relay.tunnel());
        }
    }

    /** Passes a sealed datagram on, by the way chosen: its content is {@code seqno | ciphertext | tag}, with room for the ids before it. */
    private void forward(PacketBuffer datagram, NodeRoute origin, NodeRoute target) {
        int at = datagram.offset() - RelayIds.BYTES;
        RelayIds.put(datagram.memory(), at, destinationId, origin.tunnel().id());
        datagram.move(at, datagram.length() + RelayIds.BYTES);
        if (tcp) {
            sendSealed(datagram, target);
        } else {
            stage.outlet.send(datagram, relay.tunnel(), path);
        }
    }

    /**
     * Passes on what another node sealed for another: a datagram, or a run of them, ids and all.
     *
     * @param datagrams with the ids they have; a run of equal lengths, of which the last may be shorter
     * @param payload bytes of data in the longest record
     */
    void relay(PacketBuffer datagrams, NodeRoute origin, NodeRoute target, int payload) {
        choose(origin, target, payload, false);
        wantRelay(target);
        // It came with the id of its target, and leaves with it, since this node is not its origin.
        if (tcp) {
            int stepBytes = Runs.datagramBytes(datagrams);
            int end = datagrams.offset() + datagrams.length();
            for (int at = datagrams.offset(); at < end; at += stepBytes) {
                sendSealed(datagrams.memory(), at, Math.min(stepBytes, end - at), target);
            }
        } else {
            stage.outlet.send(datagrams, relay.tunnel(), path);
        }
    }

    private void sendSealed(PacketBuffer datagram, NodeRoute target) {
        sendSealed(datagram.memory(), datagram.offset(), datagram.length(), target);
    }

    private void sendSealed(ByteBuffer memory, int offset, int length, NodeRoute target) {
        byte[] packet = new byte[length];
        memory.get(offset, packet);
        if (!stage.plane.control().sendSealed(target.tunnel(), packet)) {
            stage.drop(DropReason.TCP_CONGESTED);
        }
    }
}
