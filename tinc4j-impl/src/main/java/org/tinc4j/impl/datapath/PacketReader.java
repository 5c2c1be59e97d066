package org.tinc4j.impl.datapath;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.tinc4j.NodeClosedException;
import org.tinc4j.spi.Pollable;

/** Reads one device queue or UDP socket until it is closed. Runs on a thread of its own. */
public final class PacketReader implements Runnable {

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
                readWithOthers(new ReaderGroup.Member(pollable.get(), () -> source.look(pollable.get())));
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

    private void readWithOthers(ReaderGroup.Member mine) throws IOException {
        Turn turn = new Turn(plane.nanoTime());
        HotWait hotWait = new HotWait();
        int lastBytes = 0;
        group.wakes();
        try {
            while (true) {
                int bytes = mine.look.look();
                boolean helped = group.help();
                long nowNanos = plane.nanoTime();
                if (bytes > 0 || helped) {
                    lastBytes = bytes > 0 ? bytes : lastBytes;
                    hotWait.found(nowNanos);
                    turn.batch(nowNanos);
                } else {
                    if (lastBytes >= ReaderGroup.MUCH_BYTES || !group.lend(mine)) {
                        await(mine, hotWait.nothing(nowNanos));
                    }
                    turn.begins(plane.nanoTime());
                }
            }
        } finally {
            group.leaves();
        }
    }

    private void await(ReaderGroup.Member mine, int boundNanos) throws IOException {
        if (boundNanos > 0 && group.awaitWithin(boundNanos, mine)) {
            return;
        }
        group.leaves();
        try {
            mine.pollable.await();
        } finally {
            group.wakes();
        }
    }
}
