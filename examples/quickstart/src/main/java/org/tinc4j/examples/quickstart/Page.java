package org.tinc4j.examples.quickstart;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.tinc4j.TincNode;
import org.tinc4j.net.PortMapping;

/** One node fetches a page from another by its name. Neither needs a privilege, and the server knows nothing of the mesh. */
record Page(URI address, int status, String body) {

    private static final int HTTP_PORT = 80;

    /**
     * Serves a page on one node and fetches it from another.
     *
     * @param client who fetches
     * @param server who serves: a web server on loopback, published on port 80 of the mesh
     */
    static Page fetch(TincNode client, TincNode server) throws IOException, InterruptedException {
        HttpServer web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/hello", exchange -> {
            byte[] body = ("Hello from " + server.name()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        web.start();
        try (PortMapping published = server.forward(HTTP_PORT, web.getAddress())) {
            URI address = URI.create("http://" + server.name() + ":" + published.address().getPort() + "/hello");
            HttpResponse<String> response = client.httpClient()
                    .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
            return new Page(address, response.statusCode(), response.body());
        } finally {
            web.stop(0);
        }
    }

    /** Whether it is the page that was served. */
    boolean isFrom(TincNode server) {
        return status == 200 && body.equals("Hello from " + server.name());
    }
}
