package org.tinc4j.impl.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tinc4j.testing.EphemeralMesh;

/** Streams arrive whole over links that lose, repeat and reorder packets. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LossySocketsTest {

    private static final int BYTES = 2 << 20;

    @ParameterizedTest
    @CsvSource({"1, 0.0, 0.0, 0.0", "5, 0.01, 0.0, 0.0", "20, 0.01, 0.01, 0.05", "5, 0.05, 0.02, 0.02"})
    void aStreamArrivesWhole(int latencyMillis, double loss, double duplication, double reordering) throws Exception {
        byte[] sent = new byte[BYTES];
        new Random(latencyMillis).nextBytes(sent);
        try (EphemeralMesh mesh = EphemeralMesh.builder()
                .nodes("orders", "billing")
                .conditions(link -> link.withLatency(Duration.ofMillis(latencyMillis))
                        .withLoss(loss)
                        .withDuplication(duplication)
                        .withReordering(reordering))
                .start()) {
            mesh.awaitConverged();
            try (ServerSocket server = mesh.node("billing").listen(7000);
                    Socket near = mesh.node("orders").connect("billing", 7000, Duration.ofSeconds(30));
                    Socket far = server.accept()) {
                Blocking<Void> writer = Blocking.call(() -> {
                    near.getOutputStream().write(sent);
                    near.shutdownOutput();
                    return null;
                });
                MessageDigest hash = MessageDigest.getInstance("SHA-256");
                byte[] received = far.getInputStream().readAllBytes();
                writer.value();
                assertThat(hash.digest(received)).isEqualTo(hash.digest(sent));
            }
        }
    }
}
