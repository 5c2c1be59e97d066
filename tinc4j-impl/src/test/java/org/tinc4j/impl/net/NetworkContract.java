package org.tinc4j.impl.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tinc4j.NodeClosedException;
import org.tinc4j.TransportException;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.impl.ledger.Ledger;
import org.tinc4j.spi.BufferPool;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.DatagramTransport.SendResult;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketDevice;

/** What every adapter of {@link Network} promises. Extend it once for each. */
@Timeout(60)
public abstract class NetworkContract {

    /** Longer than any step here takes; a timeout of a connection, not a time that passes. */
    private static final int PATIENCE_MILLIS = 10_000;

    private static final int LARGE_BYTES = 3 << 20;

    /** Where everything that the networks under test hand out is accounted. */
    protected final Ledger ledger = Ledger.recording();

    private Network near;
    private Network far;
    private StreamListener listener;

    /** The network as seen by who dials. Called once for each test. */
    protected abstract Network near() throws IOException;

    /** The same network as seen by who is dialled, which may be the same. Called once for each test. */
    protected abstract Network far() throws IOException;

    /** An address of {@link #far} with port 0, where {@link #near} reaches it. */
    protected abstract InetSocketAddress farAddress();

    /** An address of {@link #near} with port 0, where {@link #far} reaches it. */
    protected abstract InetSocketAddress nearAddress();

    /** An address where a connection is neither made nor refused. */
    protected abstract InetSocketAddress silentAddress() throws IOException;

    @BeforeEach
    void listen() throws IOException {
        near = near();
        far = far();
        listener = far.listen(farAddress());
    }

    @AfterEach
    void nothingIsHeld() {
        listener.close();
        assertThat(ledger.held()).isEmpty();
    }

    /** Two ends of one connection. */
    private record Pair(StreamConnection dialled, StreamConnection accepted) implements AutoCloseable {
        @Override
        public void close() {
            dialled.close();
            accepted.close();
        }
    }

    private Pair connect() throws IOException {
        StreamConnection dialled = near.newConnection();
        dialled.connect(listener.localAddress(), PATIENCE_MILLIS);
        return new Pair(dialled, listener.accept());
    }

    @FunctionalInterface
    private interface Call {
        void run() throws Exception;
    }

