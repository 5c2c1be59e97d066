package org.tinc4j.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.tinc4j.Offload;
import org.tinc4j.interop.Refusal.Notice;
import org.tinc4j.testkit.ChildProcess;

/** A kernel that really refuses: the node does without, says so once, and loses nothing. Beside it are a Java node and a C daemon. */
@RequiresTincd
@Timeout(120)
class RefusingKernelIT {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long BYTES = 16 << 20;

    /** More than a second, in which the test changes something. */
    private static final long LONG_BYTES = 192 << 20;

    /** What the node may take to find out that a link takes less; where it went byte by byte, a timeout of TCP each, it was 20 s. */
    private static final Duration SOON = Duration.ofSeconds(3);

    private static final int SMALLER_MTU = 1400;

    /** Less IPv4 (20), UDP (8), the two node ids (12), and sequence number, type and tag (21). */
    private static final int SMALLER_PATH_MTU = SMALLER_MTU - 20 - 8 - 12 - 21;

    @ParameterizedTest
    @CsvSource({"UDP_SEGMENT, UDP_GRO", "USO, TSO", "SENDMMSG, RECVMMSG"})
    void whatIsRefusedFromTheStartIsDoneWithout(Refusal toOne, Refusal toTwo) {
        try (Mesh mesh = Mesh.of("refusing")) {
            JavaNode one = mesh.java("one").refused(toOne);
            JavaNode two = mesh.java("two").refused(toTwo);
            start(mesh, one, two);
            streamBothWays(mesh);
            assertSaidOnce(one, toOne.notices());
            assertSaidOnce(two, toTwo.notices());
        }
    }

    /** Once for the interface, and once for the sockets. */
    @Test
    void aContainerWithoutIoUringGetsSystemCalls() {
        try (Mesh mesh = Mesh.of("refusing")) {
            JavaNode one = mesh.java("one").without(Set.of()).refused(Refusal.IO_URING);
            JavaNode two = mesh.java("two").without(Set.of());
            start(mesh, one, two);
            streamBothWays(mesh);
            Notice notice = Refusal.IO_URING.notices().getFirst();
            assertThat(one.capabilities()).containsEntry(Offload.IO_URING, notice.reason());
            assertThat(two.capabilities()).containsEntry(Offload.IO_URING, NodeProcess.ACTIVE);
            assertThat(linesOff(one, Offload.IO_URING))
                    .allSatisfy(line -> assertThat(line).contains(notice.reason() + " on ").endsWith("; " + notice.remedy()))
                    .satisfiesExactlyInAnyOrder(
                            line -> assertThat(line).contains(" on UDP "), line -> assertThat(line).contains(" on TUN "));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"RUNS", "RECVMMSG"})
    void whatIsRefusedWhileAStreamFlowsIsDoneWithout(Refusal refusal) {
        try (Mesh mesh = Mesh.of("refusing")) {
            JavaNode one = mesh.java("one");
            JavaNode two = mesh.java("two");
            start(mesh, one, two);
            List<String> drops = one.drops();
            CompletableFuture<Void> stream = Traffic.flowing(one, two, LONG_BYTES, LIMIT);
            one.ask("refuse " + refusal);
            assertThat(stream).as("the stream, when the refusals begin").isNotDone();
            assertThat(stream).succeedsWithin(LIMIT);
            assertThat(one.drops()).as("drops").isEqualTo(drops);
            streamBothWays(mesh);
            assertSaidOnce(one, refusal.notices());
        }
    }

    /** EMSGSIZE, as every datagram of that length would be told. */
    @Test
    void aLinkThatTakesLessRefusesTheLengthAndNotTheRun() {
        try (Mesh mesh = Mesh.of("refusing")) {
            JavaNode one = mesh.java("one");
            JavaNode two = mesh.java("two");
            mesh.dial(one, two).start(LIMIT);
            Traffic.awaitUdp(one, two, LIMIT);
            CompletableFuture<Void> stream = Traffic.flowing(one, two, LONG_BYTES, LIMIT);
            mesh.nodes().forEach(node -> mesh.lan().mtu(mesh.host(node), SMALLER_MTU));
            assertThat(stream).as("the stream, when the MTU changes").isNotDone();
            await("the path MTU").atMost(SOON).pollInterval(Duration.ofMillis(100)).until(
                    () -> one.view(two).orElseThrow().pmtuBytes() == SMALLER_PATH_MTU);
            assertThat(stream).succeedsWithin(LIMIT);
            streamBothWays(mesh);
            assertThat(one.capabilities()).containsEntry(Offload.UDP_SEGMENT, NodeProcess.ACTIVE);
        }
    }

    /** Linux before 6.11 says EIO then; later ones make the checksums themselves. */
    @Test
    void aDeviceWithoutChecksumsGetsDatagramsThatHaveThem() {
        try (Mesh mesh = Mesh.of("refusing")) {
            JavaNode one = mesh.java("one");
            JavaNode two = mesh.java("two");
            start(mesh, one, two);
            CompletableFuture<Void> stream = Traffic.flowing(one, two, LONG_BYTES, LIMIT);
            one.site().netns().require("ethtool", "-K", Lan.DEVICE, "tx", "off");
            assertThat(stream).as("the stream, when the device changes").isNotDone();
            assertThat(stream).succeedsWithin(LIMIT);
            streamBothWays(mesh);
            if (!one.capabilities().get(Offload.UDP_SEGMENT).equals(NodeProcess.ACTIVE)) {
                assertSaidOnce(one, List.of(Notice.ofRuns("EIO (5)")));
            }
        }
    }

    /** Starts both beside a C daemon. */
    private static void start(Mesh mesh, JavaNode one, JavaNode two) {
        CTincd daemon = mesh.tincd("daemon");
        mesh.dial(one, daemon).dial(two, daemon).dial(one, two);
        mesh.start(LIMIT);
        Ring.of(mesh).awaitPings(LIMIT);
        Traffic.awaitUdp(one, two, LIMIT);
    }

    /** Each node and each other one, over IPv4 one way and over IPv6 the other. */
    private static void streamBothWays(Mesh mesh) {
        Ring ring = Ring.of(mesh);
        ring.each((from, to) -> Traffic.stream(from, to, to.site().overlay4(), BYTES, 0));
        ring.reversed().each((from, to) -> Traffic.stream(from, to, to.site().overlay6(), BYTES, 0));
        ring.assertNoWrongChecksums();
    }

    private static void assertSaidOnce(JavaNode node, List<Notice> notices) {
        Map<Offload, String> capabilities = node.capabilities();
        for (Notice notice : notices) {
            assertThat(capabilities).containsEntry(notice.offload(), notice.reason());
            assertThat(linesOff(node, notice.offload()))
                    .singleElement()
                    .asString()
                    .contains(notice.reason() + " on ")
                    .endsWith("; " + notice.remedy());
        }
    }

    private static List<String> linesOff(JavaNode node, Offload offload) {
        return ChildProcess.read(node.site().log()).lines().filter(line -> line.contains(offload + " is off")).toList();
    }
}
