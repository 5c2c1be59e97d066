package org.tinc4j.impl.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tinc4j.Device;
import org.tinc4j.NodeClosedException;
import org.tinc4j.NodeKey;
import org.tinc4j.Tinc;
import org.tinc4j.TincNode;
import org.tinc4j.TransportException;
import org.tinc4j.event.TincEvent;
import org.tinc4j.spi.DeviceInfo;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketDevice;

/** Start and close in every order: whatever happens, nothing is left. */
@Timeout(60)
class LifecycleTest {

    private final NodeKey key = NodeKey.generate();
    private long socketsBefore;

    @BeforeEach
    void measure() throws IOException {
        // What the JVM itself opens on first use shall not count.
        try (ServerSocket warm = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(warm.isBound()).isTrue();
        }
        socketsBefore = Footprint.sockets();
    }

    @AfterEach
    void nothingIsLeft() {
        Footprint.awaitSockets(socketsBefore);
        assertThat(Footprint.platformThreads()).isEmpty();
    }

    private Tinc.Builder node(String name) {
        return Tinc.network("life").name(name).key(key).subnet("10.7.0.1").listen("127.0.0.1", 0).device(Device.inProcess());
    }

    private static InetSocketAddress address(TincNode node) {
        return node.status().listening().getFirst();
    }

    private static void rebind(InetSocketAddress address) throws IOException {
        try (ServerSocket again = new ServerSocket()) {
            again.bind(address);
        }
        try (java.net.DatagramSocket again = new java.net.DatagramSocket(address)) {
            assertThat(again.isBound()).isTrue();
        }
    }

    @Test
    void aClosedNodeGivesItsPortBackAndAnswersEveryCallWithThat() throws Exception {
        TincNode node = node("a").start();
        InetSocketAddress address = address(node);
        node.close();
        node.close();

        rebind(address);
        assertThatThrownBy(() -> node.ping("b")).isInstanceOfAny(NodeClosedException.class, IllegalStateException.class);
        assertThatThrownBy(() -> node.addSubnet(org.tinc4j.Subnet.parse("10.1.0.0/16"))).isInstanceOf(NodeClosedException.class);
        assertThatThrownBy(() -> node.awaitReachable("b", Duration.ofSeconds(1))).isInstanceOf(NodeClosedException.class);
        assertThatThrownBy(() -> node.packets().receive(Duration.ofSeconds(1))).isInstanceOf(NodeClosedException.class);
    }

    @Test
    void closingWakesEverybodyWhoWaits() throws Exception {
        TincNode node = node("a").start();
        List<Thread> waiting = new ArrayList<>();
        List<Throwable> ends = Collections.synchronizedList(new ArrayList<>());
        waiting.add(Thread.ofVirtual().start(() -> ends.add(failure(() -> node.packets().receive(Duration.ofMinutes(1))))));
        waiting.add(Thread.ofVirtual().start(() -> ends.add(failure(() -> node.packets().receive(Duration.ofMinutes(1))))));
        for (Thread thread : waiting) {
            org.awaitility.Awaitility.await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        }
        node.close();
        for (Thread thread : waiting) {
            assertThat(thread.join(Duration.ofSeconds(5))).isTrue();
        }

        assertThat(ends).hasSize(2).allMatch(NodeClosedException.class::isInstance);
    }

    @Test
    void aListenerOnADirectExecutorMayCloseTheNode() throws Exception {
        List<TincNode> started = Collections.synchronizedList(new ArrayList<>());
        TincNode node = node("a")
                .executor(Runnable::run)
                .listener(event -> started.forEach(TincNode::close))
                .start();
        InetSocketAddress address = address(node);
        started.add(node);
        // The event comes on the control thread, which closing waits for.
        node.addSubnet(org.tinc4j.Subnet.parse("10.1.0.0/16"));

        org.awaitility.Awaitility.await().untilAsserted(() -> rebind(address));
        node.close();
    }

    @FunctionalInterface
    private interface Call {
        void run() throws Exception;
    }

    private static Throwable failure(Call call) {
        try {
            call.run();
            return null;
        } catch (Exception e) {
            return e;
        }
    }

