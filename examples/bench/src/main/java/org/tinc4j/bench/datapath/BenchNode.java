package org.tinc4j.bench.datapath;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tinc4j.Device;
import org.tinc4j.NodeStatus;
import org.tinc4j.Tinc;
import org.tinc4j.TincNode;

/**
 * Main program of one tinc4j node of the data path benchmark: a kernel TUN, one peer. Answers requests on standard input.
 *
 * <pre>
 * arguments   variant name key-file listen-address port overlay-address peer peer-key peer-address
 * output      READY once packets of full size go to the peer by UDP, then one line for each request
 * wakeups     starts a virtual thread that sleeps 1 ms again and again: ok
 * wakeups end stops it: how late it woke, median, 99th percentile and largest, in microseconds
 * heap        bytes of heap in use after a collection
 * offloads    what is in use, and what is not and why
 * direct      waits until packets of full size go to the peer by UDP again: ok
 * drops       what the node dropped so far, by reason
 * listen received source                          see {@link StreamEnds}
 * goodput-listen goodput-received goodput-send    see {@link GoodputEnds}
 * quit        closes the node; so does the end of the input
 * </pre>
 */
final class BenchNode {

    /** Says that traffic may begin. */
    static final String READY = "READY";

    /** Instead of the peer's address: it will dial. */
    static final String ACCEPT_ONLY = "-";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The largest record on a wire of 1500 bytes. */
    private static final int RECORD_BYTES = 1439;

    private final TincNode node;
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final String peer;
    private final StreamEnds streams;
    private final GoodputEnds goodput;
    private WakeUps wakeUps;

    private BenchNode(TincNode node, String peer) {
        this.node = node;
        this.peer = peer;
        this.streams = new StreamEnds(node);
        this.goodput = new GoodputEnds(node);
    }

    /** Runs the node until the input ends. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        String peer = arguments[6];
        int port = Integer.parseInt(arguments[4]);
        try (TincNode node = Tinc.network("bench")
                .name(arguments[1])
                .key(Path.of(arguments[2]))
                .listen(arguments[3], port)
                .subnet(arguments[5] + "/32")
                .device(Variants.inProcess(arguments[0], arguments[1])
                        ? Device.inProcess()
                        : Device.kernel().name("tun0").address(arguments[5] + "/24"))
                .link(Variants.link(arguments[0]))
                .dataPath(unchanged -> Variants.dataPath(arguments[0]))
                .peer(peer, options -> {
                    options.publicKey(arguments[7]).cipher(Variants.cipher(arguments[0]));
                    if (!arguments[8].equals(ACCEPT_ONLY)) {
                        options.endpoint(arguments[8], port);
                    }
                })
                .start()) {
            Runtime.getRuntime().addShutdownHook(new Thread(node::close, "close node"));
            BenchNode bench = new BenchNode(node, peer);
            bench.awaitFullSize();
            bench.out.println(READY);
            bench.serve(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
        }
    }

    /** Until then larger packets go by TCP. Pings make keys, and give probes something to happen for. */
    private void awaitFullSize() throws IOException, InterruptedException {
        node.awaitReachable(peer, PATIENCE);
        Poll.until("a path MTU of " + RECORD_BYTES + " bytes to " + peer, PATIENCE, () -> {
            node.ping(peer);
            Optional<NodeStatus.PeerStatus> status = node.status().node(peer);
            return status.isPresent() && status.get().udpConfirmed() && status.get().pmtuBytes() >= RECORD_BYTES;
        });
    }

    private void serve(BufferedReader in) throws IOException, InterruptedException {
        for (String line = in.readLine(); line != null && !line.equals("quit"); line = in.readLine()) {
            out.println(answer(line));
        }
    }

    private String answer(String request) throws IOException, InterruptedException {
        String[] words = request.split(" ");
        return switch (words[0].equals("wakeups") ? request : words[0]) {
            case "listen" -> streams.listen(Integer.parseInt(words[1]));
            case "received" -> streams.received();
            case "source" -> streams.source(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]));
            case "goodput-listen" -> goodput.listen(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
            case "goodput-received" -> goodput.received();
            case "goodput-send" -> goodput.send(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]));
            case "direct" -> {
                awaitFullSize();
                yield "ok";
            }
            case "drops" -> node.status().drops().entrySet().stream().map(Object::toString).collect(Collectors.joining(" "));
            case "wakeups" -> {
                wakeUps = WakeUps.begin();
                yield "ok";
            }
            case "wakeups end" -> wakeUps.end();
            case "heap" -> Long.toString(heapBytes());
            case "offloads" -> node.status().capabilities().toString().replace('\n', ' ');
            default -> throw new IllegalArgumentException("unknown request \"" + request + "\"");
        };
    }

    private static long heapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
