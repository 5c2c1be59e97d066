package org.tinc4j.impl.datapath;

import java.io.IOException;
import org.tinc4j.DropReason;
import org.tinc4j.impl.route.Tunnel;
import org.tinc4j.impl.route.UdpPath;
import org.tinc4j.impl.sptps.DatagramCipher;
import org.tinc4j.impl.wire.RelayIds;
import org.tinc4j.spi.DatagramTransport.SendResult;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;

/**
 * The last stage of a {@link PacketPath}: collects datagrams for each socket and packets for the device, and hands them on in batches.
 *
 * <p>Order is kept for each socket and for the device. Buffers are borrowed until {@link #flush}.
 *
 * <p><b>Threads.</b> One at a time.
 */
final class Outlet {

    private static final int BATCH = 128;

    private final DataPlane plane;
    private final PacketBatch[] outgoing;
    private final Tunnel[][] outgoingTunnels;
    private final SendResult[] results = new SendResult[BATCH];
    private final PacketBatch delivered = PacketBatch.lending(BATCH);

    Outlet(DataPlane plane) {
        this.plane = plane;
        this.outgoing = new PacketBatch[plane.sockets().size()];
        this.outgoingTunnels = new Tunnel[outgoing.length][BATCH];
        for (int i = 0; i < outgoing.length; i++) {
            outgoing[i] = PacketBatch.lending(BATCH);
        }
    }

    /** A datagram, ids and all, for a node's UDP address. */
    void send(PacketBuffer datagram, Tunnel tunnel, UdpPath path) {
        int socket = plane.sockets().choose(path.socket(), path.address());
        if (socket < 0) {
            plane.drops().count(DropReason.SEND_FAILED);
            return;
        }
        datagram.remote(path.address());
        PacketBatch batch = outgoing[socket];
        if (batch.size() == BATCH) {
            flush();
        }
        outgoingTunnels[socket][batch.size()] = tunnel;
        batch.lend(datagram);
    }

    /** An inner packet for this host. */
    void deliver(PacketBuffer packet) {
        if (plane.intercept(packet)) {
            return;
        }
        if (!delivered.lend(packet)) {
            flush();
            delivered.lend(packet);
        }
    }

    /** Sends and delivers everything collected; the buffers are their owners' again. */
    void flush() {
        for (int socket = 0; socket < outgoing.length; socket++) {
            PacketBatch batch = outgoing[socket];
            if (batch.size() > 0) {
                sendBatch(socket, batch);
                batch.clear();
            }
        }
        if (delivered.size() > 0) {
            writeDelivered();
            delivered.clear();
        }
    }

    /** Forgets everything collected. */
    void discard() {
        for (PacketBatch batch : outgoing) {
            batch.clear();
        }
        delivered.clear();
    }

    private void sendBatch(int socket, PacketBatch batch) {
        try {
            plane.sockets().get(socket).send(batch, results);
        } catch (IOException e) {
            plane.drops().count(DropReason.SEND_FAILED, batch.size());
            return;
        }
        for (int i = 0; i < batch.size(); i++) {
            if (results[i] == SendResult.TOO_LONG) {
                plane.drops().count(DropReason.TOO_BIG);
                int record = batch.get(i).length() - RelayIds.BYTES - DatagramCipher.OVERHEAD_BYTES;
                plane.control().tooLong(outgoingTunnels[socket][i], record);
            } else if (results[i] == SendResult.FAILED) {
                plane.drops().count(DropReason.SEND_FAILED);
            }
        }
    }

    private void writeDelivered() {
        int count = delivered.size();
        try {
            int taken = plane.device().write(delivered);
            if (taken < count) {
                plane.drops().count(DropReason.DEVICE_REFUSED, count - taken);
            }
        } catch (IOException e) {
            plane.drops().count(DropReason.DEVICE_REFUSED, count);
        }
    }
}
