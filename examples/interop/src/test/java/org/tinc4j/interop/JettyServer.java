package org.tinc4j.interop;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Function;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Jetty with {@link Pages}: HTTP/1.1 at one port; at another TLS, and in it HTTP/2 or HTTP/1.1 as ALPN agrees. */
final class JettyServer {

    private final Server server = new Server();
    private final ServerConnector plain;
    private final ServerConnector tls;

    /**
     * A server that does not run yet.
     *
     * @param host where it listens, at any free ports
     * @param directory where {@link SelfSigned} put a key store
     * @param peer which node it was, by the address that was seen
     */
    JettyServer(String host, Path directory, Function<SocketAddress, String> peer) {
        plain = connector(host, new HttpConnectionFactory());
        tls = connector(host, overTls(directory));
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                SocketAddress seen = request.getConnectionMetaData().getRemoteSocketAddress();
                response.getHeaders().put(Pages.SEEN, seen.toString());
                response.getHeaders().put(Pages.PEER, peer.apply(seen));
                String path = Request.getPathInContext(request);
                if (request.getMethod().equals("GET")) {
                    byte[] page = Pages.of(path);
                    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, page.length);
                    response.write(true, ByteBuffer.wrap(page), callback);
                } else {
                    byte[] body = Content.Source.asInputStream(request).readAllBytes();
                    response.setStatus(Pages.judge(path, body));
                    callback.succeeded();
                }
                return true;
            }
        });
    }

    private ServerConnector connector(String host, ConnectionFactory... protocols) {
        ServerConnector connector = new ServerConnector(server, 1, 1, protocols);
        connector.setHost(host);
        server.addConnector(connector);
        return connector;
    }

    private static ConnectionFactory[] overTls(Path directory) {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.addCustomizer(new SecureRequestCustomizer());
        SslContextFactory.Server certificate = new SslContextFactory.Server();
        certificate.setKeyStorePath(SelfSigned.keyStore(directory).toString());
        certificate.setKeyStorePassword(SelfSigned.PASSWORD);
        ALPNServerConnectionFactory agreed = new ALPNServerConnectionFactory();
        agreed.setDefaultProtocol(HttpVersion.HTTP_1_1.asString());
        return new ConnectionFactory[] {
            new SslConnectionFactory(certificate, agreed.getProtocol()),
            agreed,
            new HTTP2ServerConnectionFactory(configuration),
            new HttpConnectionFactory(configuration)
        };
    }

    /** Starts it. */
    JettyServer start() throws Exception {
        server.start();
        return this;
    }

    /** Where it speaks HTTP/1.1 in clear text. */
    InetSocketAddress plain() {
        return new InetSocketAddress(plain.getHost(), plain.getLocalPort());
    }

    /** Where it speaks TLS. */
    InetSocketAddress tls() {
        return new InetSocketAddress(tls.getHost(), tls.getLocalPort());
    }
}
