package org.tinc4j.impl.datapath;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.tinc4j.impl.crypto.Aead;
import org.tinc4j.impl.ledger.Ledger;
import org.tinc4j.spi.BufferPool;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;

/** What one stage holds: packet memory, taken when it is needed, and a cipher engine; given back when the stage ends. One thread at a time. */
final class StageMemory implements AutoCloseable {

    private final Ledger ledger;
    private final String stage;
    private final BufferPool.Memory kind;
    private final List<Ledger.Lease> leases = new ArrayList<>();

    StageMemory(Ledger ledger, String stage, BufferPool.Memory kind) {
        this.kind = kind;
        this.ledger = ledger;
        this.stage = stage;
    }

    PacketBatch batch(int blockBytes, int count) {
        leases.add(ledger.take("packet memory", count + " blocks of " + blockBytes + " bytes for the " + stage));
        return new BufferPool(kind, blockBytes).batch(count);
    }

    /** A batch that begins with some large blocks, and goes on with smaller ones. */
    PacketBatch batch(int largeBytes, int largeCount, int smallBytes, int smallCount) {
        PacketBatch large = batch(largeBytes, largeCount);
        PacketBatch small = batch(smallBytes, smallCount);
        PacketBuffer[] buffers = new PacketBuffer[largeCount + smallCount];
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = i < largeCount ? large.get(i) : small.get(i - largeCount);
        }
        return new PacketBatch(buffers);
    }

    /** An engine that ends with the stage: what it keeps of keys may lie outside the heap. */
    Aead engine(Supplier<Aead> engines) {
        Aead engine = engines.get();
        leases.add(engine::close);
        return engine;
    }

    @Override
    public void close() {
        leases.forEach(Ledger.Lease::close);
        leases.clear();
    }
}
