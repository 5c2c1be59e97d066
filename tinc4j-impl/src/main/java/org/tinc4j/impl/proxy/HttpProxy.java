package org.tinc4j.impl.proxy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The server's side of an HTTP proxy: tunnels by CONNECT, and plain requests, one for each connection.
 *
 * <p><b>Source.</b> RFC 9110 sections 7.6, 9.3.6 and 11.7; RFC 9112 section 3.2.2.
 */
final class HttpProxy {

    private static final int HTTP_PORT = 80;

    private HttpProxy() {}

    /** Serves a connection to its end. */
    static void serve(ProxyClient client) throws IOException {
        HttpHead head = HttpHead.read(client.in);
        String[] parts = head.first().split(" ");
        if (parts.length != 3) {
            refuse(client, "400 Bad Request", "");
        } else if (!client.isOfThisProcess() && !authorised(client, head)) {
            refuse(client, "407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=\"tinc4j\"\r\n");
        } else if (parts[0].equals("CONNECT")) {
            tunnel(client, parts[1]);
        } else {
            forward(client, head, parts);
        }
    }

    private static boolean authorised(ProxyClient client, HttpHead head) {
        String given = head.field("proxy-authorization").orElse("");
        if (!given.regionMatches(true, 0, "Basic ", 0, 6)) {
            return false;
        }
        try {
            String pair = new String(Base64.getDecoder().decode(given.substring(6).strip()), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon >= 0 && client.knows(pair.substring(0, colon), pair.substring(colon + 1));
        } catch (IllegalArgumentException e) {
            return false; // No Base64.
        }
    }

    private static void tunnel(ProxyClient client, String authority) throws IOException {
        int colon = authority.lastIndexOf(':');
        int port = colon < 0 ? -1 : port(authority.substring(colon + 1));
        if (port < 0) {
            refuse(client, "400 Bad Request", "");
            return;
        }
        try (Socket server = open(client, authority.substring(0, colon), port)) {
            if (server != null) {
                client.write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                client.relay(server);
            }
        }
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            return port > 0 && port < 65536 ? port : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Null if it cannot be opened, which the client is told. */
    private static Socket open(ProxyClient client, String host, int port) throws IOException {
        try {
            return client.connect(host, port);
        } catch (SocketTimeoutException e) {
            refuse(client, "504 Gateway Timeout", "");
        } catch (IOException e) {
            refuse(client, "502 Bad Gateway", "");
        }
        return null;
    }

    private static void forward(ProxyClient client, HttpHead head, String[] parts) throws IOException {
        URI target;
        try {
            target = new URI(parts[1]);
        } catch (URISyntaxException e) {
            refuse(client, "400 Bad Request", "");
            return;
        }
        String authority = target.getRawAuthority();
        if (!"http".equalsIgnoreCase(target.getScheme()) || authority == null) {
            refuse(client, "400 Bad Request", "");
            return;
        }
        String hostAndPort = authority.substring(authority.indexOf('@') + 1);
        int colon = hostAndPort.endsWith("]") ? -1 : hostAndPort.lastIndexOf(':');
        String host = colon < 0 ? hostAndPort : hostAndPort.substring(0, colon);
        int port = colon < 0 ? HTTP_PORT : port(hostAndPort.substring(colon + 1));
        if (port < 0) {
            refuse(client, "400 Bad Request", "");
            return;
        }
        try (Socket server = open(client, host, port)) {
            if (server != null) {
                String path = target.getRawPath().isEmpty() ? "/" : target.getRawPath();
                String query = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
                server.getOutputStream().write(head.forwarded(parts[0] + " " + path + query + " " + parts[2]));
                exchange(client, server);
            }
        }
    }

    /** Whatever else the client sends is the body of its request; what comes back is one response. */
    private static void exchange(ProxyClient client, Socket server) throws IOException {
        client.socket.setSoTimeout(0);
        client.threads.accept("proxy request", () -> {
            try {
                Relay.copy(client.in, server);
            } catch (IOException e) {
                // The response is over, or will not come.
            }
        });
        InputStream in = new BufferedInputStream(server.getInputStream());
        HttpHead response = HttpHead.read(in);
        while (isInterim(response)) {
            client.write(response.unchanged());
            response = HttpHead.read(in);
        }
        client.write(response.forwarded(response.first()));
        Relay.copy(in, client.socket);
    }

    private static boolean isInterim(HttpHead response) {
        String[] parts = response.first().split(" ");
        return parts.length > 1 && parts[1].startsWith("1");
    }

    private static void refuse(ProxyClient client, String status, String field) throws IOException {
        client.write(("HTTP/1.1 " + status + "\r\n" + field + "Content-Length: 0\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        client.socket.shutdownOutput();
    }
}
