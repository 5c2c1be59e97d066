package org.tinc4j.impl.ephemeral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.tinc4j.CipherSuite;
import org.tinc4j.NodeStatus;
import org.tinc4j.PathKind;
import org.tinc4j.Subnet;
import org.tinc4j.net.Access;
import org.tinc4j.net.Traffic;
import org.tinc4j.testing.EphemeralMesh;
import org.tinc4j.testing.EphemeralMeshBuilder;
import org.tinc4j.testing.EphemeralNode;
import org.tinc4j.testing.MeshTrace;

/** A mesh in virtual time, through its public API. */
class VirtualMeshTest {

    private static EphemeralMeshBuilder three() {
        return EphemeralMesh.builder().nodes("orders", "billing", "hub").virtualTime();
    }

    private static PathKind path(EphemeralMesh mesh, String from, String to) {
        return mesh.node(from).status().node(to).orElseThrow().path();
    }

    @Test
    void twoThatAreCutApartStillReachEachOtherThroughTheThird() {
        try (EphemeralMesh mesh = three().start()) {
            mesh.awaitConverged();
            assertThat(mesh.node("orders").ping("billing")).isPresent();

            mesh.partition("orders", "billing");

            Optional<Duration> answer = mesh.node("orders").ping("billing");
            assertThat(answer).isPresent();
            mesh.awaitConverged();
            mesh.node("orders").ping("billing");
            assertThat(path(mesh, "orders", "billing")).isEqualTo(PathKind.RELAYED);

            mesh.heal();
            for (int second = 0; second < 5; second++) {
                mesh.node("orders").ping("billing");
                mesh.advance(Duration.ofSeconds(1));
            }
            assertThat(path(mesh, "orders", "billing")).isEqualTo(PathKind.DIRECT);
        }
    }

    @Test
    void aRoundTripTakesTwiceTheLatency() {
        try (EphemeralMesh mesh = three().conditions(link -> link.withLatency(Duration.ofMillis(40))).start()) {
            mesh.awaitConverged();
            mesh.node("orders").ping("billing");
            mesh.advance(Duration.ofSeconds(5));

            Optional<Duration> answer = mesh.node("orders").ping("billing");

            assertThat(answer).hasValue(Duration.ofMillis(80));
        }
    }

    @Test
    void theStatusTellsHowTunnelsAreSealed() {
        try (EphemeralMesh mesh = three().start()) {
            mesh.awaitConverged();
            assertThat(mesh.node("orders").ping("billing")).isPresent();
            mesh.advance(Duration.ofSeconds(1));

            assertThat(mesh.node("orders").status().node("billing").orElseThrow().cipher()).contains(CipherSuite.AES_256_GCM);
            assertThat(mesh.node("orders").status().node("orders").orElseThrow().cipher()).isEmpty();
        }
    }

    @Test
    void timePassesOnlyWhenAsked() {
        try (EphemeralMesh mesh = three().start()) {
            assertThat(mesh.elapsed()).isZero();
            mesh.advance(Duration.ofHours(1));
            assertThat(mesh.elapsed()).isEqualTo(Duration.ofHours(1));
        }
    }

    @Test
    void aKilledNodeIsNoticedAndAfterItsStartItIsBack() {
        try (EphemeralMesh mesh = three().start()) {
            mesh.awaitConverged();
            EphemeralNode billing = mesh.node("billing");

            billing.kill();
            assertThat(billing.running()).isFalse();
            mesh.awaitConverged();
            assertThat(mesh.node("orders").status().node("billing").map(NodeStatus.PeerStatus::reachable)).hasValue(false);

            billing.start();
            mesh.awaitConverged();
            assertThat(mesh.node("orders").ping("billing")).isPresent();
        }
    }

    @Test
    void aStoppedNodeSaysFarewell() {
        try (EphemeralMesh mesh = three().start()) {
            mesh.awaitConverged();
            Duration before = mesh.elapsed();

            mesh.node("billing").stop();
            mesh.awaitConverged();

            assertThat(mesh.elapsed().minus(before)).isLessThan(Duration.ofMillis(10));
        }
    }

    @Test
    void bothSidesOfAPartitionStayMeshesAndJoinAgain() {
        try (EphemeralMesh mesh = EphemeralMesh.builder().nodes("a", "b", "c", "d").virtualTime().start()) {
            mesh.awaitConverged();
            mesh.partition(List.of("a", "b"), List.of("c", "d"));
            mesh.awaitConverged();
            assertThat(mesh.node("a").ping("b")).isPresent();
            assertThat(mesh.node("a").ping("c")).isEmpty();

            mesh.heal();
            mesh.awaitConverged();
            assertThat(mesh.node("a").ping("c")).isPresent();
        }
    }

