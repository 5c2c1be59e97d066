package org.tinc4j.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tinc4j.testkit.ChildProcess;

/** HTTP/1.1, and HTTP/2 over TLS, between a node without any privilege and the kernel of a host with a C daemon; client and server on either. */
@RequiresTincd
class WebIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final int APACHE = 8080;

    @Test
    void theClientOfTheJdkSpeaksHttp2OverTlsToTheKernelOfAnotherHost() throws IOException {
        try (Mesh mesh = Mesh.of("http2")) {
            CTincd daemon = mesh.tincd("daemon");
            JavaNode java = mesh.java("java").inProcess();
            String certificate = SelfSigned.create(daemon.site());
            start(mesh, daemon, java);

            List<String> command = JavaProgram.command(JettyProcess.class, daemon.site().overlay4(), daemon.site().directory().toString());
            try (ChildProcess server = ChildProcess.start(daemon.site().netns().wrap(command), daemon.site().directory().resolve("jetty.log"));
                    BufferedReader port = server.process().inputReader(StandardCharsets.UTF_8)) {
                String url = "https://daemon:" + port.readLine();
                assertThat(java.ask("fetch " + url)).as("by who trusts nobody yet").first().asString().contains("SSLHandshakeException");
                java.ask("trust " + certificate);
                for (String client : List.of("fetch", "fetch-by-proxy-selector")) {
                    assertThat(java.ask(client + " " + url)).as("%s; %s", client, server.logText())
                            .containsExactly("HTTP_2 " + Fetch.REQUESTS + " 1 1 -");
                }
            }
            assertThat(java.site().netns().counted()).as("packets that left by the host's own route").isZero();
        }
    }

    @Test
    void serversOfTheNodeServeTheKernelOfAnotherHost() throws IOException {
        try (Mesh mesh = Mesh.of("servers")) {
            CTincd daemon = mesh.tincd("daemon");
            JavaNode java = mesh.java("java").inProcess();
            String certificate = SelfSigned.create(java.site());
            start(mesh, daemon, java);
            java.ask("jetty " + HTTP + " " + HTTPS);
            java.ask("apache-server " + APACHE);

            String host = java.site().overlay4();
            String all = " " + Fetch.REQUESTS + " 1 ";
            assertThat(fetch(daemon, "http://" + host, certificate)).startsWith("HTTP_1_1" + all).endsWith(" daemon");
            assertThat(fetch(daemon, "https://" + host, certificate)).isEqualTo("HTTP_2" + all + "1 daemon");
            assertThat(fetch(daemon, "https://[" + java.site().overlay6() + "]", certificate)).isEqualTo("HTTP_2" + all + "1 daemon");
            assertThat(fetch(daemon, "http://" + host + ":" + APACHE, certificate)).startsWith("HTTP_1_1" + all).endsWith(" daemon");

            java.ask("deny " + HTTPS);
            assertThat(fetch(daemon, "https://" + host, certificate)).contains("java.net.ConnectException");
            assertThat(java.ask("denied")).isNotEmpty().containsOnly("daemon TCP " + HTTPS);
            assertThat(java.site().netns().counted()).as("packets that left by the host's own route").isZero();
        }
    }

    private static void start(Mesh mesh, CTincd daemon, JavaNode java) {
        mesh.dial(java, daemon);
        mesh.start(LIMIT);
        Traffic.awaitPing(daemon, java, LIMIT);
        mesh.lan().countForeign(mesh.host(java), daemon.site().port());
    }

    /** What a client on a host prints, or how it fails. */
    private static String fetch(MeshNode from, String url, String certificate) {
        return from.site().netns().run(JavaProgram.command(Fetch.class, url, certificate).toArray(String[]::new)).output().strip();
    }
}
