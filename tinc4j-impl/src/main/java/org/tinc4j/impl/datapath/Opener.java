package org.tinc4j.impl.datapath;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.tinc4j.DropReason;
import org.tinc4j.impl.route.NodeRoute;
import org.tinc4j.impl.route.Tunnel;
import org.tinc4j.impl.sptps.DatagramCipher;
import org.tinc4j.impl.wire.RelayIds;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketBuffer.Segmentation;

/**
 * From outer datagrams to inner packets.
 *
 * <pre>
 * 1 datagrams   a run as the kernel received it -> one by one, or on whole to the node it is for
 * 2 datagram    who sealed it, who sent it; for us -> open; for another -> relay
 * 3 open        in place; what was inside -> route
 * </pre>
 *
 * <p>Order is kept. Nothing is copied: packets lie where their datagrams lay.
 *
 * <p><b>Threads.</b> One at a time.
 */
final class Opener {

    private static final int TYPE_PACKET = 0;
    private static final int TYPE_MAC_FRAME = 2;
    private static final int TYPE_PROBE = 4;

    /** Results of {@link #open}. */
    private static final int DROPPED = -1;

    private static final int UNDECRYPTABLE = -2;

    /** What a datagram has more than the data of its record. */
    private static final int OVERHEAD_BYTES = RelayIds.BYTES + DatagramCipher.OVERHEAD_BYTES;

    /** Datagrams of runs that are under way at once; with more, what is collected leaves first. */
    private static final int MAX_VIEWS = 256;

    private final Stage stage;
    private final Router router;
    private final Sender sender;

    /** For the datagrams of runs. Made with the first run; they own no memory. */
    private PacketBuffer[] views;

    private int viewsUsed;

    Opener(Stage stage, Router router, Sender sender) {
        this.stage = stage;
        this.router = router;
        this.sender = sender;
    }

    /** Buffers are no longer lent to anybody. */
    void begin() {
        viewsUsed = 0;
    }

    // ---- 1 datagrams ----

    /** An outer datagram from a socket, or a run of them. */
    void datagrams(PacketBuffer received, int socket) {
        int stepBytes = received.segmentBytes();
        if (stepBytes == 0 || stepBytes >= received.length()) {
            datagram(received, socket);
            return;
        }
        int end = received.offset() + received.length();
        for (int at = received.offset(); at < end; ) {
            int bytes = Math.min(stepBytes, end - at);
            int runBytes = isForOthers(received.memory(), at, bytes) ? sameIds(received.memory(), at, end, stepBytes) : bytes;
            PacketBuffer view = view().over(received, at, runBytes);
            view.remote(received.remote());
            if (runBytes > stepBytes) {
                view.segmented(Segmentation.UDP, 0, stepBytes);
            }
            datagram(view, socket);
            at += runBytes;
        }
    }

    private PacketBuffer view() {
        if (views == null) {
            views = new PacketBuffer[MAX_VIEWS];
            for (int i = 0; i < MAX_VIEWS; i++) {
                views[i] = PacketBuffer.floating();
            }
        }
        if (viewsUsed == MAX_VIEWS) {
            stage.flush();
            viewsUsed = 0;
        }
        return views[viewsUsed++];
    }

    private boolean isForOthers(ByteBuffer memory, int at, int bytes) {
        if (bytes < OVERHEAD_BYTES) {
            return false;
        }
        long destinationId = RelayIds.destination(memory, at);
        return destinationId != 0 && destinationId != stage.table.self().tunnel().id();
    }

    /** How many bytes of a run go the same way: from the same node to the same node. */
    private static int sameIds(ByteBuffer memory, int from, int end, int stepBytes) {
        long ids = memory.getLong(from);
        int rest = memory.getInt(from + Long.BYTES);
        int at = from + stepBytes;
        while (at < end
                && end - at >= OVERHEAD_BYTES
                && memory.getLong(at) == ids
                && memory.getInt(at + Long.BYTES) == rest) {
            at += stepBytes;
        }
        return Math.min(at, end) - from;
    }

    // ---- 2 datagram ----

