package org.tinc4j.examples.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tinc4j.PathKind;
import org.tinc4j.testing.EphemeralMesh;
import org.tinc4j.testing.junit.Mesh;

/**
 * A service on a mesh that misbehaves, in real time: its own threads run as they do in production. Three recipes:
 *
 * <p><b>Partition.</b> Cut two nodes apart and see that nothing has happened: the mesh sends around the cut. Then cut one off from all others and
 * see how the service fails: in time, and so that the same question may be asked again once the cut has healed.
 *
 * <p><b>Slow link.</b> Let the answer take longer than the service waits before it asks again, and lose a part. Whatever is repeated then
 * must have no effect of its own.
 *
 * <p><b>Rolling restart.</b> Restart one node after another under load, and wait after each until the mesh has settled, as one does in production.
 * Nothing that was accepted gets lost, and whoever waits gets an answer.
 *
 * <p>When one of them fails, seed, picture and trace of the mesh stand below the stack trace.
 */
class OrdersTest {

    private static final int PIECES = 100;

    @Mesh({"orders", "inventory", "hub"})
    private EphemeralMesh mesh;

    private final Stock stock = new Stock(PIECES);
    private Inventory inventory;
    private Orders orders;

    @BeforeEach
    void startServices() {
        startInventory();
        startOrders();
        mesh.awaitConverged();
        mesh.node("orders").ping("inventory");
        assertThat(mesh.runUntil(this::direct, Duration.ofSeconds(10))).isTrue();
    }

    /** As it is after a while: the two have found the direct way. */
    private boolean direct() {
        return mesh.node("orders").status().node("inventory").orElseThrow().path() == PathKind.DIRECT;
    }

    private void startInventory() {
        inventory = new Inventory(mesh.node("inventory").packets(), stock);
    }

    private void startOrders() {
        orders = new Orders(mesh.node("orders").packets(), mesh.node("orders").address(), mesh.node("inventory").address());
    }

    @AfterEach
    void stopServices() {
        inventory.close();
    }

    private int sold() {
        return PIECES - stock.left();
    }

    @Test
    void ordersGoAroundAPartition() throws Exception {
        assertThat(orders.place("before", Duration.ofSeconds(5))).isTrue();

        mesh.partition("orders", "inventory");

        assertThat(orders.place("through hub", Duration.ofSeconds(10))).isTrue();
        assertThat(sold()).isEqualTo(2);
    }

    @Test
    void anOrderThatWasNotAnsweredMayBePlacedAgain() throws Exception {
        // The inventory hears the order, and its answer is lost.
        mesh.cut(List.of("inventory"), List.of("orders", "hub"));
        assertThatThrownBy(() -> orders.place("again", Duration.ofSeconds(1))).isInstanceOf(TimeoutException.class);
        assertThat(sold()).isEqualTo(1);

        mesh.heal();

        assertThat(orders.place("again", Duration.ofSeconds(10))).isTrue();
        assertThat(sold()).isEqualTo(1);
    }

    @Test
    void anOrderOverASlowLinkTakesOnePiece() throws Exception {
        mesh.link("orders", "inventory").conditions(link -> link.withLatency(Duration.ofMillis(150)).withLoss(0.1));

        long beginNanos = System.nanoTime();
        for (int i = 0; i < 5; i++) {
            assertThat(orders.place("slow " + i, Duration.ofSeconds(20))).isTrue();
        }

        // Longer than Orders waits before it repeats.
        assertThat(Duration.ofNanos(System.nanoTime() - beginNanos)).isGreaterThan(Duration.ofMillis(5 * 300));
        assertThat(sold()).isEqualTo(5);
    }

    @Test
    void ordersGoOnDuringARollingRestart() throws Exception {
        try (ExecutorService customer = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String name : List.of("hub", "inventory")) {
                Future<Boolean> meanwhile = customer.submit(() -> orders.place("while " + name + " restarts", Duration.ofSeconds(20)));
                restart(name);
                assertThat(meanwhile.get()).isTrue();
                mesh.awaitConverged();
            }
        }
        restart("orders");
        assertThat(orders.place("after all", Duration.ofSeconds(20))).isTrue();
        assertThat(sold()).isEqualTo(3);
    }

    /** With the service on it, as a restart of its process would. */
    private void restart(String name) {
        if (name.equals("inventory")) {
            inventory.close();
        }
        mesh.node(name).restart();
        switch (name) {
            case "inventory" -> startInventory();
            case "orders" -> startOrders();
            default -> {}
        }
    }
}
