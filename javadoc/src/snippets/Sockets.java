import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.tinc4j.TincNode;
import org.tinc4j.net.Access;
import org.tinc4j.net.PortMapping;
import org.tinc4j.net.Traffic;

/** Sockets on the mesh. */
final class Sockets {

    private Sockets() {}

    static void connect(TincNode node) throws IOException {
        // @start region="connect"
        try (Socket socket = node.connect("billing", 7000, Duration.ofSeconds(5))) {
            socket.getOutputStream().write(1);
        }
        try (ServerSocket server = node.listen(7000); Socket client = server.accept()) {
            System.out.println("connected: " + node.whoIs(client).orElseThrow());
        }
        // @end
    }

    static void http(TincNode node) throws IOException, InterruptedException {
        // @start region="http"
        try (PortMapping published = node.forward(80, new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080))) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://billing.corp/invoices")).build();
            System.out.println("published at " + published.address());
            System.out.println(node.httpClient().send(request, BodyHandlers.ofString()).body());
        }
        // @end
    }

    static void access(TincNode node) {
        // @start region="access"
        node.access(rules -> Access.denying()
                .allow(Traffic.from("billing").tcp(7000))
                .allow(Traffic.any().icmp())
                .refusal(Access.Refusal.SILENCE));
        // @end
    }
}
