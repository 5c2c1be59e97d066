package org.tinc4j.linux.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tinc4j.NodeClosedException;
import org.tinc4j.Offload;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.linux.udp.Datagrams.Arrived;
import org.tinc4j.spi.BufferPool.Memory;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.DatagramTransport.SendResult;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketDevice;

/** What {@link DatagramTransport} promises, over loopback, with each set of offloads switched off, by system calls and through io_uring. */
@EnabledOnOs(OS.LINUX)
@Timeout(30)
class UdpTransportTest {

    private static final int SOCKET_BUFFER_BYTES = 4 << 20;

    static Stream<DataPathOptions> options() {
        List<Offload> offloads = List.of(Offload.UDP_SEGMENT, Offload.UDP_GRO, Offload.UDP_BATCH);
        List<DataPathOptions> all = new ArrayList<>();
        for (int set = 0; set < 1 << offloads.size(); set++) {
            EnumSet<Offload> off = EnumSet.noneOf(Offload.class);
            for (int i = 0; i < offloads.size(); i++) {
                if ((set & 1 << i) != 0) {
                    off.add(offloads.get(i));
                }
            }
            DataPathOptions options = DataPathOptions.DEFAULT.withQueues(1).without(off.toArray(Offload[]::new));
            all.add(options);
            all.add(options.with(Offload.IO_URING));
        }
        return all.stream();
    }

    static Stream<Arguments> optionsAndAddresses() {
        return options().flatMap(options -> Stream.of("127.0.0.1", "::1").map(address -> Arguments.of(options, address)));
    }

    private static DatagramTransport open(DataPathOptions options, String address) throws Exception {
        return new UdpProvider().open(new InetSocketAddress(address, 0), SOCKET_BUFFER_BYTES, SOCKET_BUFFER_BYTES, options).getFirst();
    }

    @ParameterizedTest
    @MethodSource("optionsAndAddresses")
    void aDatagramArrivesWithItsSenderAndTheAnswerToo(DataPathOptions options, String address) throws Exception {
        try (DatagramTransport left = open(options, address); DatagramTransport right = open(options, address)) {
            PacketBatch batch = Datagrams.batch(Memory.DIRECT, 2);
            Datagrams.add(batch, right.localAddress(), Datagrams.bytes(1, 100));
            assertThat(Datagrams.send(left, batch)).containsExactly(SendResult.SENT);
            assertThat(right.receive(batch)).isEqualTo(1);
            PacketBuffer got = batch.get(0);
            assertThat(got.view()).isEqualTo(ByteBuffer.wrap(Datagrams.bytes(1, 100)));
            assertThat(got.remote()).isEqualTo(left.localAddress());
            assertThat(got.offset()).isGreaterThanOrEqualTo(PacketDevice.HEADROOM_BYTES);
            assertThat(got.segmentation()).isEqualTo(PacketBuffer.Segmentation.NONE);
            assertThat(Datagrams.send(right, batch)).containsExactly(SendResult.SENT);
            assertThat(Datagrams.receive(left, batch, 1)).containsExactly(
                    new Arrived(right.localAddress(), ByteBuffer.wrap(Datagrams.bytes(1, 100))));
        }
    }

    @ParameterizedTest
    @MethodSource("optionsAndAddresses")
    void runsOfEveryLengthArriveWholeAndInOrder(DataPathOptions options, String address) throws Exception {
        for (Memory memory : Memory.values()) {
            try (DatagramTransport left = open(options, address); DatagramTransport right = open(options, address)) {
                PacketBatch batch = Datagrams.batch(memory, 1);
                for (int count : new int[] {1, 2, 3, 43, 44, 63, 64}) {
                    checkRun(left, right, batch, count * 1000, 1000, count);
                    checkRun(left, right, batch, count * 1000 - 999, 1000, count);
                }
                checkRun(left, right, batch, 65507, 1458, 45);
                checkRun(left, right, batch, 65507, 1024, 64);
                checkRun(left, right, batch, 64, 1, 64);
            }
        }
    }

    private static void checkRun(DatagramTransport left, DatagramTransport right, PacketBatch batch, int bytes, int segmentBytes, int count)
            throws Exception {
        byte[] content = Datagrams.bytes(count, bytes);
        batch.clear();
        Datagrams.addRun(batch, right.localAddress(), content, segmentBytes);
        assertThat(Datagrams.send(left, batch)).containsExactly(SendResult.SENT);
        List<Arrived> arrived = Datagrams.receive(right, batch, count);
        ByteBuffer all = ByteBuffer.allocate(bytes);
        for (int i = 0; i < count; i++) {
            assertThat(arrived.get(i).from()).isEqualTo(left.localAddress());
            assertThat(arrived.get(i).bytes().remaining()).isEqualTo(Math.min(segmentBytes, bytes - i * segmentBytes));
            all.put(arrived.get(i).bytes());
        }
        assertThat(all.array()).isEqualTo(content);
        assertThat(arrived).hasSize(count);
    }

