package org.tinc4j.examples.quickstart;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.tinc4j.NodeName;
import org.tinc4j.NodeStatus.PeerStatus;
import org.tinc4j.Subnet;
import org.tinc4j.TincNode;

/**
 * Starts three nodes, shows how they find each other, and sends data over the mesh.
 *
 * <p>Exit code 0 if everything that was printed is true; else 1, and the last line says what is not.
 */
public final class Quickstart {

    private static final long TRANSFER_BYTES = 32L << 20;

    /** A path takes packets 14 bytes shorter than its MTU: tinc counts an Ethernet header in addition. */
    private static final int NEEDED_MTU_BYTES = TransferPacket.MAX_BYTES + 14;

    private static final int PINGS = 9;

    private final Screen screen;
    private final long transferBytes;

    Quickstart(Screen screen, long transferBytes) {
        this.screen = screen;
        this.transferBytes = transferBytes;
    }

    /**
     * Runs it.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        Screen.Kind kind = System.console() == null ? Screen.Kind.PIPE : Screen.Kind.TERMINAL;
        System.exit(new Quickstart(new Screen(System.out, kind), TRANSFER_BYTES).run());
    }

    /** The whole story; returns the exit code. */
    int run() {
        long start = System.nanoTime();
        screen.line("tinc4j quickstart: three nodes in one JVM, no privileges");
        try (ThreeNodes nodes = ThreeNodes.start()) {
            showNodes(nodes);
            nodes.awaitMesh();
            screen.heading("Mesh formed in " + Screen.seconds(since(start)) + ": each node reaches both others.");
            long formed = System.nanoTime();
            nodes.awaitDirectPaths(NEEDED_MTU_BYTES);
            screen.heading("Paths found in " + Screen.seconds(since(formed)) + ": alpha and beta met through gamma, and each pinged each.");
            showPaths(nodes);
            screen.heading("A page of gamma's, fetched by alpha over the mesh:");
            showPage(nodes);
            screen.heading("Transfer from alpha to beta, " + (transferBytes >> 20) + " MiB in IP packets:");
            showTransfer(nodes);
        } catch (StepFailedException | IOException e) {
            screen.heading("Failed: " + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            screen.heading("Failed: interrupted");
            return 1;
        }
        screen.heading("All nodes closed; everything above is true. " + Screen.seconds(since(start)));
        return 0;
    }

    private static Duration since(long startNanos) {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    private void showNodes(ThreeNodes nodes) {
        List<List<String>> rows = new ArrayList<>();
        for (TincNode node : nodes.all()) {
            InetSocketAddress address = ThreeNodes.address(node);
            rows.add(List.of(
                    node.name().value(),
                    address.getAddress().getHostAddress() + ":" + address.getPort(),
                    node.status().node(node.name().value()).stream()
                            .flatMap(self -> self.subnets().stream())
                            .map(Subnet::toString)
                            .collect(Collectors.joining(" ")),
                    node.status().device().kind()));
        }
        screen.line("");
        screen.table(0, List.of("node", "listens on", "owns", "device"), rows);
    }

    private void showPaths(ThreeNodes nodes) throws IOException, InterruptedException, StepFailedException {
        List<List<String>> rows = new ArrayList<>();
        for (TincNode from : nodes.all()) {
            for (TincNode to : nodes.all()) {
                if (from != to) {
                    PeerStatus path = ThreeNodes.path(from, to);
                    rows.add(List.of(
                            from.name().value(),
                            to.name().value(),
                            path.reachable() ? "yes" : "no",
                            path.path().name().toLowerCase(Locale.ROOT),
                            path.nexthop().map(NodeName::value).orElse("none"),
                            path.pmtuBytes() + " B",
                            Screen.millis(medianPing(from, to))));
                }
            }
        }
        screen.table(2, List.of("from", "to", "reachable", "data goes", "gossip via", "MTU proven", "median ping"), rows);
    }

    private static Duration medianPing(TincNode from, TincNode to) throws IOException, InterruptedException, StepFailedException {
        List<Duration> pings = new ArrayList<>();
        for (int i = 0; i < PINGS; i++) {
            pings.add(from.ping(to.name().value())
                    .orElseThrow(() -> new StepFailedException(to.name() + " did not answer a ping from " + from.name())));
        }
        pings.sort(null);
        return pings.get(PINGS / 2);
    }

    private void showPage(ThreeNodes nodes) throws IOException, InterruptedException, StepFailedException {
        Page page = Page.fetch(nodes.alpha(), nodes.gamma());
        screen.line("  GET " + page.address() + "  ->  " + page.status());
        screen.line("    " + page.body());
        if (!page.isFrom(nodes.gamma())) {
            throw new StepFailedException("what alpha fetched is not what gamma serves");
        }
    }

    private void showTransfer(ThreeNodes nodes) throws IOException, InterruptedException, StepFailedException {
        Transfer transfer;
        try {
            transfer = Transfer.run(
                    nodes.alpha(), nodes.beta(), transferBytes, done -> screen.progress(done, transferBytes));
        } finally {
            screen.progressEnds();
        }
        screen.line(String.format(
                Locale.ROOT,
                "  %,d bytes in %,d packets, %,d repeated",
                transfer.bytes(),
                transfer.packets(),
                transfer.repeated()));
        screen.line(String.format(
                Locale.ROOT, "  %s, %.1f MiB/s", Screen.seconds(transfer.time()), transfer.mebibytesPerSecond()));
        screen.line("  SHA-256 of what alpha sent, and of what arrived at beta:");
        screen.line("    " + transfer.sentHash());
        screen.line("    " + transfer.receivedHash());
        if (!transfer.intact()) {
            throw new StepFailedException("what arrived at beta is not what alpha sent: the hashes differ");
        }
    }
}
