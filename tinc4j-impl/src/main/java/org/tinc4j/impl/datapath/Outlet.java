package org.tinc4j.impl.datapath;

import java.io.IOException;
import org.tinc4j.DropReason;
import org.tinc4j.impl.offload.Coalescer;
import org.tinc4j.impl.route.Tunnel;
import org.tinc4j.impl.route.UdpPath;
import org.tinc4j.impl.sptps.DatagramCipher;
import org.tinc4j.impl.wire.RelayIds;
import org.tinc4j.spi.DatagramTransport.SendResult;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketDevice;

/**
 * The last step of a {@link PacketPath}: collects datagrams for each socket and packets for the device, and hands them on in batches.
 * Packets of one flow that follow each other become super-packets where the device takes those.
 *
 * <p>Order is kept for each socket, and for each flow towards the device. Buffers are borrowed until {@link #flush}.
 *
 * <p><b>Threads.</b> One at a time.
 */
final class Outlet {

    private static final int BATCH = 128;

    private final DataPlane plane;
    private final int queue;
    private final PacketDevice device;
    private final PacketBatch[] outgoing;
    private final Tunnel[][] outgoingTunnels;
    private final SendResult[] results = new SendResult[BATCH];
    private final PacketBatch delivered = PacketBatch.lending(BATCH);

    /** Null for a stage that delivers little. */
    private final Coalescer coalescer;

    private PacketBuffer last;

    /**
     * An outlet.
     *
     * @param queue number of the stage among its like: which of several device queues and sockets it uses
     */
    Outlet(DataPlane plane, int queue) {
        this(plane, queue, null);
    }

    /** An outlet that makes super-packets. */
    Outlet(DataPlane plane, int queue, Coalescer coalescer) {
        this.plane = plane;
        this.queue = queue;
        this.device = plane.device(queue);
        this.coalescer = coalescer;
        this.outgoing = new PacketBatch[plane.sockets().size()];
        this.outgoingTunnels = new Tunnel[outgoing.length][BATCH];
        for (int i = 0; i < outgoing.length; i++) {
            outgoing[i] = PacketBatch.lending(BATCH);
        }
    }

    /** Datagrams, ids and all, for a node's UDP address: one, or a run. */
    void send(PacketBuffer datagrams, Tunnel tunnel, UdpPath path) {
        int socket = plane.sockets().choose(path.socket(), path.address(), queue);
        if (socket < 0) {
            plane.drops().count(DropReason.SEND_FAILED, Runs.count(datagrams));
            return;
        }
        datagrams.remote(path.address());
        PacketBatch batch = outgoing[socket];
        if (batch.size() == BATCH) {
            sendBatch(socket, batch);
        }
        outgoingTunnels[socket][batch.size()] = tunnel;
        batch.lend(datagrams);
        last = datagrams;
    }

    /** Whether nothing was sent after these datagrams, nor were they: more may be added behind them. */
    boolean isLast(PacketBuffer datagrams) {
        return last == datagrams;
    }

    /** An inner packet for this host, complete. */
    void deliver(PacketBuffer packet) {
        if (plane.intercept(packet)) {
            return;
        }
        if (coalescer != null) {
            if (!coalescer.add(packet)) {
                writeCoalesced();
                coalescer.add(packet);
            }
        } else if (!delivered.lend(packet)) {
            writeDelivered(delivered);
            delivered.clear();
            delivered.lend(packet);
        }
    }

    /** Sends and delivers everything collected; the buffers are their owners' again. */
    void flush() {
        for (int socket = 0; socket < outgoing.length; socket++) {
            PacketBatch batch = outgoing[socket];
            if (batch.size() > 0) {
                sendBatch(socket, batch);
            }
        }
        if (coalescer != null) {
            writeCoalesced();
        }
        if (delivered.size() > 0) {
            writeDelivered(delivered);
            delivered.clear();
        }
    }

    /** Forgets everything collected. */
    void discard() {
        for (PacketBatch batch : outgoing) {
            batch.clear();
        }
        delivered.clear();
        if (coalescer != null) {
            coalescer.clear();
        }
        last = null;
    }

    private void sendBatch(int socket, PacketBatch batch) {
        last = null;
        try {
            plane.sockets().get(socket).send(batch, results);
        } catch (IOException e) {
            plane.drops().count(DropReason.SEND_FAILED, batch.size());
            batch.clear();
            return;
        }
        for (int i = 0; i < batch.size(); i++) {
            PacketBuffer sent = batch.get(i);
            if (results[i] == SendResult.TOO_LONG) {
                plane.drops().count(DropReason.TOO_BIG, Runs.count(sent));
                int record = Runs.datagramBytes(sent) - RelayIds.BYTES - DatagramCipher.OVERHEAD_BYTES;
                plane.control().tooLong(outgoingTunnels[socket][i], record);
            } else if (results[i] == SendResult.FAILED) {
                plane.drops().count(DropReason.SEND_FAILED, Runs.count(sent));
            }
        }
        batch.clear();
    }

    private void writeCoalesced() {
        PacketBatch batch = coalescer.finish();
        if (batch.size() > 0) {
            writeDelivered(batch);
        }
        coalescer.clear();
        coalescer.kinds(device.writes());
    }

    private void writeDelivered(PacketBatch batch) {
        int count = batch.size();
        try {
            int taken = device.write(batch);
            if (taken < count) {
                plane.drops().count(DropReason.DEVICE_REFUSED, count - taken);
            }
        } catch (IOException e) {
            plane.drops().count(DropReason.DEVICE_REFUSED, count);
        }
    }
}
