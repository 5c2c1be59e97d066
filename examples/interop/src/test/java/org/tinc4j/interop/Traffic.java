package org.tinc4j.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tinc4j.testkit.ChildProcess;

/** What goes through the mesh: the kernels' own pings and TCP connections, from one namespace to another. */
final class Traffic {

    private static final int PORT = 5001;

    /** What Ethernet takes less IPv4 (20), UDP (8), the two node ids (12), and sequence number, type and tag (21). */
    private static final int ETHERNET_PATH_MTU = 1500 - 20 - 8 - 12 - 21;

    private static final int FLOWING_PACKETS = 10_000;
    private static final Pattern SUMMARY = Pattern.compile("(\\d+) packets transmitted, (\\d+) received");

    private Traffic() {}

    /**
     * What became of echo requests.
     *
     * @param sent how many there were
     * @param received how many were answered
     */
    record Pings(int sent, int received) {
        int lost() {
            return sent - received;
        }
    }

    /**
     * What became of a TCP stream.
     *
     * @param seed what its bytes were made from
     * @param sent count and SHA-256 at the sender
     * @param received count and SHA-256 at the receiver
     */
    record Stream(long seed, String sent, String received) {}

    /** Sends echo requests, five a second. */
    static Pings ping(MeshNode from, String address, int count) {
        return ping(from, address, count, 56);
    }

    /**
     * Sends echo requests that must not be fragmented, five a second.
     *
     * @param payloadBytes what follows the ICMP header
     */
    static Pings ping(MeshNode from, String address, int count, int payloadBytes) {
        String output = from.site().netns().run(
                "ping", "-n", "-q", "-M", "do", "-i", "0.2", "-W", "3",
                "-c", Integer.toString(count), "-s", Integer.toString(payloadBytes), address).output();
        Matcher summary = SUMMARY.matcher(output);
        if (!summary.find()) {
            throw new IllegalStateException("ping from " + from.name() + " to " + address + " says: " + output);
        }
        return new Pings(Integer.parseInt(summary.group(1)), Integer.parseInt(summary.group(2)));
    }

