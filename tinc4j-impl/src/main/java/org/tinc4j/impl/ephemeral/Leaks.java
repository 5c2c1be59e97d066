package org.tinc4j.impl.ephemeral;

import java.util.List;
import org.tinc4j.impl.ledger.Ledger;
import org.tinc4j.testing.LeakError.Leak;

/** What a ledger still holds, in the words of the API. */
final class Leaks {

    private Leaks() {}

    static List<Leak> of(Ledger ledger) {
        return ledger.held().stream().map(held -> new Leak(held.kind(), held.what(), held.place())).toList();
    }
}