    /** Runs a call on a virtual thread until it blocks; the result is what it threw, null if nothing. */
    private static CompletableFuture<Throwable> blocked(Call call) {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                call.run();
                end.complete(null);
            } catch (Throwable e) {
                end.complete(e);
            }
        });
        await().until(() -> switch (thread.getState()) {
            case WAITING, TIMED_WAITING -> true;
            case NEW, RUNNABLE, BLOCKED, TERMINATED -> end.isDone();
        });
        assertThat(end).as("blocks").isNotDone();
        return end;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads exactly so many bytes. */
    private static byte[] read(StreamConnection from, int count) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream(count);
        while (all.size() < count) {
            byte[] chunk = new byte[Math.min(16 * 1024, count - all.size())];
            int length = from.read(chunk);
            assertThat(length).as("after %d of %d bytes", all.size(), count).isPositive();
            all.write(chunk, 0, length);
        }
        return all.toByteArray();
    }

    // ---- Streams ----

    @Test
    void whatOneEndWritesTheOtherReads() throws Exception {
        try (Pair pair = connect()) {
            pair.dialled.write(bytes("question"));
            assertThat(read(pair.accepted, 8)).isEqualTo(bytes("question"));
            pair.accepted.write(bytes("answer"));
            assertThat(read(pair.dialled, 6)).isEqualTo(bytes("answer"));
        }
    }

    @Test
    void bothEndsKnowBothAddressesAlsoOnceClosed() throws Exception {
        Pair pair = connect();
        for (int round = 0; round < 2; round++) {
            assertThat(pair.dialled.remote()).isEqualTo(listener.localAddress());
            assertThat(pair.accepted.local()).isEqualTo(listener.localAddress());
            assertThat(pair.accepted.remote()).isEqualTo(pair.dialled.local());
            assertThat(pair.dialled.local().getAddress()).isEqualTo(nearAddress().getAddress());
            pair.close();
        }
    }

    @Test
    void whatWasWrittenBeforeClosingArrivesThenTheEnd() throws Exception {
        try (Pair pair = connect()) {
            byte[] last = new byte[30_000];
            new Random(1).nextBytes(last);
            pair.dialled.write(last);
            pair.dialled.close();

            assertThat(read(pair.accepted, last.length)).isEqualTo(last);
            assertThat(pair.accepted.read(new byte[10])).isEqualTo(-1);
        }
    }

    @Test
    void writingToAnEndThatIsClosedFailsInTheEnd() throws Exception {
        try (Pair pair = connect()) {
            pair.accepted.close();
            assertThat(pair.dialled.read(new byte[10])).isEqualTo(-1);

            await().untilAsserted(() ->
                    assertThatThrownBy(() -> pair.dialled.write(new byte[1000])).isInstanceOf(IOException.class));
        }
    }

    @Test
    void muchArrivesInOrderBothWaysAtOnce() throws Exception {
        byte[] there = new byte[LARGE_BYTES];
        byte[] back = new byte[LARGE_BYTES];
        new Random(2).nextBytes(there);
        new Random(3).nextBytes(back);
        try (Pair pair = connect()) {
            CompletableFuture<Throwable> first = writing(pair.dialled, there);
            CompletableFuture<Throwable> second = writing(pair.accepted, back);
            CompletableFuture<byte[]> got = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    got.complete(read(pair.accepted, LARGE_BYTES));
                } catch (Throwable e) {
                    got.completeExceptionally(e);
                }
            });
            assertThat(read(pair.dialled, LARGE_BYTES)).isEqualTo(back);

            assertThat(got.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo(there);
            assertThat(first.get()).isNull();
            assertThat(second.get()).isNull();
        }
    }

    private static CompletableFuture<Throwable> writing(StreamConnection to, byte[] all) {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                for (int at = 0; at < all.length; at += 20_000) {
                    to.write(java.util.Arrays.copyOfRange(all, at, Math.min(at + 20_000, all.length)));
                }
                end.complete(null);
            } catch (Throwable e) {
                end.complete(e);
            }
        });
        return end;
    }

    @Test
    void closingWakesAReader() throws Exception {
        try (Pair pair = connect()) {
            CompletableFuture<Throwable> reader = blocked(() -> pair.dialled.read(new byte[10]));
            pair.dialled.close();

            assertThat(reader.get()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aReaderSeesTheOtherEndClose() throws Exception {
        try (Pair pair = connect()) {
            int[] length = new int[1];
            CompletableFuture<Throwable> reader = blocked(() -> length[0] = pair.dialled.read(new byte[10]));
            pair.accepted.close();

            assertThat(reader.get()).isNull();
            assertThat(length[0]).isEqualTo(-1);
        }
    }

    @Test
    void aWriterWaitsForAReaderAndClosingWakesIt() throws Exception {
        try (Pair pair = connect()) {
            CompletableFuture<Throwable> writer = blocked(() -> {
                for (int i = 0; i < 10_000; i++) {
                    pair.dialled.write(new byte[16 * 1024]);
                }
            });
            pair.dialled.close();

            assertThat(writer.get()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aWriterLearnsThatTheOtherEndClosedWithoutReading() throws Exception {
        try (Pair pair = connect()) {
            CompletableFuture<Throwable> writer = blocked(() -> {
                for (int i = 0; i < 10_000; i++) {
                    pair.dialled.write(new byte[16 * 1024]);
                }
            });
            pair.accepted.close();

            assertThat(writer.get()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void closingWakesAListener() throws Exception {
        CompletableFuture<Throwable> accepting = blocked(() -> listener.accept());
        listener.close();

        assertThat(accepting.get()).isInstanceOf(IOException.class);
        assertThat(listener.isClosed()).isTrue();
    }

    @Test
    void aConnectionThatNobodyAcceptedEndsWithItsListener() throws Exception {
        try (StreamConnection dialled = near.newConnection()) {
            dialled.connect(listener.localAddress(), PATIENCE_MILLIS);
            listener.close();
            int length;
            try {
                length = dialled.read(new byte[10]);
            } catch (IOException e) {
                length = -1; // Reset: ended as well.
            }

            assertThat(length).isEqualTo(-1);
        }
    }

    @Test
    void aClosedListenerGivesItsAddressBackAndRefuses() throws Exception {
        InetSocketAddress address = listener.localAddress();
        listener.close();
        listener.close();
        assertThat(listener.localAddress()).isEqualTo(address);
        assertThatThrownBy(() -> listener.accept()).isInstanceOf(IOException.class);
        try (StreamConnection dialled = near.newConnection()) {
            assertThatThrownBy(() -> dialled.connect(address, PATIENCE_MILLIS)).isInstanceOf(IOException.class);
        }
        try (StreamListener again = far.listen(address)) {
            assertThat(again.localAddress()).isEqualTo(address);
        }
    }

    @Test
    void anAddressInUseIsRefusedWithARemedy() {
        assertThatThrownBy(() -> far.listen(listener.localAddress()))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("" + listener.localAddress().getPort())
                .hasMessageContaining("choose another");
    }

    @Test
    void closingWakesWhoConnects() throws Exception {
        InetSocketAddress silent = silentAddress();
        StreamConnection dialled = near.newConnection();
        CompletableFuture<Throwable> connecting = blocked(() -> dialled.connect(silent, PATIENCE_MILLIS));
        dialled.close();

        assertThat(connecting.get()).isInstanceOf(IOException.class);
    }

    @Test
    void connectingTakesNoLongerThanItMay() throws Exception {
        InetSocketAddress silent = silentAddress();
        try (StreamConnection dialled = near.newConnection()) {
            assertThatThrownBy(() -> dialled.connect(silent, 50)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aClosedConnectionRefusesEverything() throws Exception {
        Pair pair = connect();
        pair.close();
        pair.close();
        assertThatThrownBy(() -> pair.dialled.read(new byte[1])).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> pair.accepted.write(new byte[1])).isInstanceOf(IOException.class);
        StreamConnection unused = near.newConnection();
        unused.close();

        assertThatThrownBy(() -> unused.connect(listener.localAddress(), PATIENCE_MILLIS)).isInstanceOf(IOException.class);
    }

    // ---- Datagrams ----

    private static PacketBatch one() {
        return new BufferPool(BufferPool.Memory.HEAP, 2048).batch(1);
    }

    private static SendResult send(DatagramTransport from, InetSocketAddress to, byte[] datagram) throws IOException {
        PacketBatch batch = one();
        PacketBuffer buffer = batch.next();
        buffer.reset(PacketDevice.HEADROOM_BYTES, datagram.length);
        buffer.memory().put(PacketDevice.HEADROOM_BYTES, datagram);
        buffer.remote(to);
        SendResult[] results = new SendResult[1];
        from.send(batch, results);
        return results[0];
    }

    @Test
    void aDatagramArrivesWithItsSenderAndTheAnswerToo() throws Exception {
        try (DatagramTransport left = udp(near, nearAddress()); DatagramTransport right = udp(far, farAddress())) {
            PacketBatch batch = one();
            assertThat(send(left, right.localAddress(), bytes("there"))).isEqualTo(SendResult.SENT);
            assertThat(right.receive(batch)).isEqualTo(1);
            assertThat(batch.get(0).view()).isEqualTo(ByteBuffer.wrap(bytes("there")));
            assertThat(batch.get(0).remote()).isEqualTo(left.localAddress());
            send(right, left.localAddress(), bytes("back"));
            left.receive(batch);

            assertThat(batch.get(0).view()).isEqualTo(ByteBuffer.wrap(bytes("back")));
            assertThat(batch.get(0).offset()).isGreaterThanOrEqualTo(PacketDevice.HEADROOM_BYTES);
        }
    }

    @Test
    void closingWakesAReceiver() throws Exception {
        DatagramTransport socket = udp(far, farAddress());
        CompletableFuture<Throwable> receiving = blocked(() -> socket.receive(one()));
        socket.close();
        socket.close();

        assertThat(receiving.get()).isInstanceOf(NodeClosedException.class);
        assertThatThrownBy(() -> send(socket, listener.localAddress(), new byte[1])).isInstanceOf(NodeClosedException.class);
        try (DatagramTransport again = udp(far, socket.localAddress())) {
            assertThatThrownBy(() -> udp(far, again.localAddress()))
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining("" + again.localAddress().getPort());
        }
    }

    @Test
    void tcpAndUdpShareAPort() throws Exception {
        try (DatagramTransport socket = udp(far, listener.localAddress())) {
            assertThat(socket.localAddress()).isEqualTo(listener.localAddress());
        }
    }

    // ---- Names, accounts ----

    @Test
    void aNumericAddressIsItself() throws Exception {
        InetAddress address = farAddress().getAddress();

        assertThat(near.lookUp(address.getHostAddress())).containsExactly(address);
    }

    @Test
    void everythingHandedOutIsAccounted() throws Exception {
        try (Pair pair = connect(); DatagramTransport socket = udp(far, farAddress())) {
            assertThat(pair.dialled.remote()).isEqualTo(listener.localAddress());
            assertThat(socket.localAddress().getPort()).isPositive();

            assertThat(ledger.held()).hasSize(4).allMatch(held -> held.kind().equals("socket") && !held.place().isEmpty());
        }
    }

    private static DatagramTransport udp(Network network, InetSocketAddress address) throws IOException {
        return network.udp(address, 0, 0, DataPathOptions.DEFAULT.withQueues(1)).getFirst();
    }
}
