package org.tinc4j.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.tinc4j.Offload;

class DataPathOptionsTest {

    @Test
    void byDefaultEverythingIsTriedButTheOneThatHasToBeAskedFor() {
        assertThat(EnumSet.allOf(Offload.class)).allSatisfy(
                offload -> assertThat(DataPathOptions.DEFAULT.allows(offload)).isEqualTo(offload != Offload.IO_URING));
    }

    @Test
    void withAndWithoutUndoEachOther() {
        DataPathOptions options = DataPathOptions.DEFAULT.withQueues(3).without(Offload.TSO, Offload.UDP_GRO).with(Offload.IO_URING, Offload.TSO);
        assertThat(options.disabled()).containsExactly(Offload.UDP_GRO);
        assertThat(options.queues()).isEqualTo(3);
        assertThat(options.without(Offload.values()).with(Offload.values()).disabled()).isEmpty();
        assertThat(options.with().without()).isEqualTo(options);
    }
}