    private void datagram(PacketBuffer datagram, int socket) {
        if (datagram.length() < OVERHEAD_BYTES) {
            stage.drop(DropReason.MALFORMED_DATAGRAM);
            return;
        }
        long destinationId = RelayIds.destination(datagram.memory(), datagram.offset());
        NodeRoute origin = stage.table.identified(RelayIds.source(datagram.memory(), datagram.offset()));
        InetSocketAddress from = datagram.remote();
        boolean fromOrigin = destinationId == 0;
        // "A packet with a non-zero destination id is only accepted from an address that is confirmed for the relay."
        NodeRoute sentBy = fromOrigin ? origin : stage.table.confirmedAt(from);
        if (origin == null || sentBy == null) {
            stage.drop(DropReason.UNKNOWN_SENDER);
            return;
        }
        if (destinationId != 0 && destinationId != stage.table.self().tunnel().id()) {
            relay(datagram, origin, destinationId, sentBy);
            return;
        }
        Tunnel tunnel = origin.tunnel();
        int record = open(datagram, origin);
        if (record < 0) {
            // Where anybody could have sent it, it says nothing about the keys.
            if (record == UNDECRYPTABLE && (!fromOrigin || sentBy == stage.table.confirmedAt(from))) {
                stage.plane.undecryptable(tunnel, stage.nowNanos);
            }
            return;
        }
        if (fromOrigin && !from.equals(tunnel.udp().address())) {
            stage.plane.control().moved(tunnel, from, socket);
        }
        if (!fromOrigin && tunnel.infoDue(stage.nowNanos, stage.plane.infoIntervalNanos())) {
            stage.plane.control().indirect(tunnel);
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
        if (datagram.length() < OVERHEAD_BYTES) {
            stage.drop(DropReason.MALFORMED_DATAGRAM);
            return;
        }
        long destinationId = RelayIds.destination(datagram.memory(), datagram.offset());
        NodeRoute origin = stage.table.identified(RelayIds.source(datagram.memory(), datagram.offset()));
        if (origin == null) {
            stage.drop(DropReason.UNKNOWN_SENDER);
            return;
        }
        if (destinationId != stage.table.self().tunnel().id()) {
            NodeRoute target = stage.table.identified(destinationId);
            // By UDP it may leave for another than the next hop; the connection it came by is the next hop's.
            if (neighbour != null && target != null && target.reachable() && stage.table.nexthopOf(target) == neighbour) {
                stage.drop(DropReason.ROUTING_LOOP);
            } else {
                relay(datagram, origin, destinationId, neighbour);
            }
            return;
        }
        int record = open(datagram, origin);
        if (record < 0) {
            if (record == UNDECRYPTABLE) {
                stage.plane.undecryptable(origin.tunnel(), stage.nowNanos);
            }
            return;
        }
        if (origin.tunnel().infoDue(stage.nowNanos, stage.plane.infoIntervalNanos())) {
            stage.plane.control().indirect(origin.tunnel());
        }
        // "Type 4 is only legal over UDP."
        if (record == TYPE_PROBE) {
            stage.drop(DropReason.MALFORMED_DATAGRAM);
        } else {
            accept(datagram, origin, record, null, 0);
        }
    }

    /** @param sentBy who passed it to us; null when it is not in the table */
    private void relay(PacketBuffer datagrams, NodeRoute origin, long destinationId, NodeRoute sentBy) {
        NodeRoute target = stage.table.identified(destinationId);
        if (target == null || !target.reachable()) {
            stage.drop(DropReason.UNREACHABLE, Runs.count(datagrams));
            return;
        }
        if (target == origin || origin == stage.table.self() || sentBy != null && stage.table.udpNodeOf(target) == sentBy) {
            stage.drop(DropReason.ROUTING_LOOP, Runs.count(datagrams));
            return;
        }
        if (target.tunnel().want(stage.nowNanos)) {
            stage.plane.control().wanted(target.tunnel());
        }
        int payload = Runs.datagramBytes(datagrams) - OVERHEAD_BYTES;
        if (payload > Sender.MAX_RECORD) {
            stage.drop(DropReason.MALFORMED_DATAGRAM, Runs.count(datagrams));
            return;
        }
        sender.relay(datagrams, origin, target, payload);
    }

    // ---- 3 open ----

    /** Opens in place; on success the content is the record's data and its type is returned, else a negative number. */
    private int open(PacketBuffer datagram, NodeRoute origin) {
        Tunnel tunnel = origin.tunnel();
        DatagramCipher cipher = tunnel.cipher();
        if (cipher == null || !cipher.canOpen()) {
            stage.drop(DropReason.NO_KEY);
            // "If there is no session object for the originator: send REQ_KEY, unless one is pending."
            if (origin.reachable() && tunnel.want(stage.nowNanos)) {
                stage.plane.control().wanted(tunnel);
            }
            return DROPPED;
        }
        int offset = datagram.offset() + RelayIds.BYTES;
        long opened = cipher.open(stage.engine, datagram.memory(), offset, datagram.length() - RelayIds.BYTES, stage.nowNanos);
        if (opened < 0) {
            stage.drop(reason(opened));
            return opened == DatagramCipher.BAD_TAG ? UNDECRYPTABLE : DROPPED;
        }
        datagram.move(offset + DatagramCipher.HEADER_BYTES, DatagramCipher.dataLengthOf(opened));
        stage.plane.opened(tunnel, stage.nowNanos);
        return DatagramCipher.typeOf(opened);
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
                router.route(record, origin);
            }
            case TYPE_MAC_FRAME -> {
                if (record.length() <= PacketPath.FRAME_HEADER_BYTES) {
                    stage.drop(DropReason.MALFORMED_PACKET);
                } else {
                    record.move(record.offset() + PacketPath.FRAME_HEADER_BYTES, record.length() - PacketPath.FRAME_HEADER_BYTES);
                    tunnel.countIn(record.length());
                    router.route(record, origin);
                }
            }
            case TYPE_PROBE -> {
                if (!stage.plane.control().probe(tunnel, bytes(record), from, socket)) {
                    stage.drop(DropReason.QUEUE_FULL);
                }
            }
            // Handshake records too: "they always travel as ANS_KEY, never over UDP", and by now the keys may be others.
            default -> stage.drop(DropReason.MALFORMED_DATAGRAM);
        }
    }

    private static byte[] bytes(PacketBuffer record) {
        byte[] bytes = new byte[record.length()];
        record.memory().get(record.offset(), bytes);
        return bytes;
    }
}
