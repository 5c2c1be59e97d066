package org.tinc4j.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Data keys are renewed again and again under a TCP connection that goes on. */
@RequiresTincd
class KeyRenewalIT {

    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final int RENEWALS = 10;
    private static final String SHORT_LIVED = "KeyExpire = 2";
    private static final int STREAM_SECONDS = 24;
    private static final int BYTES_PER_SECOND = 1 << 20;

    @ParameterizedTest(name = "{0} dials and renews")
    @EnumSource
    void aTcpConnectionOutlivesTenRenewals(Mesh.Program renewer) {
        try (Mesh mesh = Mesh.of("renewal")) {
            MeshNode first = mesh.node(renewer, "first", SHORT_LIVED);
            MeshNode second = mesh.node(renewer == Mesh.Program.C ? Mesh.Program.JAVA : Mesh.Program.C, "second");
            mesh.dial(first, second).start(LIMIT);
            Traffic.awaitPing(first, second, LIMIT);

            Traffic.stream(second, first, first.site().overlay4(), (long) STREAM_SECONDS * BYTES_PER_SECOND, BYTES_PER_SECOND);

            assertThat(first.keyRenewals(second.name())).as("renewals seen by " + first.name()).isGreaterThanOrEqualTo(RENEWALS);
            assertThat(second.keyRenewals(first.name())).as("renewals seen by " + second.name()).isGreaterThanOrEqualTo(RENEWALS);
        }
    }
}
