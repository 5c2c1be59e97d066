package org.tinc4j.impl.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The proxy as its clients and whoever else is on the host see it; every host is one on the system's loopback. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LocalProxyTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Predicate<Socket> OURS = socket -> true;
    private static final Predicate<Socket> NOT_OURS = socket -> false;
    private static final BiConsumer<String, Runnable> THREADS = (job, body) -> Thread.ofVirtual().name(job).start(body);

    private final List<Socket> clients = new ArrayList<>();
    private LocalProxy proxy;

    @AfterEach
    void stop() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        if (proxy != null) {
            proxy.close();
        }
    }

    private InetSocketAddress start(Duration patience, Predicate<Socket> ours) throws IOException {
        proxy = new LocalProxy((host, port) -> new Socket(InetAddress.getLoopbackAddress(), port), THREADS, patience, ours);
        return proxy.start();
    }

    private Socket client(InetSocketAddress to) throws IOException {
        Socket client = new Socket(to.getAddress(), to.getPort());
        clients.add(client);
        client.setSoTimeout((int) PATIENCE.toMillis());
        return client;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String all(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** An origin of one connection: answers once it has read so much, and tells all it ever read. */
    private static final class Origin implements AutoCloseable {

        private final ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final CompletableFuture<String> heard = new CompletableFuture<>();

        Origin(String lastWords, String answer) throws IOException {
            Thread.ofVirtual().start(() -> {
                try (Socket socket = listening.accept()) {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    boolean answered = false;
                    for (int value = socket.getInputStream().read(); value >= 0; value = socket.getInputStream().read()) {
                        bytes.write(value);
                        if (!answered && bytes.toString(StandardCharsets.ISO_8859_1).endsWith(lastWords)) {
                            answered = true;
                            say(socket, answer);
                        }
                    }
                    heard.complete(bytes.toString(StandardCharsets.ISO_8859_1));
                } catch (IOException e) {
                    heard.completeExceptionally(e);
                }
            });
        }

        String at() {
            return "far:" + listening.getLocalPort();
        }

        String heard() throws Exception {
            return heard.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }
    }

    @Test
    void doesNotStartOnceItIsClosed() {
        LocalProxy closed = new LocalProxy((host, port) -> null, (job, body) -> {});
        closed.close();

        assertThatThrownBy(closed::start).isInstanceOf(SocketException.class).hasMessage("Socket closed");
    }

    // ---- who takes a place ----

    /** A byte now and then is no request, however short the pauses are. */
    @Test
    void aClientThatNeverComesToAnEndIsLeft() throws Exception {
        for (String beginning : List.of("GET http://far/ HTTP/1.1\r\nX: ", "\5\200", "")) {
            proxy = null;
            Socket client = client(start(Duration.ofMillis(300), OURS));
            say(client, beginning);

            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
                try {
                    say(client, "x");
                    return client.getInputStream().available() < 0;
                } catch (IOException e) {
                    return true;
                }
            });
            proxy.close();
        }
    }

    @Test
    void aCrowdThatSaysNothingKeepsNobodyOut() throws Exception {
        InetSocketAddress at = start(PATIENCE, OURS);
        for (int i = 0; i < 1100; i++) {
            client(at);
        }
        assertThat(clients.getFirst().getInputStream().read()).as("the first had to give way").isEqualTo(-1);
        try (Origin origin = new Origin("\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")) {
            Socket client = client(at);
            say(client, "GET http://" + origin.at() + "/ HTTP/1.1\r\n\r\n");
            assertThat(all(client.getInputStream())).endsWith("\r\n\r\nhi");
        }
    }

    @Test
    void whoShowsNothingIsToldSoThoughHeSaysMore() throws Exception {
        Socket client = client(start(PATIENCE, NOT_OURS));
        say(client, "POST http://far/ HTTP/1.1\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(100_000));

        assertThat(all(client.getInputStream())).startsWith("HTTP/1.1 407 ").endsWith("\r\n\r\n");
    }

    // ---- what is passed on ----

    @Test
    void aSecondRequestIsNotPassedOn() throws Exception {
        InetSocketAddress at = start(PATIENCE, OURS);
        try (Origin origin = new Origin("body", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")) {
            Socket client = client(at);
            say(client, "POST http://user@" + origin.at() + "/path?q HTTP/1.1\r\nHost: other\r\nConnection: X-Hop\r\nX-Hop: 1\r\n"
                    + "Content-Length: 4\r\n\r\nbody"
                    + "GET http://" + origin.at() + "/ HTTP/1.1\r\nProxy-Authorization: Basic c2VjcmV0\r\n\r\n");

            assertThat(all(client.getInputStream())).isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");
            assertThat(origin.heard()).isEqualTo("POST /path?q HTTP/1.1\r\nHost: " + origin.at()
                    + "\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody");
        }
    }

    @Test
    void chunksArePassedOnBothWays() throws Exception {
        InetSocketAddress at = start(PATIENCE, OURS);
        String chunks = "4\r\nbody\r\n0\r\n\r\n";
        String answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        try (Origin origin = new Origin(chunks, "HTTP/1.1 100 Continue\r\n\r\n" + answer + chunks)) {
            Socket client = client(at);
            say(client, "PUT http://" + origin.at() + " HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);

            assertThat(all(client.getInputStream())).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n"
                    + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + chunks);
            assertThat(origin.heard()).startsWith("PUT / HTTP/1.1\r\n").endsWith("\r\n\r\n" + chunks);
        }
    }

    @Test
    void whatIsNoRequestIsRefused() throws Exception {
        InetSocketAddress at = start(PATIENCE, OURS);
        for (String request : List.of(
                "GET / HTTP/1.1\r\n\r\n",
                "GET http://far/ HTTP/1.1\r\n folded: 1\r\n\r\n",
                "POST http://far/ HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
                "CONNECT far HTTP/1.1\r\n\r\n")) {
            Socket client = client(at);
            say(client, request);
            client.shutdownOutput();
            assertThat(all(client.getInputStream())).as(request).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void anAnswerThatIsNoneIsABadGateway() throws Exception {
        InetSocketAddress at = start(PATIENCE, OURS);
        for (String answer : List.of("SSH-2.0-x\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx")) {
            try (Origin origin = new Origin("\r\n\r\n", answer)) {
                Socket client = client(at);
                say(client, "GET http://" + origin.at() + "/ HTTP/1.1\r\n\r\n");
                assertThat(all(client.getInputStream())).as(answer).startsWith("HTTP/1.1 502 ");
            }
        }
    }

    // ---- where the system does not tell whose a connection is ----

    @Test
    void theJdksClientReachesAServerBehindTlsWithoutPropertiesOfTheSystem(@TempDir Path directory) throws Exception {
        assertThat(System.getProperty("jdk.http.auth.tunneling.disabledSchemes")).isNull();
        InetSocketAddress at = start(PATIENCE, NOT_OURS);
        SSLContext tls = tls(directory);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        CompletableFuture<String> seen = new CompletableFuture<>();
        server.createContext("/", exchange -> {
            seen.complete(exchange.getRequestHeaders().keySet().toString());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        MeshProxySelector selector = new MeshProxySelector(host -> host.equals("localhost"), at);
        try (HttpClient client = new MeshHttpClient(
                HttpClient.newBuilder().proxy(selector).sslContext(tls).build(), proxy.credentials().password())) {
            URI uri = URI.create("https://localhost:" + server.getAddress().getPort() + "/");
            HttpResponse<Void> response = client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding());

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(seen.get().toLowerCase()).doesNotContain("proxy");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void webSocketsReachTheServerTooAndTellItNothing() throws Exception {
        MeshProxySelector selector = new MeshProxySelector(host -> host.equals("far"), start(PATIENCE, NOT_OURS));
        try (HttpClient client =
                        new MeshHttpClient(HttpClient.newBuilder().proxy(selector).build(), proxy.credentials().password());
                Origin far = new Origin("\r\n\r\n", "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")) {
            CompletableFuture<WebSocket> socket = client.newWebSocketBuilder()
                    .header("X-Own", "1")
                    .buildAsync(URI.create("ws://" + far.at() + "/"), new WebSocket.Listener() {});

            assertThat(far.heard()).containsIgnoringCase("X-Own: 1").doesNotContainIgnoringCase("proxy");
            assertThatThrownBy(socket::join).hasCauseInstanceOf(WebSocketHandshakeException.class);
        }
    }

    @Test
    void theJdksClientIsGivenTheCredentialsItAsksFor() throws Exception {
        MeshProxySelector selector = new MeshProxySelector(host -> host.equals("far"), start(PATIENCE, NOT_OURS));
        try (HttpClient client = HttpClient.newBuilder().proxy(selector).authenticator(proxy.authenticator()).build();
                Origin far = new Origin("\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n")) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + far.at())).build();

            assertThat(client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode()).isEqualTo(204);
        }
    }

    @Test
    void thePasswordGoesToNobodyButTheProxy() throws Exception {
        InetSocketAddress at = start(PATIENCE, NOT_OURS);
        MeshProxySelector selector = new MeshProxySelector(host -> host.equals("far"), at);
        try (HttpClient client =
                        new MeshHttpClient(HttpClient.newBuilder().proxy(selector).build(), proxy.credentials().password());
                Origin direct = new Origin("\r\n\r\n", "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
                Origin far = new Origin("\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n")) {
            for (URI uri : List.of(URI.create("http://127.0.0.1:" + direct.listening.getLocalPort()), URI.create("http://" + far.at()))) {
                HttpRequest request = HttpRequest.newBuilder(uri).version(HttpClient.Version.HTTP_1_1).build();
                assertThat(client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode()).isEqualTo(204);
            }
            assertThat(far.heard()).startsWith("GET / HTTP/1.1\r\n").doesNotContainIgnoringCase("proxy");
            assertThat(direct.heard()).startsWith("GET / HTTP/1.1\r\n").doesNotContainIgnoringCase("proxy");
        }
    }

    /** Of localhost, by the JDK's own keytool. */
    private static SSLContext tls(Path directory) throws Exception {
        Path store = directory.resolve("localhost.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                        "-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "san=dns:localhost",
                        "-storetype", "PKCS12", "-storepass", "changeit", "-keystore", store.toString())
                .redirectErrorStream(true)
                .start();
        String said = all(keytool.getInputStream());
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, "changeit".toCharArray());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(keys);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        return tls;
    }
}
