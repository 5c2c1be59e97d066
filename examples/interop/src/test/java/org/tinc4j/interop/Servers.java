package org.tinc4j.interop;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.impl.bootstrap.ServerBootstrap;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.tinc4j.NodeName;
import org.tinc4j.TincNode;
import org.tinc4j.net.PortMapping;

/** Server libraries as they are, which serve {@link Pages} on the node's ports. They end with the process. */
final class Servers {

    private final TincNode node;
    private final Path directory;

    /** None yet; the directory is that of the node's configuration. */
    Servers(TincNode node, Path directory) {
        this.node = node;
        this.directory = directory;
    }

    /** Jetty, which wants an address: it listens on loopback, and two ports of the mesh are forwarded there. */
    void jetty(int port, int tlsPort) throws Exception {
        List<PortMapping> mappings = new ArrayList<>();
        JettyServer server = new JettyServer("127.0.0.1", directory, seen -> peer(seen, mappings)).start();
        mappings.add(node.forward(port, server.plain()));
        mappings.add(node.forward(tlsPort, server.tls()));
    }

    private String peer(SocketAddress seen, List<PortMapping> mappings) {
        return mappings.stream()
                .flatMap(mapping -> mapping.origin((InetSocketAddress) seen).stream())
                .flatMap(origin -> node.whoIs(origin.getAddress()).stream())
                .map(NodeName::value)
                .findFirst().orElse("nobody");
    }

    /** Apache HttpCore, which takes a factory of server sockets: it listens on the mesh itself. */
    void apache(int port) throws IOException {
        ServerBootstrap.bootstrap()
                .setServerSocketFactory(node.serverSocketFactory())
                .setListenerPort(port)
                .setRequestRouter((request, context) -> this::serve) // By whatever name it is asked for.
                .create()
                .start();
    }

    private void serve(ClassicHttpRequest request, ClassicHttpResponse response, HttpContext context) throws IOException {
        InetSocketAddress seen = (InetSocketAddress) HttpCoreContext.cast(context).getEndpointDetails().getRemoteAddress();
        response.setHeader(Pages.SEEN, seen);
        response.setHeader(Pages.PEER, node.whoIs(seen.getAddress()).map(NodeName::value).orElse("nobody"));
        if (request.getMethod().equals("GET")) {
            response.setEntity(new ByteArrayEntity(Pages.of(request.getPath()), ContentType.APPLICATION_OCTET_STREAM));
        } else {
            response.setCode(Pages.judge(request.getPath(), EntityUtils.toByteArray(request.getEntity())));
        }
    }
}
