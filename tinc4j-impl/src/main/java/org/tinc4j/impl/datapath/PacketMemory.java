package org.tinc4j.impl.datapath;

import java.util.ArrayList;
import java.util.List;
import org.tinc4j.impl.ledger.Ledger;
import org.tinc4j.spi.BufferPool;
import org.tinc4j.spi.PacketBatch;

/**
 * The packet memory of one stage: taken piece by piece, given back together when the stage ends. Nothing that was cut from it may be used
 * after that.
 *
 * <p><b>Threads.</b> One at a time.
 */
public final class PacketMemory implements AutoCloseable {

    private final Ledger ledger;
    private final String stage;
    private final BufferPool.Memory where;
    private final List<Ledger.Lease> leases = new ArrayList<>();

    /**
     * None taken yet.
     *
     * @param stage whose it is, for the ledger
     * @param where where it lies
     */
    PacketMemory(Ledger ledger, String stage, BufferPool.Memory where) {
        this.ledger = ledger;
        this.stage = stage;
        this.where = where;
    }

    /**
     * Takes memory for a batch.
     *
     * @param blockBytes size of each buffer
     * @param count buffers in it
     * @return owned by this stage until {@link #close}
     */
    PacketBatch batch(int blockBytes, int count) {
        PacketBatch batch = new BufferPool(where, blockBytes).batch(count);
        Ledger.Kind kind = switch (where) {
            case HEAP -> Ledger.Kind.HEAP_MEMORY;
            case DIRECT -> Ledger.Kind.DIRECT_MEMORY;
        };
        leases.add(ledger.take(kind, "packets of the " + stage, (long) blockBytes * count));
        return batch;
    }

    /** Gives everything back. Idempotent. */
    @Override
    public void close() {
        leases.forEach(Ledger.Lease::close);
        leases.clear();
    }
}
