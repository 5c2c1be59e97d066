package org.tinc4j.impl.proxy;

import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * A client of the JDK's that shows the proxy its password with each request, where the proxy may be unable to see whose it is. By itself it
 * would do so by Basic only, which the JDK sends to no tunnel (jdk.http.auth.tunneling.disabledSchemes), so not for https; Bearer it does. It
 * keeps fields named Proxy-* from the server at the other end of a tunnel, and our proxy those of plain requests.
 *
 * <p><b>Threads.</b> Any.
 */
public final class MeshHttpClient extends HttpClient {

    private static final String FIELD = "Proxy-Authorization";

    private final HttpClient client;
    private final String authorization;

    /**
     * A client.
     *
     * @param client does the work; follows no redirects, which would take the password along
     * @param password of the proxy it uses
     */
    public MeshHttpClient(HttpClient client, String password) {
        this.client = client;
        this.authorization = "Bearer " + password;
    }

    private boolean isDirect(URI uri) {
        return client.proxy().orElseThrow().select(uri).getFirst().type() == Proxy.Type.DIRECT;
    }

    private HttpRequest withPassword(HttpRequest request) {
        return isDirect(request.uri())
                ? request
                : HttpRequest.newBuilder(request, (name, value) -> true).setHeader(FIELD, authorization).build();
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) throws IOException, InterruptedException {
        return client.send(withPassword(request), handler);
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, BodyHandler<T> handler) {
        return client.sendAsync(withPassword(request), handler);
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, BodyHandler<T> handler, PushPromiseHandler<T> pushed) {
        return client.sendAsync(withPassword(request), handler, pushed);
    }

    @Override
    public WebSocket.Builder newWebSocketBuilder() {
        return new SocketBuilder(client.newWebSocketBuilder(), client.newWebSocketBuilder().header(FIELD, authorization));
    }

    /** Two builders that are told the same, until it is known where the socket goes. */
    private final class SocketBuilder implements WebSocket.Builder {

        private final WebSocket.Builder direct;
        private final WebSocket.Builder proxied;

        SocketBuilder(WebSocket.Builder direct, WebSocket.Builder proxied) {
            this.direct = direct;
            this.proxied = proxied;
        }

        @Override
        public WebSocket.Builder header(String name, String value) {
            direct.header(name, value);
            proxied.header(name, value);
            return this;
        }

        @Override
        public WebSocket.Builder connectTimeout(Duration timeout) {
            direct.connectTimeout(timeout);
            proxied.connectTimeout(timeout);
            return this;
        }

        @Override
        public WebSocket.Builder subprotocols(String mostPreferred, String... lesserPreferred) {
            direct.subprotocols(mostPreferred, lesserPreferred);
            proxied.subprotocols(mostPreferred, lesserPreferred);
            return this;
        }

        @Override
        public CompletableFuture<WebSocket> buildAsync(URI uri, WebSocket.Listener listener) {
            return (isDirect(uri) ? direct : proxied).buildAsync(uri, listener);
        }
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return client.cookieHandler();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return client.connectTimeout();
    }

    @Override
    public Redirect followRedirects() {
        return client.followRedirects();
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return client.proxy();
    }

    @Override
    public SSLContext sslContext() {
        return client.sslContext();
    }

    @Override
    public SSLParameters sslParameters() {
        return client.sslParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return client.authenticator();
    }

    @Override
    public Version version() {
        return client.version();
    }

    @Override
    public Optional<Executor> executor() {
        return client.executor();
    }

    @Override
    public void shutdown() {
        client.shutdown();
    }

    @Override
    public void shutdownNow() {
        client.shutdownNow();
    }

    @Override
    public boolean isTerminated() {
        return client.isTerminated();
    }

    @Override
    public boolean awaitTermination(Duration duration) throws InterruptedException {
        return client.awaitTermination(duration);
    }

    @Override
    public void close() {
        client.close();
    }
}