    @Test
    void aPortInUseFailsTheStartAndLeavesNothing() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> node("a").port(port).start()).isInstanceOf(TransportException.class).hasMessageContaining("" + port);
        }
    }

    @Test
    void aDeviceThatThrowsInEveryCallLeavesNothing() {
        List<String> calls = List.of("info", "routes");
        for (String faulty : calls) {
            FaultyDevice device = new FaultyDevice(faulty);
            assertThatThrownBy(() -> node("a").device(new Device.Custom(device)).start().close())
                    .as(faulty)
                    .isInstanceOf(IllegalStateException.class);
            assertThat(device.closed.getCount()).as("%s: closed", faulty).isZero();
            Footprint.awaitSockets(socketsBefore);
        }
    }

    @Test
    void aDeviceThatFailsToReadOrCloseDoesNotKeepTheNodeFromClosing() throws Exception {
        for (String faulty : List.of("read", "close")) {
            TincNode node = node("a").device(new Device.Custom(new FaultyDevice(faulty))).start();
            InetSocketAddress address = address(node);
            node.close();
            rebind(address);
        }
    }

    /** Throws in one of its methods. */
    private static final class FaultyDevice implements PacketDevice {
        final CountDownLatch closed = new CountDownLatch(1);
        private final String faulty;

        FaultyDevice(String faulty) {
            this.faulty = faulty;
        }

        private void call(String method) {
            if (method.equals(faulty)) {
                throw new IllegalStateException(method + " fails on purpose");
            }
        }

        @Override
        public DeviceInfo info() {
            call("info");
            return new DeviceInfo("faulty", "faulty", 1500, "");
        }

        @Override
        public java.util.Optional<org.tinc4j.spi.RouteTable> routes() {
            call("routes");
            return java.util.Optional.empty();
        }

        @Override
        public int read(PacketBatch batch) throws IOException {
            call("read");
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new NodeClosedException("closed");
        }

        @Override
        public int write(PacketBatch batch) {
            return batch.size();
        }

        @Override
        public void close() {
            closed.countDown();
            call("close");
        }
    }

    @Test
    void closesWhileItDials() throws Exception {
        // A listener whose backlog is full: the connection neither succeeds nor fails.
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            TincNode node = node("a")
                    .peer("b", peer -> peer.publicKey(NodeKey.generate().publicKey())
                            .endpoint("127.0.0.1", deaf.getLocalPort())
                            .endpoint("192.0.2.1", 655)
                            .endpoint("host.invalid", 655))
                    .start();
            node.reconnect();
            long start = System.nanoTime();
            node.close();

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void closesFromManyThreadsAtOnceAndAllReturnWhenItIsClosed() throws Exception {
        TincNode node = node("a").start();
        InetSocketAddress address = address(node);
        List<Thread> closers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            closers.add(Thread.ofVirtual().start(node::close));
        }
        for (Thread closer : closers) {
            assertThat(closer.join(Duration.ofSeconds(10))).isTrue();
        }
        rebind(address);
    }

    @Test
    void aListenerMayCloseTheNodeAlsoWhileItIsBeingClosed() throws Exception {
        AtomicReference<TincNode> itself = new AtomicReference<>();
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(2);
        TincNode node = node("a")
                .listener(event -> {
                    try {
                        started.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    itself.get().close();
                    done.countDown();
                })
                .start();
        itself.set(node);
        started.countDown();
        node.close();

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void listenersThatAreSlowThrowOrBlockDelayNothingForLong() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        List<TincEvent> heard = Collections.synchronizedList(new ArrayList<>());
        TincNode node = node("a")
                .listener(event -> {
                    throw new IllegalStateException("on purpose");
                })
                .listener(heard::add)
                .listener(event -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                })
                .start();
        assertThat(node.status().name().value()).isEqualTo("a");
        long start = System.nanoTime();
        node.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
        assertThat(heard).last().isInstanceOf(TincEvent.DeviceDown.class);
    }

    @Test
    void anExecutorThatRefusesEverythingChangesNothing() throws Exception {
        TincNode node = node("a")
                .executor(task -> {
                    throw new RejectedExecutionException("shut down");
                })
                .listener(event -> {})
                .start();
        assertThat(node.status().name().value()).isEqualTo("a");
        node.close();
    }

    @Test
    void aListenerOnTheControlThreadIsToldThatItCannotAsk() throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicReference<TincNode> itself = new AtomicReference<>();
        CountDownLatch asked = new CountDownLatch(1);
        try (TincNode node = node("a")
                .executor(Runnable::run)
                .listener(event -> {
                    if (event instanceof TincEvent.SubnetAdded) {
                        failure.set(failure(() -> itself.get().status()));
                        asked.countDown();
                    }
                })
                .start()) {
            itself.set(node);
            node.addSubnet(org.tinc4j.Subnet.parse("10.9.0.0/16"));

            assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(failure.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining("Builder.executor");
        }
    }

    @Test
    void anInterruptedCallerIsToldAndTheNodeGoesOn() throws Exception {
        try (TincNode node = node("a").start()) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> node.awaitReachable("b", Duration.ofSeconds(5))).isInstanceOf(InterruptedException.class);
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> node.addSubnet(org.tinc4j.Subnet.parse("10.1.0.0/16"))).isInstanceOf(IOException.class);
            assertThat(Thread.interrupted()).isTrue();

            assertThat(node.status().name().value()).isEqualTo("a");
        }
    }

    @Test
    void closesThoughTheCallerIsInterrupted() throws Exception {
        TincNode node = node("a").start();
        InetSocketAddress address = address(node);
        Thread.currentThread().interrupt();
        node.close();

        assertThat(Thread.interrupted()).isTrue();
        rebind(address);
    }

    @Test
    void twentyNodesCloseInAnyOrder() throws Exception {
        long seed = 20;
        NodeKey hubKey = NodeKey.generate();
        List<NodeKey> keys = new ArrayList<>();
        List<TincNode> nodes = new ArrayList<>();
        Tinc.Builder hub = Tinc.network("life").name("hub").key(hubKey).listen("127.0.0.1", 0).device(Device.inProcess());
        for (int i = 0; i < 19; i++) {
            NodeKey leaf = NodeKey.generate();
            keys.add(leaf);
            hub.peer("n" + i, peer -> peer.publicKey(leaf.publicKey()));
        }
        nodes.add(hub.start());
        int port = address(nodes.getFirst()).getPort();
        for (int i = 0; i < 19; i++) {
            nodes.add(Tinc.network("life").name("n" + i).key(keys.get(i)).listen("127.0.0.1", 0).device(Device.inProcess())
                    .peer("hub", peer -> peer.publicKey(hubKey.publicKey()).endpoint("127.0.0.1", port))
                    .start());
        }
        nodes.getLast().awaitReachable("n0", Duration.ofSeconds(20));
        Collections.shuffle(nodes, new Random(seed));
        nodes.forEach(TincNode::close);
    }
}
