package org.tinc4j.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Three nodes in a chain whose ends cannot reach each other but through the middle. The ends do not know each other's key beforehand
 * either: they ask for it through the mesh.
 */
@RequiresTincd
class RelayIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int STREAM_BYTES = 2 << 20;

    /** Who starts the meta connections of the chain. */
    enum Diallers {
        ENDS,
        MIDDLE
    }

    @ParameterizedTest(name = "{0} between {1} and {1}, dialled by {2}")
    @CsvSource({"JAVA, C, ENDS", "JAVA, C, MIDDLE", "C, JAVA, ENDS", "C, JAVA, MIDDLE", "JAVA, JAVA, ENDS"})
    void theMiddleRelaysPingsAndStreams(Mesh.Program middleProgram, Mesh.Program endProgram, Diallers diallers) {
        try (Mesh mesh = Mesh.of("relay")) {
            MeshNode left = mesh.node(endProgram, "left");
            MeshNode middle = mesh.node(middleProgram, "middle");
            MeshNode right = mesh.node(endProgram, "right");
            mesh.separate(left, right);
            if (diallers == Diallers.ENDS) {
                mesh.dial(left, middle).dial(right, middle);
            } else {
                mesh.dial(middle, left).dial(middle, right);
            }
            mesh.start(LIMIT);

            Traffic.awaitPing(left, right, LIMIT);
            assertThat(Traffic.ping(right, left.site().overlay6(), 5).lost()).isZero();
            assertThat(left.view(right).orElseThrow().nexthop()).isEqualTo(middle.name());
            Traffic.stream(left, right, STREAM_BYTES);
            Traffic.stream(right, left, STREAM_BYTES);
            assertThat(left.view(right).orElseThrow().udpConfirmed()).as("direct UDP, which the packet filter drops").isFalse();
        }
    }
}
