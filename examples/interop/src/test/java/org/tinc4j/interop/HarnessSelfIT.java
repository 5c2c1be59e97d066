package org.tinc4j.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Two C daemons only: what fails here is the test kit or the machine, not this library. */
@RequiresTincd
class HarnessSelfIT {

    private static final Duration LIMIT = Duration.ofSeconds(15);

    @Test
    void pingsAndStreamsUnharmedAndComesBackAfterAKill() {
        try (Mesh mesh = Mesh.of("self")) {
            CTincd alice = mesh.tincd("alice", "PingInterval = 2", "PingTimeout = 1", "MaxTimeout = 1");
            CTincd bob = mesh.tincd("bob", "PingInterval = 2", "PingTimeout = 1");
            mesh.dial(alice, bob).start(LIMIT);

            Traffic.awaitPing(alice, bob, LIMIT);
            assertThat(Traffic.ping(alice, bob.site().overlay6(), 3).lost()).isZero();
            Traffic.stream(alice, bob, 4 << 20);
            await("UDP to be confirmed").atMost(LIMIT).until(() -> alice.view(bob).orElseThrow().udpConfirmed());

            bob.kill();
            await().atMost(LIMIT).until(() -> !alice.reaches(bob));
            bob.start();
            mesh.awaitReachable(LIMIT);
            Traffic.awaitPing(bob, alice, LIMIT);
        }
    }

    @Test
    void fallsBackToTcpWhileUdpIsBlocked() {
        try (Mesh mesh = Mesh.of("self-tcp")) {
            CTincd alice = mesh.tincd("alice");
            CTincd bob = mesh.tincd("bob");
            mesh.lan().blockUdp();
            mesh.dial(alice, bob).start(LIMIT);

            Traffic.awaitPing(alice, bob, LIMIT);
            Traffic.stream(alice, bob, 1 << 20);
            assertThat(alice.view(bob).orElseThrow().udpConfirmed()).isFalse();
        }
    }
}
