package org.tinc4j.interop;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * Gets and posts {@link Pages} with the JDK's client. Main program of a client over the sockets of its host, too: arguments are the address
 * of the server and the certificate to trust; prints what {@link #all} answers.
 */
final class Fetch {

    /** Nothing, one byte, around the buffers of everything on the way, and much. */
    private static final int[] SIZES = {0, 1, 1_400, 65_535, 300_000, 4_000_000};

    /** How many requests at once. */
    private static final int AT_ONCE = 20;

    /** How long their pages are. */
    private static final String AT_ONCE_PAGE = "/100000";

    /** What {@link #all} answers of a client and server that get everything right. */
    static final int REQUESTS = 2 * SIZES.length + 2 * AT_ONCE;

    private Fetch() {}

    /** Runs the client. */
    public static void main(String[] arguments) throws IOException, InterruptedException, GeneralSecurityException {
        try (HttpClient client = HttpClient.newBuilder().sslContext(SelfSigned.trusting(arguments[1])).build()) {
            System.out.println(all(client, arguments[0]));
        }
    }

    /**
     * Gets and posts pages one after the other, then many at once.
     *
     * @return in words: protocols spoken; how many bodies were equal; connections used for one after the other; those used in all; what node
     *         the server took this one for
     */
    static String all(HttpClient client, String server) throws IOException, InterruptedException {
        Outcome outcome = new Outcome();
        for (int size : SIZES) {
            for (HttpRequest request : both(server + "/" + size)) {
                outcome.add(client.send(request, HttpResponse.BodyHandlers.ofByteArray()));
            }
        }
        int connections = outcome.connections.size();
        List<CompletableFuture<HttpResponse<byte[]>>> atOnce = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            for (HttpRequest request : both(server + AT_ONCE_PAGE)) {
                atOnce.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray()));
            }
        }
        atOnce.forEach(response -> outcome.add(response.join()));
        return String.join(" ",
                String.join("+", outcome.protocols), Integer.toString(outcome.equal), Integer.toString(connections),
                Integer.toString(outcome.connections.size()), String.join("+", outcome.peers));
    }

    private static List<HttpRequest> both(String page) {
        URI uri = URI.create(page);
        return List.of(
                HttpRequest.newBuilder(uri).GET().build(),
                HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofByteArray(Pages.of(uri.getPath()))).build());
    }

    private static final class Outcome {
        final Set<String> protocols = new TreeSet<>();
        final Set<String> connections = new TreeSet<>();
        final Set<String> peers = new TreeSet<>();
        int equal;

        void add(HttpResponse<byte[]> response) {
            protocols.add(response.version().name());
            response.headers().firstValue(Pages.SEEN).ifPresent(connections::add);
            response.headers().firstValue(Pages.PEER).ifPresent(peers::add);
            boolean isGet = response.request().method().equals("GET");
            int status = isGet ? Pages.judge(response.uri().getPath(), response.body()) : response.statusCode();
            if (response.statusCode() == Pages.EQUAL && status == Pages.EQUAL) {
                equal++;
            }
        }
    }
}
