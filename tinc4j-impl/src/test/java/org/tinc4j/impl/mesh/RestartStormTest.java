package org.tinc4j.impl.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.tinc4j.NodeStatus;
import org.tinc4j.testing.EphemeralMesh;
import org.tinc4j.testing.EphemeralNode;
import org.tinc4j.testing.MeshTopology;
import org.tinc4j.testing.MeshTopology.Dial;
import org.tinc4j.testing.MeshTrace;

/**
 * Many nodes that start together, lose each other together, and a hub that flaps: how many messages each node sends.
 *
 * <p>The bounds are those of {@link Announcements}. Before there was any damping, in these same meshes, the mean over 100 nodes was 3390
 * messages to start, 7550 to come together again, and 2300 for each flap of a hub connected to all of them, which itself sent 54600.
 */
class RestartStormTest {

    /** Handshake, PING, PONG, ACK, keys and probes of a connection in the time that is measured. */
    private static final int OTHER_MESSAGES = 40;

    /** Mostly edges; and what sealing adds. */
    private static final int MESSAGE_BYTES = 110;

    /** Of the trace: all of it is to be kept, and where 31 nodes flood each other the second flap of a hub makes more. */
    private static final int MOST_ENTRIES = 300_000;

    private final MeshHarness harness = new MeshHarness(31);
    private final List<int[]> dials = new ArrayList<>();

    private MeshTestNode node(int number) {
        return harness.nodes.get(new org.tinc4j.NodeName("n" + number));
    }

    private void nodesWithThreeConnectionsEach(int count) {
        harness.tracing = false;
        Random random = new Random(5);
        for (int i = 0; i < count; i++) {
            harness.node("n" + i);
        }
        for (int i = 0; i < count; i++) {
            for (int c = 0; c < 3; c++) {
                int other = random.nextInt(count - 1);
                dials.add(new int[] {i, other >= i ? other + 1 : other});
            }
        }
    }

    private void connectAll() {
        dials.forEach(ends -> harness.connect(node(ends[0]), node(ends[1])));
    }

    private void converge() {
        assertThat(harness.converge(Duration.ofSeconds(30))).isTrue();
        harness.run(Duration.ofSeconds(10));
    }

    private void countAnew() {
        harness.nodes.values().forEach(node -> {
            node.metaMessages = 0;
            node.metaBytes = 0;
        });
    }

    /** A stream that had to wait sends what waited in full segments; then there were more messages than segments. */
    private void assertEachSegmentWasAMessage() {
        assertThat(harness.nodes.values()).allSatisfy(node -> assertThat(node.longestSegmentBytes).isLessThan(1460));
    }

    private static int items(MeshTestNode node) {
        return node.mesh.state().edges.size() + node.mesh.state().subnetCount;
    }

    private static int connections(MeshTestNode node) {
        return node.mesh.state().activeSessions().size();
    }

    /** All connections are new: each thing crosses each of them once, or twice where both ends speak at the same time. */
    private void assertEachThingCrossedEachConnectionAboutOnce() {
        long sum = 0;
        long bound = 0;
        for (MeshTestNode node : harness.nodes.values()) {
            long most = (long) connections(node) * (items(node) + OTHER_MESSAGES);
            assertThat(node.metaMessages).as(node.name.value()).isLessThanOrEqualTo(2 * most);
            assertThat(node.metaBytes).isLessThanOrEqualTo(node.metaMessages * MESSAGE_BYTES);
            sum += node.metaMessages;
            bound += most;
        }
        // Each connection is counted at both of its ends.
        assertThat(sum).isLessThanOrEqualTo(bound * 3 / 4);
    }

    private void assertNothingIsKept() {
        assertEachSegmentWasAMessage();
        harness.run(Duration.ofSeconds(130));
        for (MeshTestNode node : harness.nodes.values()) {
            MeshState state = node.mesh.state();
            assertThat(state.announcements.quiet()).isTrue();
            assertThat(state.announcements.size()).isEqualTo(items(node));
            assertThat(state.seen.slots()).isZero();
            assertThat(state.edges.all()).isEqualTo(node(0).mesh.state().edges.all());
        }
    }

    /** A process that restarts remembers nothing, so to start together is to restart together. */
    @Test
    void aHundredNodesThatStartTogetherAndLoseEachOtherForAMoment() {
        nodesWithThreeConnectionsEach(100);
        connectAll();
        converge();
        assertEachThingCrossedEachConnectionAboutOnce();
        countAnew();
        List.copyOf(harness.nodes.values()).forEach(MeshTestNode::dropConnections);
        harness.run(Duration.ofMillis(10));
        converge();
        assertEachThingCrossedEachConnectionAboutOnce();
        assertNothingIsKept();
    }

