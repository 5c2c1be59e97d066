package org.tinc4j.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.tinc4j.Capabilities;
import org.tinc4j.CipherSuite;
import org.tinc4j.Device;
import org.tinc4j.NodeStatus;
import org.tinc4j.Offload;
import org.tinc4j.Tinc;
import org.tinc4j.TincNode;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.event.TincEvent;

/**
 * Main program of a {@link JavaNode}: a node from a tinc directory with a kernel TUN, which answers requests on standard input.
 *
 * <pre>
 * arguments   directory address/prefix... -OFFLOAD... +OFFLOAD... !REFUSAL...; without an address it has no interface, but sockets in the
 *             process; each {@link Refusal} holds before it starts
 * output      READY once started, then per request its answer and a line with a full stop
 * nodes       per node: name reachable nexthop via udpConfirmed pmtu keysEstablished cipher
 * renewals X  how often data keys with X were renewed
 * ping X      pong and microseconds, or lost
 * packets X   how many went to X and came from it
 * capabilities per offload its name and {@value #ACTIVE}, or why it is off
 * drops       per reason how many packets
 * refuse R    from now on the kernel refuses {@link Refusal} R
 * whoami      user id and effective capabilities of this process
 * send A P N S sends N bytes of seed S to port P of address or node A: their count and hash
 * listen P    listens on a port of the mesh
 * receive     takes one connection there and reads it to its end: who it came from, count and hash
 * jdk URL     an HTTP request by that client, also okhttp and apache: status and length
 * postgres A P what {@link Clients#postgres} answers
 * trust C     TLS of this process trusts certificate C and no other
 * fetch URL   what {@link Fetch#all} answers, or why it fails; fetch-by-proxy-selector is by a client made here
 * jetty P S   serves pages at two ports of the mesh by Jetty, the second with TLS
 * apache-server P serves pages at a port of the mesh by Apache HttpCore
 * deny P      denies everybody that port for TCP
 * denied      whom it was denied: node, protocol and port
 * flows       answers all {@link Flow}s; dial-flows A dials them at address A, and answers what {@link Flows#dial} does;
 *             flow-failures is what failed on this side
 * quit        closes the node; so does the end of the input
 * </pre>
 */
final class NodeProcess {

    /** Says that the node runs. */
    static final String READY = "READY";

    private static final Duration CONNECT = Duration.ofSeconds(10);

    /** Says that an offload is in use. */
    static final String ACTIVE = "active";

    /** Ends an answer. */
    static final String END = ".";

    private final TincNode node;
    private final Map<String, Integer> renewals;
    private final PrintStream out;
    private final Queue<String> denied;
    private final Clients clients;
    private final Servers servers;
    private ServerSocket listening;
    private Flows flows;

    private NodeProcess(TincNode node, Path directory, Map<String, Integer> renewals, Queue<String> denied, PrintStream out) {
        this.node = node;
        this.renewals = renewals;
        this.denied = denied;
        this.out = out;
        this.clients = new Clients(node);
        this.servers = new Servers(node, directory);
    }