    @Test
    void subnetsAreKnownToAllBeforeTheMeshHasConverged() {
        try (EphemeralMesh mesh = three().start()) {
            mesh.node("orders").addSubnet(Subnet.parse("10.7.0.0/24"));
            mesh.awaitConverged();
            assertThat(mesh.node("billing").status().node("orders").orElseThrow().subnets()).contains(Subnet.parse("10.7.0.0/24"));

            mesh.node("orders").removeSubnet(Subnet.parse("10.7.0.0/24"));
            assertThat(mesh.converged()).isFalse();
            mesh.awaitConverged();
        }
    }

    @Test
    void packetsArriveAtTheOtherEnd() throws Exception {
        try (EphemeralMesh mesh = three().start()) {
            mesh.awaitConverged();
            EphemeralNode orders = mesh.node("orders");
            EphemeralNode billing = mesh.node("billing");
            billing.packets();
            ByteBuffer packet = NumberedPacket.of(orders.address(), billing.address(), 7);

            orders.packets().send(packet);

            assertThat(billing.packets().receive(Duration.ofSeconds(5))).hasValue(packet);
            Duration before = mesh.elapsed();
            assertThat(billing.packets().receive(Duration.ofSeconds(5))).isEmpty();
            assertThat(mesh.elapsed().minus(before)).isEqualTo(Duration.ofSeconds(5));
        }
    }

    @Test
    void aListenerMustNotWait() {
        AtomicReference<RuntimeException> thrown = new AtomicReference<>();
        try (EphemeralMesh mesh = three().start()) {
            mesh.node("orders").listen(event -> {
                try {
                    mesh.node("hub").ping("orders");
                } catch (RuntimeException e) {
                    thrown.compareAndSet(null, e);
                }
            });
            mesh.awaitConverged();
        }
        assertThat(thrown.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining("must not call what waits");
    }

    @Test
    void aMeshThatDoesNotConvergeSaysWhoAndShowsSeedAndTrace() {
        try (EphemeralMesh mesh = three().seed(4711).topology("chain").start()) {
            mesh.awaitConverged();
            mesh.partition("orders", "billing");

            assertThatThrownBy(() -> mesh.awaitConverged(Duration.ofMillis(500)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("orders still reaches [billing, hub]")
                    .hasMessageContaining("seed 4711")
                    .hasMessageContaining("ConnectionUp");
        }
    }

    @Test
    void theTraceTellsWhatWasDoneAndWhatHappened() {
        try (EphemeralMesh mesh = three().start()) {
            mesh.awaitConverged();
            mesh.partition("orders", "billing");
            mesh.awaitConverged();

            assertThat(mesh.trace().table()).contains("cut").contains("NodeReachable").doesNotContain("udp sent");
            assertThat(mesh.trace().table(MeshTrace.Kind.WIRE)).contains("tcp delivered");
        }
    }

    @Test
    void anUnknownNodeIsNamedWithThoseThereAre() {
        try (EphemeralMesh mesh = three().start()) {
            assertThatThrownBy(() -> mesh.node("bill")).hasMessageContaining("\"bill\"").hasMessageContaining("billing");
        }
    }

    @Test
    void whatCannotBeInVirtualTimeIsRefused() {
        assertThatThrownBy(() -> three().node("hub", node -> node.device(org.tinc4j.Device.kernel())).start())
                .hasMessageContaining("node hub has a kernel interface").hasMessageContaining("MeshClock.REAL");
    }

    @Test
    void whoWantsSocketsIsToldWhatToDo() {
        try (EphemeralMesh mesh = three().start()) {
            assertThatThrownBy(() -> mesh.node("hub").connect("orders", 80))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("node hub has no sockets in virtual time")
                    .hasMessageContaining("use MeshClock.REAL");
        }
    }

    @Test
    void accessRulesStayThroughAllLivesUntilAStartGivesOthers() {
        try (EphemeralMesh mesh = three().start()) {
            EphemeralNode hub = mesh.node("hub");
            hub.deny(Traffic.any().tcp(22));
            hub.allow(Traffic.from("orders").udp());
            Access given = hub.access();
            assertThat(given.rules()).hasSize(2);

            hub.restart();
            assertThat(hub.access()).isEqualTo(given);
            hub.kill();
            hub.start(options -> options.deny(Traffic.any().icmp()));
            assertThat(hub.access()).isEqualTo(given.deny(Traffic.any().icmp()));

            hub.access(rules -> Access.allowing());
            hub.restart();
            assertThat(hub.access()).isEqualTo(Access.allowing());
        }
    }
}
