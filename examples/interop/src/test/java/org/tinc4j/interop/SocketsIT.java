package org.tinc4j.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tinc4j.testkit.ChildProcess;

/** A node without any privilege beside a C daemon with a kernel TUN: its sockets talk to that host's own, and nothing else leaves its host. */
@RequiresTincd
class SocketsIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long BYTES = 32 << 20;
    private static final int PORT = 7000;
    private static final int HTTP = 8080;

    @Test
    void librariesWorkUnchanged() {
        try (Mesh mesh = Mesh.of("libraries")) {
            CTincd daemon = mesh.tincd("daemon");
            JavaNode java = mesh.java("java").inProcess();
            mesh.dial(java, daemon);
            mesh.start(LIMIT);
            Traffic.awaitPing(daemon, java, LIMIT);
            mesh.lan().countForeign(mesh.host(java), daemon.site().port());

            try (ChildProcess server = Traffic.serve(ServerProcess.class, daemon, HTTP)) {
                for (String client : List.of("jdk", "okhttp", "apache")) {
                    for (int bytes : List.of(0, 1, 3_000_000)) {
                        assertThat(java.ask(client + " http://daemon:" + HTTP + "/?bytes=" + bytes)).as(client).containsExactly("200 " + bytes);
                    }
                }
                assertThat(server.isAlive()).isTrue();
            }
            try (PostgresServer server = PostgresServer.start(daemon)) {
                assertThat(java.ask("postgres " + daemon.site().overlay4() + " " + server.port()))
                        .containsExactly("1000 500500 6000000");
            }
            assertThat(java.site().netns().counted()).as("packets that left by the host's own route").isZero();
        }
    }

    @Test
    void socketsTalkToTheKernelOfAnotherHost() {
        try (Mesh mesh = Mesh.of("sockets")) {
            CTincd daemon = mesh.tincd("daemon");
            JavaNode java = mesh.java("java").inProcess();
            mesh.dial(java, daemon);
            mesh.start(LIMIT);
            assertThat(java.ask("whoami")).containsExactly("65534 0000000000000000");
            Traffic.awaitPing(daemon, java, LIMIT);
            await("UDP both ways").atMost(LIMIT).untilAsserted(() -> {
                assertThat(daemon.view(java).orElseThrow().udpConfirmed()).isTrue();
                assertThat(java.view(daemon).orElseThrow().udpConfirmed()).isTrue();
            });
            mesh.lan().countForeign(mesh.host(java), daemon.site().port());

            Traffic.streamFromSocket(java, daemon, daemon.site().overlay4(), BYTES);
            Traffic.streamFromSocket(java, daemon, daemon.site().overlay6(), BYTES / 4);
            Traffic.streamFromSocket(java, daemon, "daemon", BYTES / 4);
            Traffic.streamToSocket(daemon, java, java.site().overlay4(), PORT, BYTES);
            Traffic.streamToSocket(daemon, java, java.site().overlay6(), PORT, BYTES / 4);

            assertThat(java.site().netns().counted()).as("packets that left by the host's own route").isZero();
            assertThat(daemon.site().netns().counter("Tcp", "InCsumErrors")).isZero();
            assertThat(java.ask("ping daemon").getFirst()).startsWith("pong");
        }
    }
}
