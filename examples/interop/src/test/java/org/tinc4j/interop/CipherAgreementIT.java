package org.tinc4j.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tinc4j.testkit.ChildProcess;

/** Java nodes agree on AES-256-GCM for the tunnel between them, past a C daemon, which goes on to get what it speaks. */
@RequiresTincd
class CipherAgreementIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int STREAM_BYTES = 2 << 20;
    private static final String AES = "aes-256-gcm";
    private static final String CHACHA = "chacha20-poly1305";

    @ParameterizedTest(name = "the ends can reach each other: {0}")
    @ValueSource(booleans = {false, true})
    void twoJavaNodesAgreeThroughACDaemonBetweenThem(boolean direct) {
        try (Mesh mesh = Mesh.of("cipher")) {
            JavaNode left = mesh.java("left");
            CTincd middle = mesh.tincd("middle");
            JavaNode right = mesh.java("right");
            if (!direct) {
                mesh.separate(left, right);
            }
            mesh.dial(left, middle).dial(right, middle).start(LIMIT);
            // From then on the daemon puts behind their answers where it sees them.
            Traffic.awaitPing(left, middle, LIMIT);
            Traffic.awaitPing(right, middle, LIMIT);
            await("UDP to the middle").atMost(LIMIT).until(() ->
                    middle.view(left).orElseThrow().pmtuBytes() > 0 && middle.view(right).orElseThrow().pmtuBytes() > 0);

            Traffic.awaitPing(left, right, LIMIT);
            Traffic.stream(left, right, STREAM_BYTES);
            Traffic.stream(right, left, STREAM_BYTES);
            Traffic.stream(left, middle, STREAM_BYTES);
            Traffic.stream(middle, right, STREAM_BYTES);

            assertThat(left.view(right).orElseThrow().cipher()).isEqualTo(AES);
            assertThat(right.view(left).orElseThrow().cipher()).isEqualTo(AES);
            assertThat(left.view(middle).orElseThrow().cipher()).isEqualTo(CHACHA);
            assertThat(right.view(middle).orElseThrow().cipher()).isEqualTo(CHACHA);
            assertThat(middle.logText())
                    .as("the answer with its number and the address that the daemon added")
                    .containsPattern(Pattern.compile("Sending ANS_KEY to left .*: 16 right left \\S{94} 1 -1 -1 0 [0-9.]+ 655"));
            if (direct) {
                await("direct UDP").atMost(LIMIT).until(() -> left.view(right).orElseThrow().udpConfirmed());
            }
        }
    }

    @Test
    void whatIsSetOnBothSidesGoesForTheMetaConnectionTooAndOutlivesRenewals() {
        try (Mesh mesh = Mesh.of("cipher")) {
            JavaNode left = mesh.java("left", "KeyExpire = 2");
            JavaNode right = mesh.java("right");
            mesh.tell(left, right, "SPTPSCipher = AES-256-GCM").tell(right, left, "SPTPSCipher = aes-256-gcm");
            mesh.dial(left, right).start(LIMIT);
            Traffic.awaitPing(left, right, LIMIT);
            Traffic.stream(right, left, left.site().overlay4(), 10L << 20, 1 << 20);

            assertThat(left.keyRenewals("right")).isGreaterThanOrEqualTo(3);
            assertThat(left.view(right).orElseThrow().cipher()).isEqualTo(AES);
            assertThat(right.view(left).orElseThrow().cipher()).isEqualTo(AES);
        }
    }

    @Test
    void aNodeSetToAesForACDaemonSaysWhyTheyDoNotConnect() {
        try (Mesh mesh = Mesh.of("cipher")) {
            JavaNode left = mesh.java("left");
            CTincd right = mesh.tincd("right");
            mesh.tell(left, right, "SPTPSCipher = aes-256-gcm").dial(left, right);
            right.start();
            left.start();

            await("the reason").atMost(LIMIT).until(() -> ChildProcess.read(left.site().log())
                    .contains("during the handshake; right must use aes-256-gcm with this node too, or SPTPSCipher (Peer.cipher) be deleted here"));
            assertThat(left.reaches(right)).isFalse();
        }
    }

    @Test
    void aJavaRelayAgreesWithItsLikeAndTheCDaemonBehindItWithNobody() {
        try (Mesh mesh = Mesh.of("cipher")) {
            JavaNode left = mesh.java("left");
            JavaNode middle = mesh.java("middle");
            CTincd right = mesh.tincd("right");
            mesh.separate(left, right);
            mesh.dial(left, middle).dial(right, middle).start(LIMIT);
            Traffic.awaitPing(left, right, LIMIT);
            Traffic.stream(left, right, STREAM_BYTES);
            Traffic.stream(right, left, STREAM_BYTES);
            Traffic.stream(left, middle, STREAM_BYTES);

            assertThat(left.view(middle).orElseThrow().cipher()).isEqualTo(AES);
            assertThat(middle.view(left).orElseThrow().cipher()).isEqualTo(AES);
            assertThat(left.view(right).orElseThrow().cipher()).isEqualTo(CHACHA);
            assertThat(middle.view(right).orElseThrow().cipher()).isEqualTo(CHACHA);
        }
    }
}
