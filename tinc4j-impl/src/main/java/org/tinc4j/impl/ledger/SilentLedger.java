package org.tinc4j.impl.ledger;

import java.util.List;

/** Remembers nothing. */
enum SilentLedger implements Ledger, Ledger.Lease {
    INSTANCE;

    @Override
    public Lease take(Kind kind, String what, long bytes) {
        return this;
    }

    @Override
    public List<Held> held() {
        return List.of();
    }

    @Override
    public void close() {}
}
