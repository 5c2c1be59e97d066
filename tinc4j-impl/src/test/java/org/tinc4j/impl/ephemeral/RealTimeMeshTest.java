package org.tinc4j.impl.ephemeral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.tinc4j.NodeStatus;
import org.tinc4j.event.TincEvent;
import org.tinc4j.testing.EphemeralMesh;
import org.tinc4j.testing.EphemeralNode;
import org.tinc4j.testing.LeakError;

/** A mesh in real time, on the threads of production, through its public API. */
class RealTimeMeshTest {

    @Test
    void twoThatAreCutApartStillReachEachOtherThroughTheThird() {
        try (EphemeralMesh mesh = EphemeralMesh.of("orders", "billing", "hub")) {
            mesh.awaitConverged();
            mesh.partition("orders", "billing");

            assertThat(mesh.node("orders").ping("billing")).isPresent();
        }
    }

    @Test
    void aKilledNodeIsNoticedAndAfterItsStartItIsBack() {
        try (EphemeralMesh mesh = EphemeralMesh.of("orders", "billing", "hub")) {
            mesh.awaitConverged();
            EphemeralNode billing = mesh.node("billing");

            billing.kill();
            mesh.awaitConverged();
            assertThat(mesh.node("orders").status().node("billing").map(NodeStatus.PeerStatus::reachable)).hasValue(false);

            billing.start();
            mesh.awaitConverged();
            assertThat(mesh.node("orders").ping("billing")).isPresent();
        }
    }

    @Test
    void packetsArriveAtTheOtherEnd() throws Exception {
        try (EphemeralMesh mesh = EphemeralMesh.of("orders", "billing")) {
            mesh.awaitConverged();
            EphemeralNode orders = mesh.node("orders");
            EphemeralNode billing = mesh.node("billing");
            billing.packets();
            assertThat(orders.ping("billing")).isPresent();
            ByteBuffer packet = NumberedPacket.of(orders.address(), billing.address(), 7);

            orders.packets().send(packet);

            assertThat(billing.packets().receive(Duration.ofSeconds(10))).hasValue(packet);
        }
    }

    @Test
    void aListenerHearsAllLivesOfItsNode() throws Exception {
        try (EphemeralMesh mesh = EphemeralMesh.of("orders", "billing")) {
            CountDownLatch devices = new CountDownLatch(2);
            mesh.node("orders").listen(event -> {
                if (event instanceof TincEvent.DeviceUp) {
                    devices.countDown();
                }
            });
            mesh.node("orders").restart();
            mesh.node("orders").restart();
            assertThat(devices.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aListenerThatNeverReturnsIsALeakAndItsPlaceIsTold() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        EphemeralMesh mesh = EphemeralMesh.builder()
                .nodes("orders")
                .node("orders", node -> node.listener(event -> awaitIgnoringInterrupts(stuck)))
                .start();
        try {
            assertThatThrownBy(mesh::close)
                    .isInstanceOf(LeakError.class)
                    .hasMessageContaining("orders events")
                    .hasMessageContaining("NodeThreads.start");
        } finally {
            stuck.countDown();
        }
    }

    private static void awaitIgnoringInterrupts(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException e) {
                // That is what makes it a leak.
            }
        }
    }
}
