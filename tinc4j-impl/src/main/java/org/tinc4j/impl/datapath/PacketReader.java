package org.tinc4j.impl.datapath;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.tinc4j.NodeClosedException;
import org.tinc4j.spi.Pollable;

/** Reads one device queue or UDP socket until it is closed. Runs on a thread of its own. */
public final class PacketReader implements Runnable {

    /**
     * A source whose looks find less than this on average is lent. Chosen: acknowledgements stay well below; where data goes both ways, a few
     * looks that find little must not hand the source over, since it would come back at once.
     */
    private static final int LITTLE_BYTES = 8 * 1024;

    private final DataPlane plane;
    private final Supplier<PacketSource> sources;
    private final ReaderGroup group;
    private final Consumer<IOException> failed;

    private PacketReader(DataPlane plane, Supplier<PacketSource> sources, ReaderGroup group, Consumer<IOException> failed) {
        this.plane = plane;
        this.sources = sources;
        this.group = group;
        this.failed = failed;
    }

    /**
     * Outbound.
     *
     * @param queue number of the device queue
     * @param failed told if the device fails other than by being closed; a fault of the program is the thread's to report
     */
    public static PacketReader ofDevice(DataPlane plane, int queue, Consumer<IOException> failed) {
        return new PacketReader(plane, () -> DeviceSource.of(plane, queue), plane.readers(queue), failed);
    }

    /**
     * Inbound.
     *
     * @param socket index of the socket
     * @param failed told if the socket fails other than by being closed; a fault of the program is the thread's to report
     */
    public static PacketReader ofSocket(DataPlane plane, int socket, Consumer<IOException> failed) {
        return new PacketReader(plane, () -> SocketSource.of(plane, socket), plane.readers(plane.sockets().queueOf(socket)), failed);
    }

    @Override
    public void run() {
        try (PacketSource source = sources.get()) {
            Optional<Pollable> pollable = source.pollable();
            if (pollable.isPresent() && Thread.currentThread().isVirtual()) {
                readWithOthers(source, pollable.get());
            } else {
                readAlone(source);
            }
        } catch (NodeClosedException e) {
            // The way a reader ends: the node closed its device or socket.
        } catch (IOException e) {
            failed.accept(e);
        }
    }

    private void readAlone(PacketSource source) throws IOException {
        Turn turn = new Turn(plane.nanoTime());
        while (true) {
            source.read();
            turn.batch(plane.nanoTime());
        }
    }

    private void readWithOthers(PacketSource source, Pollable pollable) throws IOException {
        long startNanos = plane.nanoTime();
        ReaderGroup.Member mine = group.join(pollable, () -> source.look(pollable), startNanos);
        Pollable.StandIn standIn = plane.neverBlocks() ? () -> group.standIn(mine, plane.nanoTime()) : Pollable.StandIn.NOBODY;
        try {
            Turn turn = new Turn(startNanos);
            HotWait hotWait = new HotWait(startNanos);
            int meanBytes = 0; // over some eight looks
            while (true) {
                int bytes = mine.look.look();
                boolean helped = group.help();
                long nowNanos = plane.nanoTime();
                if (bytes > 0 || helped) {
                    meanBytes += bytes > 0 ? (bytes - meanBytes) / 8 : 0;
                    hotWait.found(nowNanos);
                    turn.batch(nowNanos);
                    continue;
                }
                int boundNanos = hotWait.nothing(nowNanos);
                if (meanBytes < LITTLE_BYTES && group.lend(mine)) {
                    meanBytes = ReaderGroup.MUCH_BYTES; // What it mostly is given back for.
                } else {
                    await(mine, boundNanos, standIn, hotWait);
                }
                long wokenNanos = plane.nanoTime();
                hotWait.woke(wokenNanos);
                turn.begins(wokenNanos);
            }
        } finally {
            group.leave(mine);
        }
    }

    /** Waits in the kernel, or until the reactor calls. */
    private void await(ReaderGroup.Member mine, int boundNanos, Pollable.StandIn standIn, HotWait hotWait) throws IOException {
        if (boundNanos > 0 && CarrierWaits.OF_PROCESS.begin()) {
            try {
                if (group.awaitWithin(boundNanos, mine)) {
                    return;
                }
            } finally {
                CarrierWaits.OF_PROCESS.end();
            }
        }
        group.parks(mine);
        try {
            mine.pollable.await(standIn);
        } finally {
            hotWait.handled(group.wakes(mine));
        }
    }
}
