package org.tinc4j.impl.datapath;

import java.util.ArrayList;
import java.util.List;
import org.tinc4j.impl.ledger.Ledger;
import org.tinc4j.spi.BufferPool;
import org.tinc4j.spi.PacketBatch;

/** The packet memory of one stage, taken when it is needed and given back when the stage ends. One thread at a time. */
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

    @Override
    public void close() {
        leases.forEach(Ledger.Lease::close);
        leases.clear();
    }
}