    /** Waits until an echo request is answered, over IPv4: the first ones of a pair of nodes are lost while they agree on keys. */
    static void awaitPing(MeshNode from, MeshNode to, Duration limit) {
        await(from.name() + " pings " + to.name())
                .atMost(limit)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> ping(from, to.site().overlay4(), 1).received() == 1);
    }

    /** Sends a stream as fast as it goes and demands that it arrives unharmed. */
    static void stream(MeshNode from, MeshNode to, long bytes) {
        stream(from, to, to.site().overlay4(), bytes, 0);
    }

    /**
     * Sends a stream and demands that it arrives unharmed.
     *
     * @param address of the receiver
     * @param bytes how many
     * @param rate bytes per second; 0 is as fast as it goes
     */
    static void stream(MeshNode from, MeshNode to, String address, long bytes, long rate) {
        Stream stream = send(from, to, address, bytes, rate);
        assertThat(stream.received())
                .as("stream of seed %d from %s to %s", stream.seed(), from.name(), to.name())
                .isEqualTo(stream.sent());
        assertThat(stream.sent()).startsWith(bytes + " ");
    }

    /** Waits until everything goes to a node straight and by UDP, over IPv4. Before that some goes by TCP, and not all that is fast arrives. */
    static void awaitUdp(JavaNode from, MeshNode to, Duration limit) {
        await("UDP from " + from.name() + " to " + to.name()).atMost(limit).pollInterval(Duration.ofMillis(100)).until(() -> {
            ping(from, to.site().overlay4(), 1); // Probing is driven by traffic.
            return from.view(to).orElseThrow().pmtuBytes() == ETHERNET_PATH_MTU;
        });
    }

    /** Starts a stream as {@link #stream(MeshNode, MeshNode, long)} does, and waits until it flows. */
    static CompletableFuture<Void> flowing(JavaNode from, MeshNode to, long bytes, Duration limit) {
        long before = from.packetsTo(to);
        CompletableFuture<Void> stream =
                CompletableFuture.runAsync(() -> stream(from, to, bytes), task -> Thread.ofPlatform().start(task));
        await("a stream from " + from.name() + " to " + to.name())
                .atMost(limit)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> from.packetsTo(to) >= before + FLOWING_PACKETS || stream.isDone());
        return stream;
    }

    private static Stream send(MeshNode from, MeshNode to, String address, long bytes, long rate) {
        long seed = ThreadLocalRandom.current().nextLong();
        List<String> receive = JavaProgram.command(StreamProcess.class, "receive", Integer.toString(PORT));
        List<String> send = JavaProgram.command(
                StreamProcess.class, "send", address, Integer.toString(PORT), Long.toString(bytes), Long.toString(seed), Long.toString(rate));
        try (ChildProcess receiver = ChildProcess.start(to.site().netns().wrap(receive), to.site().directory().resolve("receiver.log"));
                BufferedReader received = receiver.process().inputReader(StandardCharsets.UTF_8)) {
            assertThat(received.readLine()).as("receiver in %s", to.site().netns()).isEqualTo(NodeProcess.READY);
            try (ChildProcess sender = ChildProcess.start(from.site().netns().wrap(send), from.site().directory().resolve("sender.log"));
                    BufferedReader sent = sender.process().inputReader(StandardCharsets.UTF_8)) {
                String sentResult = sent.readLine();
                assertThat(sentResult).as("sender of seed %d in %s: %s", seed, from.site().netns(), sender.logText()).isNotNull();
                return new Stream(seed, sentResult, received.readLine());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Sends a stream from a socket of a node without an interface to the kernel of another, and demands that it arrives unharmed.
     *
     * @param host an address or a node's name
     */
    static void streamFromSocket(JavaNode from, MeshNode to, String host, long bytes) {
        List<String> receive = JavaProgram.command(StreamProcess.class, "receive", Integer.toString(PORT));
        try (ChildProcess receiver = ChildProcess.start(to.site().netns().wrap(receive), to.site().directory().resolve("receiver.log"));
                BufferedReader received = receiver.process().inputReader(StandardCharsets.UTF_8)) {
            assertThat(received.readLine()).as("receiver in %s", to.site().netns()).isEqualTo(NodeProcess.READY);
            String sent = from.ask("send " + host + " " + PORT + " " + bytes + " " + bytes).getFirst();
            assertThat(received.readLine()).as("stream from %s to %s", from.name(), host).isEqualTo(sent).startsWith(bytes + " ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a server program on the host of a node, and waits until it says that it is ready. */
    static ChildProcess serve(Class<?> program, MeshNode on, int port) {
        ChildProcess server = ChildProcess.start(
                on.site().netns().wrap(JavaProgram.command(program, Integer.toString(port))), on.site().directory().resolve("server.log"));
        try {
            // Not closed: the stream is the process's.
            assertThat(server.process().inputReader(StandardCharsets.UTF_8).readLine()).as(server.logText()).isEqualTo(NodeProcess.READY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return server;
    }

    /** Sends a stream from the kernel of a node to a socket of one without an interface, and demands that it arrives unharmed. */
    static void streamToSocket(MeshNode from, JavaNode to, String address, int port, long bytes) {
        to.ask("listen " + port);
        CompletableFuture<String> received = CompletableFuture.supplyAsync(() -> to.ask("receive").getFirst());
        List<String> send = JavaProgram.command(
                StreamProcess.class, "send", address, Integer.toString(port), Long.toString(bytes), Long.toString(bytes), "0");
        try (ChildProcess sender = ChildProcess.start(from.site().netns().wrap(send), from.site().directory().resolve("sender.log"));
                BufferedReader sent = sender.process().inputReader(StandardCharsets.UTF_8)) {
            String sentResult = sent.readLine();
            assertThat(sentResult).as("sender in %s: %s", from.site().netns(), sender.logText()).startsWith(bytes + " ");
            assertThat(received.join()).as("stream from %s to %s", from.name(), address).isEqualTo(from.name() + " " + sentResult);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends messages of many lengths and demands that each comes back unharmed, over TCP and UDP. */
    static void echo(MeshNode from, MeshNode to, String address) {
        List<String> serve = JavaProgram.command(EchoProcess.class, "serve", Integer.toString(PORT));
        List<String> check = JavaProgram.command(EchoProcess.class, "check", address, Integer.toString(PORT));
        try (ChildProcess server = ChildProcess.start(to.site().netns().wrap(serve), to.site().directory().resolve("echo.log"));
                BufferedReader ready = server.process().inputReader(StandardCharsets.UTF_8)) {
            assertThat(ready.readLine()).as("echo server in %s", to.site().netns()).isEqualTo(NodeProcess.READY);
            try (ChildProcess client = ChildProcess.start(from.site().netns().wrap(check), from.site().directory().resolve("check.log"));
                    BufferedReader result = client.process().inputReader(StandardCharsets.UTF_8)) {
                long datagrams = Arrays.stream(EchoProcess.lengths()).filter(length -> length <= EchoProcess.MAX_DATAGRAM).count();
                assertThat(result.readLine())
                        .as("echoes from %s to %s that were equal; %s", from.name(), to.name(), client.logText())
                        .isEqualTo(Long.toString(EchoProcess.lengths().length + datagrams));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
