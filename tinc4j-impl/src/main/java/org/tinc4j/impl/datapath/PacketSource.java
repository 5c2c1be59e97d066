package org.tinc4j.impl.datapath;

import java.io.IOException;
import java.util.Optional;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.Pollable;

/**
 * A device queue or a UDP socket, and the path its packets take.
 *
 * <p><b>Threads.</b> Confined to whoever holds it: its reader, or another that looks after it meanwhile; see {@link ReaderGroup}.
 */
abstract sealed class PacketSource implements AutoCloseable permits DeviceSource, SocketSource {

    private final StageMemory memory;
    private final PacketPath path;
    private final PacketBatch batch;

    /** Takes the memory. */
    PacketSource(StageMemory memory, PacketPath path, PacketBatch batch) {
        this.memory = memory;
        this.path = path;
        this.batch = batch;
    }

    /** How to look at it without waiting. */
    abstract Optional<Pollable> pollable();

    /** Waits for packets: how many buffers were filled. */
    abstract int read(PacketBatch batch) throws IOException;

    /** One packet, or what one buffer holds, on its way. */
    abstract void handle(PacketBuffer packet, PacketPath path);

    /** Waits for packets, and sends them on their way. */
    final void read() throws IOException {
        handle(read(batch));
    }

    /** Sends on their way what packets there are: how many bytes those had. */
    final int look(Pollable pollable) throws IOException {
        int count = pollable.poll(batch);
        if (count == 0) {
            return 0;
        }
        int bytes = 0;
        for (int i = 0; i < count; i++) {
            bytes += batch.get(i).length();
        }
        handle(count);
        return bytes;
    }

    private void handle(int count) {
        path.begin();
        for (int i = 0; path.ready() && i < count; i++) {
            handle(batch.get(i), path);
        }
        path.flush();
    }

    @Override
    public final void close() {
        memory.close();
    }
}