    @ParameterizedTest
    @MethodSource("optionsAndAddresses")
    void aRunStaysOneWhereTheKernelKeepsItTogether(DataPathOptions options, String address) throws Exception {
        try (DatagramTransport left = open(options, address); DatagramTransport right = open(options, "::")) {
            PacketBatch batch = Datagrams.batch(Memory.DIRECT, 64);
            Datagrams.addRun(batch, new InetSocketAddress(address, right.localAddress().getPort()), Datagrams.bytes(1, 43_500), 1000);
            Datagrams.send(left, batch);
            boolean kept = options.allows(Offload.UDP_SEGMENT) && options.allows(Offload.UDP_GRO);
            int count = 0;
            do {
                right.receive(batch);
                count += batch.size();
                for (int i = 0; i < batch.size(); i++) {
                    assertThat(batch.get(i).segmentBytes()).isEqualTo(kept ? 1000 : 0);
                }
            } while (count < (kept ? 1 : 44));
            assertThat(batch.get(batch.size() - 1).length()).isEqualTo(kept ? 43_500 : 500);
        }
    }

    @ParameterizedTest
    @MethodSource("options")
    void buffersThatFollowOneAnotherGoTogetherAndArriveInOrder(DataPathOptions options) throws Exception {
        try (DatagramTransport left = open(options, "127.0.0.1"); DatagramTransport right = open(options, "127.0.0.1")) {
            PacketBatch batch = Datagrams.batch(Memory.DIRECT, 70);
            List<ByteBuffer> sent = new ArrayList<>();
            for (int i = 0; i < 70; i++) {
                byte[] datagram = Datagrams.bytes(i, i % 10 == 9 ? 77 : i % 7 == 3 ? 1500 : 1400);
                sent.add(ByteBuffer.wrap(datagram));
                Datagrams.add(batch, right.localAddress(), datagram);
            }
            assertThat(Datagrams.send(left, batch)).containsOnly(SendResult.SENT);
            assertThat(Datagrams.receive(right, Datagrams.batch(Memory.DIRECT, 8), 70)).extracting(Arrived::bytes).isEqualTo(sent);
        }
    }

    @ParameterizedTest
    @MethodSource("options")
    void peersInTurnEachGetTheirOwn(DataPathOptions options) throws Exception {
        List<DatagramTransport> peers = new ArrayList<>();
        try (DatagramTransport hub = open(options, "127.0.0.1")) {
            for (int i = 0; i < 3; i++) {
                peers.add(open(options, "127.0.0.1"));
            }
            PacketBatch batch = Datagrams.batch(Memory.DIRECT, 30);
            for (int i = 0; i < 30; i++) {
                Datagrams.add(batch, peers.get(i % 3).localAddress(), Datagrams.bytes(i, 200));
            }
            assertThat(Datagrams.send(hub, batch)).containsOnly(SendResult.SENT);
            for (int peer = 0; peer < 3; peer++) {
                List<Arrived> arrived = Datagrams.receive(peers.get(peer), Datagrams.batch(Memory.DIRECT, 4), 10);
                for (int i = 0; i < 10; i++) {
                    assertThat(arrived.get(i)).isEqualTo(
                            new Arrived(hub.localAddress(), ByteBuffer.wrap(Datagrams.bytes(3 * i + peer, 200))));
                }
            }
        } finally {
            peers.forEach(DatagramTransport::close);
        }
    }

