package org.tinc4j.impl.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LedgerTest {

    @Test
    void tellsWhatIsHeldInOrderOfTakingAndWhereItWasTaken() {
        Ledger ledger = Ledger.recording();
        Ledger.Lease socket = ledger.take("socket", "UDP socket 1");
        Ledger.Lease sameAgain = ledger.take("socket", "UDP socket 1");
        Ledger.Lease thread = ledger.take("thread", "reader");

        assertThat(ledger.held()).extracting(Ledger.Held::kind).containsExactly("socket", "socket", "thread");
        assertThat(ledger.held().getFirst().place().getFirst())
                .contains("LedgerTest.tellsWhatIsHeldInOrderOfTakingAndWhereItWasTaken(LedgerTest.java:");
        sameAgain.close();
        sameAgain.close();
        assertThat(ledger.held()).extracting(Ledger.Held::what).containsExactly("UDP socket 1", "reader");
        socket.close();
        thread.close();
        assertThat(ledger.held()).isEmpty();
    }

    @Test
    void theSilentOneRemembersNothing() {
        Ledger ledger = Ledger.silent();
        Ledger.Lease lease = ledger.take("thread", "reader");

        assertThat(ledger.held()).isEmpty();
        lease.close();
    }
}