    /** Its neighbours notice one after the other, the last when it runs again: old and new states of its edges are under way together. */
    @Test
    void aHubThatLosesItsPowerAndIsStartedAgain() {
        int count = 30;
        int flaps = 6;
        try (EphemeralMesh mesh = EphemeralMesh.builder().nodes(count).nodes("hub").topology((names, seed) -> threeEachAndAHub(names))
                .virtualTime().seed(1).traceEntries(MOST_ENTRIES).start()) {
            mesh.awaitConverged(Duration.ofSeconds(30));
            mesh.advance(Duration.ofSeconds(5));
            Duration start = mesh.elapsed();
            for (int flap = 0; flap < flaps; flap++) {
                mesh.node("hub").kill();
                mesh.advance(Duration.ofSeconds(1));
                mesh.node("hub").start();
                mesh.advance(Duration.ofSeconds(1));
                assertThat(mesh.trace().total()).as("entries of the trace").isLessThan(MOST_ENTRIES);
            }
            mesh.awaitConverged(Duration.ofSeconds(30));
            mesh.advance(Duration.ofSeconds(30));
            double seconds = mesh.elapsed().minus(start).toNanos() / 1e9;

            MeshTrace trace = mesh.trace();
            assertThat(trace.entries()).as("the whole trace was kept").hasSize((int) trace.total());
            Map<String, Long> sent = trace.entries().stream()
                    .filter(entry -> entry.what().equals("tcp delivered") && entry.at().compareTo(start) > 0)
                    .collect(Collectors.groupingBy(MeshTrace.Entry::node, Collectors.counting()));
            long sum = 0;
            long bound = 0;
            for (EphemeralNode node : mesh.nodes().subList(0, count)) {
                NodeStatus status = node.status();
                long connections = status.edges().stream().filter(edge -> edge.from().equals(node.name())).count();
                // Each node announces one subnet.
                long items = status.edges().size() + count + 1;
                // The hub tells of each edge once in each life; its neighbours of theirs, and that those of the hub are gone.
                long changes = (long) (count * (flaps + 2 * Math.min(2 * flaps, 4 + seconds / 5)));
                long pings = (long) (2 * seconds);
                long most = (flaps + 1) * (items + OTHER_MESSAGES) + connections * (2 * changes + OTHER_MESSAGES + pings);
                assertThat(sent.get(node.name().value())).as(node.name().value()).isLessThanOrEqualTo(most);
                sum += sent.get(node.name().value());
                bound += most;
            }
            assertThat(sum).isLessThanOrEqualTo(bound / 2);
        }
    }

    private static List<Dial> threeEachAndAHub(List<String> names) {
        List<String> others = names.subList(0, names.size() - 1);
        List<Dial> dials = new ArrayList<>(MeshTopology.random(3).connections(others, 1));
        others.forEach(name -> dials.add(new Dial(name, names.getLast())));
        return dials;
    }

    @Test
    void aHubThatFlaps() {
        int count = 30;
        int flaps = 40;
        nodesWithThreeConnectionsEach(count);
        MeshTestNode hub = harness.node("hub");
        connectAll();
        for (int i = 0; i < count; i++) {
            harness.connect(node(i), hub);
        }
        converge();
        harness.run(Duration.ofSeconds(30));
        countAnew();
        double start = harness.seconds();
        for (int flap = 0; flap < flaps; flap++) {
            hub.dropConnections();
            harness.run(Duration.ofMillis(1500));
            for (int i = 0; i < count; i++) {
                node(i).mesh.reconnect(harness.now());
            }
            harness.run(Duration.ofMillis(500));
        }
        harness.run(Duration.ofSeconds(30));
        double seconds = harness.seconds() - start;

        assertThat(harness.converge(Duration.ofSeconds(30))).isTrue();
        long sum = 0;
        long bound = 0;
        for (MeshTestNode node : harness.nodes.values()) {
            // Each edge of the hub is deleted and comes back with each flap, in both directions; of those changes so many may pass.
            long changes = (long) (2 * count * Math.min(2 * flaps, 4 + seconds / 5));
            int renewed = node == hub ? count : 1;
            long most = (long) (flaps + 1) * renewed * (items(node) + OTHER_MESSAGES)
                    + connections(node) * (2 * changes + OTHER_MESSAGES);
            assertThat(node.metaMessages).as(node.name.value()).isLessThanOrEqualTo(most);
            assertThat(node.metaBytes).isLessThanOrEqualTo(node.metaMessages * MESSAGE_BYTES);
            sum += node.metaMessages;
            bound += most;
        }
        assertThat(sum).isLessThanOrEqualTo(bound / 2);
        assertNothingIsKept();
    }
}
