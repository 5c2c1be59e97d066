package org.tinc4j.impl.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.core.ConditionFactory;
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
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.event.TincEvent;
import org.tinc4j.impl.ledger.Ledger;
import org.tinc4j.impl.net.Network;
import org.tinc4j.impl.net.StreamConnection;
import org.tinc4j.impl.net.StreamListener;
import org.tinc4j.impl.transport.NioNetwork;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.DeviceInfo;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketDevice;

/** Start and close in every order: whatever happens, nothing is left. */
@Timeout(60)
class LifecycleTest {

    private static final Duration LISTENER_PATIENCE = Duration.ofSeconds(10);

    private final NodeKey key = NodeKey.generate();
    private final Ledger ledger = Ledger.recording();
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
        // A name that is still looked up is waited for by nobody.
        await().untilAsserted(() -> assertThat(ledger.held()).isEmpty());
    }

    private static ConditionFactory await() {
        return Footprint.await();
    }

    private TincNode start(Tinc.Builder builder) throws IOException {
        return RunningNode.start(builder.settings(), new NioNetwork(ledger, Optional.empty()), ledger, Optional.empty(), LISTENER_PATIENCE);
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
        TincNode node = start(node("a"));
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
    void whatARunningNodeHoldsIsAccountedAndOnceItIsClosedNothing() throws Exception {
        TincNode node = start(node("a"));
        assertThat(ledger.held()).extracting(Ledger.Held::kind, Ledger.Held::what).contains(
                tuple("thread", "tinc4j life/a control"),
                tuple("thread", "tinc4j life/a device reader"),
                tuple("socket", "TCP listener " + address(node)),
                tuple("socket", "UDP socket " + address(node)));
        // Readers take theirs on their own threads.
        await().untilAsserted(() -> assertThat(ledger.held()).filteredOn(held -> held.kind().equals("packet memory"))
                .extracting(Ledger.Held::what)
                .anyMatch(what -> what.contains("control thread"))
                .anyMatch(what -> what.contains("device reader"))
                .anyMatch(what -> what.contains("UDP reader")));
        node.close();

        assertThat(ledger.held()).isEmpty();
    }

    @Test
    void aDeviceWhoseReadNeverReturnsIsReportedWithThePlaceWhereItsThreadWasStarted() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        CountDownLatch reading = new CountDownLatch(1);
        TincNode node = start(node("a").device(new Device.Custom(new TestDevice(() -> {
            reading.countDown();
            while (released.getCount() > 0) {
                try {
                    released.await();
                } catch (InterruptedException e) {
                    // Whatever it is told.
                }
            }
        }))));
        reading.await();
        Thread closer = Thread.ofVirtual().start(node::close);
        await().untilAsserted(() -> assertThat(ledger.held()).hasSize(2).allMatch(held -> held.what().endsWith("device reader")));

        assertThat(ledger.held()).allSatisfy(held -> assertThat(held.place())
                .anyMatch(frame -> frame.contains("RunningNode.java:") || frame.contains("PacketReader.java:")));
        released.countDown();
        assertThat(closer.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void closingWakesEverybodyWhoWaits() throws Exception {
        TincNode node = start(node("a"));
        List<Thread> waiting = new ArrayList<>();
        List<Throwable> ends = Collections.synchronizedList(new ArrayList<>());
        waiting.add(Thread.ofVirtual().start(() -> ends.add(failure(() -> node.packets().receive(Duration.ofMinutes(1))))));
        waiting.add(Thread.ofVirtual().start(() -> ends.add(failure(() -> node.packets().receive(Duration.ofMinutes(1))))));
        for (Thread thread : waiting) {
            await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
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
        TincNode node = start(node("a")
                .executor(Runnable::run)
                .listener(event -> started.forEach(TincNode::close)));
        InetSocketAddress address = address(node);
        started.add(node);
        // The event comes on the control thread, which closing waits for.
        node.addSubnet(org.tinc4j.Subnet.parse("10.1.0.0/16"));

        await().ignoreExceptionsInstanceOf(BindException.class).untilAsserted(() -> rebind(address));
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
            assertThatThrownBy(() -> start(node("a").port(port))).isInstanceOf(TransportException.class).hasMessageContaining("" + port);
        }
    }

    @Test
    void aDeviceThatThrowsInEveryCallLeavesNothing() {
        List<String> calls = List.of("info", "routes");
        for (String faulty : calls) {
            FaultyDevice device = new FaultyDevice(faulty);
            assertThatThrownBy(() -> start(node("a").device(new Device.Custom(device))).close())
                    .as(faulty)
                    .isInstanceOf(IllegalStateException.class);
            assertThat(device.closed.getCount()).as("%s: closed", faulty).isZero();
            Footprint.awaitSockets(socketsBefore);
        }
    }

    @Test
    void aDeviceThatFailsToCloseDoesNotKeepTheNodeFromClosing() throws Exception {
        TincNode node = start(node("a").device(new Device.Custom(new FaultyDevice("close"))));
        InetSocketAddress address = address(node);
        node.close();
        rebind(address);
    }

    @Test
    void aDeviceThatBreaksIsReportedAndTheNodeGoesOn() throws Exception {
        List<TincEvent> heard = Collections.synchronizedList(new ArrayList<>());
        Tinc.Builder builder = node("a").listener(heard::add).device(new Device.Custom(new TestDevice(() -> {
            throw new IOException("the cable was cut");
        })));
        try (TincNode node = start(builder)) {
            await().until(() -> heard.stream()
                    .anyMatch(event -> event instanceof TincEvent.DeviceDown down && down.reason().equals("the cable was cut")));
            assertThat(node.status().name().value()).isEqualTo("a");
        }

        assertThat(heard).filteredOn(TincEvent.DeviceDown.class::isInstance).as("down once").hasSize(1);
    }

    @Test
    void aFaultOfTheProgramInTheDeviceReaderClosesTheNode() throws Exception {
        for (Throwable fault : List.of(new IllegalStateException("a bug"), new AssertionError("a bug"))) {
            List<TincEvent> heard = Collections.synchronizedList(new ArrayList<>());
            TincNode node = start(node("a").listener(heard::add).device(new Device.Custom(new TestDevice(() -> LifecycleTest.<RuntimeException>sneaky(fault)))));
            awaitClosedByItself(node);

            assertThat(heard).last().isInstanceOfSatisfying(TincEvent.DeviceDown.class, down ->
                    assertThat(down.reason()).contains("device reader", "a bug"));
        }
    }

    @Test
    void aFaultOfTheProgramInAUdpReaderClosesTheNode() throws Exception {
        for (Throwable fault : List.of(new IllegalStateException("a bug"), new AssertionError("a bug"))) {
            Network faulty = new FaultyNetwork(new NioNetwork(ledger, Optional.empty()), fault);
            List<TincEvent> heard = Collections.synchronizedList(new ArrayList<>());
            TincNode node = RunningNode.start(node("a").listener(heard::add).settings(), faulty, ledger, Optional.empty(), LISTENER_PATIENCE);
            awaitClosedByItself(node);

            assertThat(heard).last().isInstanceOfSatisfying(TincEvent.DeviceDown.class, down ->
                    assertThat(down.reason()).contains("udp reader", "a bug"));
        }
    }

    private void awaitClosedByItself(TincNode node) {
        await().untilAsserted(() -> {
            assertThatThrownBy(() -> node.addSubnet(org.tinc4j.Subnet.parse("10.1.0.0/16"))).isInstanceOf(NodeClosedException.class);
            assertThat(ledger.held()).isEmpty();
        });
        node.close();
    }

    /** Throws anything, declared or not. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneaky(Throwable fault) throws T {
        throw (T) fault;
    }

    /** Sockets that send, and fail to receive. */
    private record FaultyNetwork(Network sound, Throwable fault) implements Network {
        @Override
        public StreamListener listen(InetSocketAddress address) throws TransportException {
            return sound.listen(address);
        }

        @Override
        public List<DatagramTransport> udp(
                InetSocketAddress address, int receiveBufferBytes, int sendBufferBytes, DataPathOptions dataPath)
                throws TransportException {
            DatagramTransport socket = sound.udp(address, receiveBufferBytes, sendBufferBytes, dataPath).getFirst();
            return List.of(new DatagramTransport() {
                @Override
                public InetSocketAddress localAddress() {
                    return socket.localAddress();
                }

                @Override
                public int receive(PacketBatch batch) {
                    LifecycleTest.<RuntimeException>sneaky(fault);
                    return 0;
                }

                @Override
                public void send(PacketBatch batch, SendResult[] results) throws IOException {
                    socket.send(batch, results);
                }

                @Override
                public void close() {
                    socket.close();
                }
            });
        }

        @Override
        public StreamConnection newConnection() {
            return sound.newConnection();
        }

        @Override
        public InetAddress[] lookUp(String host) throws UnknownHostException, InterruptedException {
            return sound.lookUp(host);
        }

        @Override
        public boolean ipv6Available() {
            return sound.ipv6Available();
        }
    }

    /** Does something on the first read; later ones wait until it is closed. */
    private static final class TestDevice implements PacketDevice {
        private final CountDownLatch closed = new CountDownLatch(1);
        private final Call firstRead;
        private boolean read;

        TestDevice(Call firstRead) {
            this.firstRead = firstRead;
        }

        @Override
        public DeviceInfo info() {
            return new DeviceInfo("test", "test", 1500, "");
        }

        @Override
        public int read(PacketBatch batch) throws IOException {
            if (!read) {
                read = true;
                try {
                    firstRead.run();
                } catch (Exception e) {
                    LifecycleTest.<RuntimeException>sneaky(e);
                }
            }
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
            TincNode node = start(node("a")
                    .peer("b", peer -> peer.publicKey(NodeKey.generate().publicKey())
                            .endpoint("127.0.0.1", deaf.getLocalPort())
                            .endpoint("192.0.2.1", 655)
                            .endpoint("host.invalid", 655)));
            node.reconnect();
            long start = System.nanoTime();
            node.close();

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void closesFromManyThreadsAtOnceAndAllReturnWhenItIsClosed() throws Exception {
        TincNode node = start(node("a"));
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
        TincNode node = start(node("a")
                .listener(event -> {
                    try {
                        started.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    itself.get().close();
                    done.countDown();
                }));
        itself.set(node);
        started.countDown();
        node.close();

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void listenersThatAreSlowThrowOrBlockDelayNothingForLong() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        List<TincEvent> heard = Collections.synchronizedList(new ArrayList<>());
        TincNode node = start(node("a")
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
                }));
        assertThat(node.status().name().value()).isEqualTo("a");
        long start = System.nanoTime();
        node.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
        assertThat(heard).last().isInstanceOf(TincEvent.DeviceDown.class);
    }

    @Test
    void anExecutorThatRefusesEverythingChangesNothing() throws Exception {
        TincNode node = start(node("a")
                .executor(task -> {
                    throw new RejectedExecutionException("shut down");
                })
                .listener(event -> {}));
        assertThat(node.status().name().value()).isEqualTo("a");
        node.close();
    }

    @Test
    void aListenerOnTheControlThreadIsToldThatItCannotAsk() throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicReference<TincNode> itself = new AtomicReference<>();
        CountDownLatch asked = new CountDownLatch(1);
        try (TincNode node = start(node("a")
                .executor(Runnable::run)
                .listener(event -> {
                    if (event instanceof TincEvent.SubnetAdded) {
                        failure.set(failure(() -> itself.get().status()));
                        asked.countDown();
                    }
                }))) {
            itself.set(node);
            node.addSubnet(org.tinc4j.Subnet.parse("10.9.0.0/16"));

            assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(failure.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining("Builder.executor");
        }
    }

    @Test
    void anInterruptedCallerIsToldAndTheNodeGoesOn() throws Exception {
        try (TincNode node = start(node("a"))) {
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
        TincNode node = start(node("a"));
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
        nodes.add(start(hub));
        int port = address(nodes.getFirst()).getPort();
        for (int i = 0; i < 19; i++) {
            nodes.add(start(Tinc.network("life").name("n" + i).key(keys.get(i)).listen("127.0.0.1", 0).device(Device.inProcess())
                    .peer("hub", peer -> peer.publicKey(hubKey.publicKey()).endpoint("127.0.0.1", port))));
        }
        nodes.getLast().awaitReachable("n0", Duration.ofSeconds(20));
        Collections.shuffle(nodes, new Random(seed));
        nodes.forEach(TincNode::close);
    }
}