    /** Runs the node until the input ends. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        Device.Kernel kernel = Device.kernel().name("tun0");
        DataPathOptions offloads = DataPathOptions.DEFAULT;
        for (String argument : List.of(arguments).subList(1, arguments.length)) {
            switch (argument.charAt(0)) {
                case '-' -> offloads = offloads.without(Offload.valueOf(argument.substring(1)));
                case '+' -> offloads = offloads.with(Offload.valueOf(argument.substring(1)));
                case '!' -> Refusal.valueOf(argument.substring(1)).impose();
                default -> kernel = kernel.address(argument);
            }
        }
        Device device = kernel.addresses().isEmpty() ? Device.inProcess() : kernel;
        DataPathOptions dataPath = offloads;
        Map<String, Integer> renewals = new ConcurrentHashMap<>();
        Queue<String> denied = new ConcurrentLinkedQueue<>();
        try (TincNode node = Tinc.load(directory)
                .device(device)
                .dataPath(options -> dataPath)
                .listener(event -> note(event, renewals, denied))
                .start()) {
            Runtime.getRuntime().addShutdownHook(new Thread(node::close, "close node"));
            PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
            out.println(READY);
            new NodeProcess(node, directory, renewals, denied, out)
                    .serve(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
        }
        System.exit(0); // Servers have threads that would go on.
    }

    private static void note(TincEvent event, Map<String, Integer> renewals, Queue<String> denied) {
        if (event instanceof TincEvent.KeyRenewed renewed && renewed.renewal()) {
            renewals.merge(renewed.node().value(), 1, Integer::sum);
        }
        if (event instanceof TincEvent.AccessDenied attempt) {
            denied.add(attempt.node() + " " + attempt.protocol() + " " + attempt.port());
        }
    }

    private void serve(BufferedReader in) throws Exception {
        for (String line = in.readLine(); line != null && !line.equals("quit"); line = in.readLine()) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "nodes" -> node.status().nodes().forEach(peer -> out.println(text(peer)));
                case "renewals" -> out.println(renewals.getOrDefault(words[1], 0));
                case "ping" -> out.println(ping(words[1]));
                case "packets" -> out.println(packets(words[1]));
                case "capabilities" -> printCapabilities();
                case "drops" -> node.status().drops().forEach((reason, count) -> out.println(reason + " " + count));
                case "refuse" -> Refusal.valueOf(words[1]).impose();
                case "whoami" -> out.println(whoAmI());
                case "send" -> out.println(send(words));
                case "listen" -> listening = node.listen(Integer.parseInt(words[1]));
                case "receive" -> out.println(receive());
                case "jdk" -> out.println(clients.jdk(words[1]));
                case "okhttp" -> out.println(clients.okHttp(words[1]));
                case "apache" -> out.println(clients.apache(words[1]));
                case "postgres" -> out.println(clients.postgres(words[1], Integer.parseInt(words[2])));
                case "trust" -> SSLContext.setDefault(SelfSigned.trusting(words[1]));
                case "fetch" -> out.println(clients.fetch(words[1]));
                case "fetch-by-proxy-selector" -> out.println(clients.fetchByProxySelector(words[1]));
                case "jetty" -> servers.jetty(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
                case "apache-server" -> servers.apache(Integer.parseInt(words[1]));
                case "deny" -> node.access(access -> access.deny(org.tinc4j.net.Traffic.any().tcp(Integer.parseInt(words[1]))));
                case "denied" -> denied.forEach(out::println);
                case "flows" -> flows = new Flows(StackSockets.of(node));
                case "dial-flows" -> out.println(flows.dial(words[1]));
                case "flow-failures" -> flows.failures().forEach(out::println);
                default -> throw new IllegalArgumentException("unknown request \"" + line + "\"");
            }
            out.println(END);
        }
    }

    private String packets(String peer) {
        NodeStatus.Counters counters = node.status().node(peer).orElseThrow().counters();
        return counters.packetsOut() + " " + counters.packetsIn();
    }

    private void printCapabilities() {
        Capabilities capabilities = node.status().capabilities();
        capabilities.active().forEach(offload -> out.println(offload + " " + ACTIVE));
        capabilities.inactive().forEach((offload, reason) -> out.println(offload + " " + reason));
    }

    private static String whoAmI() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("Uid:") || line.startsWith("CapEff:"))
                .map(line -> line.split("\\s+")[1])
                .collect(Collectors.joining(" "));
    }

    private String send(String[] words) throws IOException {
        MessageDigest digest = sha256();
        SplittableRandom random = new SplittableRandom(Long.parseLong(words[4]));
        try (Socket socket = node.connect(words[1], Integer.parseInt(words[2]), CONNECT)) {
            long count = StreamProcess.send(socket, Long.parseLong(words[3]), random, 0, digest);
            return count + " " + HexFormat.of().formatHex(digest.digest());
        }
    }

    private String receive() throws IOException {
        MessageDigest digest = sha256();
        try (ServerSocket server = listening; Socket socket = server.accept()) {
            long count = StreamProcess.receive(socket, digest);
            return node.whoIs(socket).orElseThrow() + " " + count + " " + HexFormat.of().formatHex(digest.digest());
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private String ping(String peer) throws IOException, InterruptedException {
        Optional<Duration> roundTrip = node.ping(peer);
        return roundTrip.map(time -> "pong " + time.toNanos() / 1000).orElse("lost");
    }

    private static String text(NodeStatus.PeerStatus peer) {
        return String.join(
                " ",
                peer.name().value(),
                Boolean.toString(peer.reachable()),
                peer.nexthop().map(Object::toString).orElse("-"),
                peer.via().map(Object::toString).orElse("-"),
                Boolean.toString(peer.udpConfirmed()),
                Integer.toString(peer.pmtuBytes()),
                Boolean.toString(peer.keysEstablished()),
                peer.cipher().map(CipherSuite::label).orElse("-"));
    }
}
