package org.tinc4j.impl.proxy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The server's side of an HTTP proxy: tunnels by CONNECT, and plain requests, one for each connection. What a client sends behind its request
 * is read and thrown away: the response says that the connection is closed, so the client sends it anew.
 *
 * <p>It adds no Via: it is a part of the client, whose only way into the mesh it is, and servers would take that for a reason not to compress.
 *
 * <p><b>Source.</b> RFC 9110 sections 7.6, 9.3.6 and 11.7; RFC 9112 sections 3.2, 6 and 9.6.
 */
final class HttpProxy {

    private static final int HTTP_PORT = 80;

    private HttpProxy() {}

    /** Serves a connection to its end. */
    static void serve(ProxyClient client) throws IOException {
        HttpHead head;
        try {
            head = HttpHead.read(client.in);
        } catch (ProtocolException e) {
            refuse(client, "400 Bad Request", "");
            return;
        }
        String[] parts = head.first().split(" ");
        if (parts.length != 3) {
            refuse(client, "400 Bad Request", "");
        } else if (!parts[2].equals("HTTP/1.1") && !parts[2].equals("HTTP/1.0")) {
            refuse(client, "505 HTTP Version Not Supported", "");
        } else if (!authorised(client, head) && !client.isOfThisProcess()) {
            refuse(client, "407 Proxy Authentication Required, see MeshSockets.proxyCredentials", "Proxy-Authenticate: Basic realm=\"tinc4j\"\r\n");
        } else if (parts[0].equals("CONNECT")) {
            tunnel(client, parts[1]);
        } else {
            forward(client, head, parts);
        }
    }

    /** By Basic; or by Bearer and the password alone, since clients are made that send no Basic to a tunnel. */
    private static boolean authorised(ProxyClient client, HttpHead head) {
        List<String> given = head.all("proxy-authorization");
        String[] words = given.size() == 1 ? given.getFirst().split(" +") : new String[0];
        if (words.length != 2) {
            return false;
        }
        if (words[0].equalsIgnoreCase("Bearer")) {
            return client.knows(words[1]);
        }
        try {
            String pair = new String(Base64.getDecoder().decode(words[1]), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return words[0].equalsIgnoreCase("Basic") && colon >= 0 && client.knows(pair.substring(0, colon), pair.substring(colon + 1));
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
        HttpBody body;
        try {
            target = new URI(parts[1]);
            body = HttpBody.ofRequest(head);
        } catch (URISyntaxException | ProtocolException e) {
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
                // An older version is passed on as it is: the response then has a form that the client knows.
                server.getOutputStream().write(head.forwarded(parts[0] + " " + origin(parts[0], target) + " " + parts[2], hostAndPort));
                exchange(client, server, body, parts);
            }
        }
    }

    private static String origin(String method, URI target) {
        if (target.getRawQuery() != null) {
            return (target.getRawPath().isEmpty() ? "/" : target.getRawPath()) + "?" + target.getRawQuery();
        }
        // RFC 9112 section 3.2.4: for OPTIONS with an empty path "the last proxy on the request chain MUST send a request-target of "*"".
        return !target.getRawPath().isEmpty() ? target.getRawPath() : method.equals("OPTIONS") ? "*" : "/";
    }

    private static void exchange(ProxyClient client, Socket server, HttpBody body, String[] request) throws IOException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        server.setKeepAlive(true);
        client.threads().accept("proxy request", () -> {
            ask(client, server, body, answered);
            asked.countDown();
        });
        try {
            answer(client, server, request);
            answered.countDown();
            asked.await(ProxyClient.LINGER.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // The node is closing.
        } finally {
            answered.countDown();
        }
    }

    /** Passes the body on, then looks for the client's end. */
    private static void ask(ProxyClient client, Socket server, HttpBody body, CountDownLatch answered) {
        try (OutputStream nowhere = OutputStream.nullOutputStream()) {
            body.copy(client.in, server.getOutputStream());
            client.in.transferTo(nowhere);
        } catch (IOException e) {
            // The client broke off, or the server takes no more, and may have answered all the same.
        }
        try {
            server.shutdownOutput();
            if (!answered.await(Relay.PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                server.close(); // Nobody may be waiting any more.
            }
        } catch (IOException e) {
            // It is closed already.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // The node is closing.
        }
    }

    /** Passes interim responses and one final one on. */
    private static void answer(ProxyClient client, Socket server, String[] request) throws IOException {
        InputStream in = new BufferedInputStream(server.getInputStream());
        HttpHead response;
        HttpBody body;
        try {
            response = HttpHead.read(in);
            while (status(response) < 200) {
                // RFC 9110 section 15.2: "a server MUST NOT send a 1xx response to an HTTP/1.0 client".
                if (request[2].equals("HTTP/1.1")) {
                    client.write(response.unchanged());
                }
                response = HttpHead.read(in);
            }
            body = HttpBody.ofResponse(response, request[0], status(response));
        } catch (IOException e) {
            client.write(refusal("502 Bad Gateway", ""));
            client.socket.shutdownOutput();
            return;
        }
        client.write(response.forwarded());
        body.copy(in, client.socket.getOutputStream());
        client.socket.shutdownOutput();
    }

    private static int status(HttpHead response) throws ProtocolException {
        String[] parts = response.first().split(" ", 3);
        if (parts.length < 2 || !parts[0].startsWith("HTTP/1.") || !parts[1].matches("[1-5][0-9][0-9]")) {
            throw new ProtocolException("no status line");
        }
        return Integer.parseInt(parts[1]);
    }

    private static void refuse(ProxyClient client, String status, String field) throws IOException {
        client.end(refusal(status, field));
    }

    private static byte[] refusal(String status, String field) {
        String text = "HTTP/1.1 " + status + "\r\n" + field + "Content-Length: 0\r\nConnection: close\r\n\r\n";
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