    @ParameterizedTest
    @MethodSource("options")
    void manyThreadsSendAtOnce(DataPathOptions options) throws Exception {
        int threads = 12;
        int each = 20;
        try (DatagramTransport left = open(options, "127.0.0.1"); DatagramTransport right = open(options, "127.0.0.1")) {
            List<CompletableFuture<SendResult[]>> senders = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                PacketBatch batch = Datagrams.batch(Memory.DIRECT, each);
                for (int i = 0; i < each; i++) {
                    Datagrams.add(batch, right.localAddress(), Datagrams.bytes(thread * each + i, 100));
                }
                CompletableFuture<SendResult[]> end = new CompletableFuture<>();
                Thread.ofPlatform().start(() -> {
                    try {
                        end.complete(Datagrams.send(left, batch));
                    } catch (Throwable e) {
                        end.completeExceptionally(e);
                    }
                });
                senders.add(end);
            }
            for (CompletableFuture<SendResult[]> sender : senders) {
                assertThat(sender.get(5, TimeUnit.SECONDS)).containsOnly(SendResult.SENT);
            }
            List<ByteBuffer> expected = new ArrayList<>();
            for (int i = 0; i < threads * each; i++) {
                expected.add(ByteBuffer.wrap(Datagrams.bytes(i, 100)));
            }
            assertThat(Datagrams.receive(right, Datagrams.batch(Memory.DIRECT, 8), threads * each))
                    .extracting(Arrived::bytes)
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("options")
    void theWildcardOfIpv6ServesBothFamilies(DataPathOptions options) throws Exception {
        try (DatagramTransport both = open(options, "::");
                DatagramTransport four = open(options, "127.0.0.1");
                DatagramTransport six = open(options, "::1")) {
            PacketBatch batch = Datagrams.batch(Memory.DIRECT, 4);
            int port = both.localAddress().getPort();
            Datagrams.add(batch, new InetSocketAddress("127.0.0.1", port), new byte[] {4});
            Datagrams.add(batch, new InetSocketAddress("::1", port), new byte[] {6});
            // What a socket of one family cannot reach is lost.
            assertThat(Datagrams.send(four, batch)).containsExactly(SendResult.SENT, SendResult.FAILED);
            assertThat(Datagrams.receive(both, Datagrams.batch(Memory.DIRECT, 4), 1).getFirst().from())
                    .isEqualTo(four.localAddress())
                    .satisfies(from -> assertThat(from.getAddress()).isInstanceOf(Inet4Address.class));
            batch.clear();
            Datagrams.add(batch, new InetSocketAddress("::1", port), new byte[] {6});
            Datagrams.send(six, batch);
            assertThat(Datagrams.receive(both, Datagrams.batch(Memory.DIRECT, 4), 1).getFirst().from().getAddress())
                    .isInstanceOf(Inet6Address.class);
            batch.clear();
            Datagrams.addRun(batch, four.localAddress(), Datagrams.bytes(1, 3000), 1000);
            Datagrams.addRun(batch, six.localAddress(), Datagrams.bytes(2, 3000), 1000);
            assertThat(Datagrams.send(both, batch)).containsOnly(SendResult.SENT);
            assertThat(Datagrams.receive(four, batch, 3).getFirst().from()).isEqualTo(new InetSocketAddress("127.0.0.1", port));
            assertThat(Datagrams.receive(six, batch, 3).getFirst().from()).isEqualTo(new InetSocketAddress("::1", port));
        }
    }

    @ParameterizedTest
    @MethodSource("options")
    void aSenderIsTheSameObjectEachTime(DataPathOptions options) throws Exception {
        try (DatagramTransport left = open(options, "127.0.0.1"); DatagramTransport right = open(options, "127.0.0.1")) {
            PacketBatch batch = Datagrams.batch(Memory.DIRECT, 1);
            Datagrams.add(batch, right.localAddress(), new byte[10]);
            Datagrams.send(left, batch);
            Datagrams.send(left, batch);
            PacketBatch received = Datagrams.batch(Memory.DIRECT, 1);
            right.receive(received);
            InetSocketAddress first = received.get(0).remote();
            right.receive(received);
            assertThat(received.get(0).remote()).isSameAs(first);
        }
    }

    @ParameterizedTest
    @MethodSource("options")
    void whatIsLongerThanADatagramMayBeIsTooLongAndTheRestIsSent(DataPathOptions options) throws Exception {
        try (DatagramTransport left = open(options, "127.0.0.1"); DatagramTransport right = open(options, "127.0.0.1")) {
            PacketBatch batch = Datagrams.batch(Memory.DIRECT, 3);
            Datagrams.add(batch, right.localAddress(), new byte[65_508]);
            Datagrams.add(batch, right.localAddress(), new byte[7]);
            Datagrams.add(batch, new InetSocketAddress("127.0.0.1", 0), new byte[7]);
            assertThat(Datagrams.send(left, batch)).containsExactly(SendResult.TOO_LONG, SendResult.SENT, SendResult.FAILED);
            assertThat(Datagrams.receive(right, batch, 1).getFirst().bytes().remaining()).isEqualTo(7);
            assertThat(left.capabilities()).isEqualTo(right.capabilities());
        }
    }

    @ParameterizedTest
    @MethodSource("options")
    void anEmptyDatagramIsOne(DataPathOptions options) throws Exception {
        try (DatagramTransport left = open(options, "127.0.0.1"); DatagramTransport right = open(options, "127.0.0.1")) {
            PacketBatch batch = Datagrams.batch(Memory.HEAP, 1);
            Datagrams.add(batch, right.localAddress(), new byte[0]);
            assertThat(Datagrams.send(left, batch)).containsExactly(SendResult.SENT);
            assertThat(Datagrams.receive(right, batch, 1)).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("options")
    void aDatagramWithoutRoomIsDroppedAndTheOthersMoveUp(DataPathOptions options) throws Exception {
        for (Memory memory : Memory.values()) {
            try (DatagramTransport left = open(options, "127.0.0.1"); DatagramTransport right = open(options, "127.0.0.1")) {
                for (int length : new int[] {10, 5000, 20}) {
                    PacketBatch batch = Datagrams.batch(memory, 1);
                    Datagrams.add(batch, right.localAddress(), Datagrams.bytes(length, length));
                    assertThat(Datagrams.send(left, batch)).containsExactly(SendResult.SENT);
                }
                PacketBatch whole = Datagrams.batch(memory, 2);
                PacketBuffer small = new PacketBuffer(whole.get(1).memory().slice(0, PacketDevice.HEADROOM_BYTES + 1000 + PacketDevice.TAILROOM_BYTES));
                PacketBatch batch = new PacketBatch(whole.get(0), small, Datagrams.batch(memory, 1).get(0));
                assertThat(right.receive(batch)).isEqualTo(2);
                assertThat(batch.get(0).view()).isEqualTo(ByteBuffer.wrap(Datagrams.bytes(10, 10)));
                assertThat(batch.get(1).view()).isEqualTo(ByteBuffer.wrap(Datagrams.bytes(20, 20)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("options")
    void saysWhatIsUsedAndWhy(DataPathOptions options) throws Exception {
        try (DatagramTransport socket = open(options, "127.0.0.1")) {
            for (Offload offload : List.of(Offload.UDP_SEGMENT, Offload.UDP_GRO, Offload.UDP_BATCH)) {
                assertThat(socket.capabilities().has(offload)).isEqualTo(options.allows(offload));
                assertThat(socket.capabilities().inactive().get(offload)).isEqualTo(options.allows(offload) ? null : "switched off");
            }
            assertThat(socket.receiveBytes()).isEqualTo(options.allows(Offload.UDP_GRO) ? 65535 : DatagramTransport.SINGLE_BYTES);
            assertThat(socket.sendBytes()).isEqualTo(65507);
            assertThat(socket.memory()).isEqualTo(Memory.DIRECT);
        }
    }

    @ParameterizedTest
    @MethodSource("options")
    void blocksTooSmallForWhatMayArriveAreRefused(DataPathOptions options) throws Exception {
        try (DatagramTransport socket = open(options, "127.0.0.1")) {
            PacketBatch small = new PacketBatch(new PacketBuffer(ByteBuffer.allocateDirect(2047)));
            assertThatThrownBy(() -> socket.receive(small))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a block of 2047 bytes is too small")
                    .hasMessageEndingWith("make blocks of at least " + (PacketDevice.HEADROOM_BYTES + socket.receiveBytes() + PacketDevice.TAILROOM_BYTES) + " bytes");
        }
    }

    @ParameterizedTest
    @MethodSource("options")
    void closingWakesAReceiverOnEitherKindOfThread(DataPathOptions options) throws Exception {
        for (Thread.Builder builder : List.of(Thread.ofVirtual(), Thread.ofPlatform())) {
            DatagramTransport socket = open(options, "127.0.0.1");
            CompletableFuture<Throwable> end = new CompletableFuture<>();
            Thread reader = builder.start(() -> {
                try {
                    socket.receive(Datagrams.batch(Memory.DIRECT, 1));
                    end.complete(null);
                } catch (Throwable e) {
                    end.complete(e);
                }
            });
            awaitBlocked(reader);
            socket.close();
            socket.close();
            assertThat(end.get(5, TimeUnit.SECONDS))
                    .isInstanceOf(NodeClosedException.class)
                    .hasMessage("UDP socket 127.0.0.1 port " + socket.localAddress().getPort() + " is closed");
            PacketBatch batch = Datagrams.batch(Memory.DIRECT, 1);
            Datagrams.add(batch, socket.localAddress(), new byte[1]);
            assertThatThrownBy(() -> Datagrams.send(socket, batch)).isInstanceOf(NodeClosedException.class);
            assertThatThrownBy(() -> socket.receive(batch)).isInstanceOf(NodeClosedException.class);
        }
    }

    /** A virtual thread parks; a platform thread is in a system call, which Java does not tell from running. */
    static void awaitBlocked(Thread reader) {
        await().until(() -> reader.isVirtual()
                ? reader.getState() == Thread.State.WAITING
                : Stream.of(reader.getStackTrace()).anyMatch(frame -> frame.getMethodName().equals("ppoll")));
    }
}
