package org.tinc4j.impl.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.tinc4j.impl.ledger.Ledger.Kind;

class LedgerTest {

    @Test
    void tellsWhatIsHeldInOrderOfTakingAndWhereItWasTaken() {
        Ledger ledger = Ledger.recording();
        Ledger.Lease socket = ledger.take(Kind.DATAGRAM_SOCKET, "UDP socket 1");
        Ledger.Lease memory = ledger.take(Kind.HEAP_MEMORY, "packets", 4096);

        assertThat(ledger.held()).extracting(Ledger.Held::kind).containsExactly(Kind.DATAGRAM_SOCKET, Kind.HEAP_MEMORY);
        assertThat(ledger.held().getLast().bytes()).isEqualTo(4096);
        assertThat(ledger.held().getFirst().place().getFirst().getMethodName())
                .isEqualTo("tellsWhatIsHeldInOrderOfTakingAndWhereItWasTaken");
        assertThat(ledger.held().getLast().toString())
                .startsWith("HEAP_MEMORY packets, 4096 bytes\n    at ")
                .contains("LedgerTest.java:");
        socket.close();
        socket.close();

        assertThat(ledger.held()).singleElement().extracting(Ledger.Held::what).isEqualTo("packets");
        memory.close();
        assertThat(ledger.held()).isEmpty();
    }

    @Test
    void theSilentOneRemembersNothing() {
        Ledger ledger = Ledger.silent();
        Ledger.Lease lease = ledger.take(Kind.THREAD, "reader");

        assertThat(ledger.held()).isEmpty();
        lease.close();
    }
}
