package org.tinc4j.linux.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tinc4j.NodeClosedException;
import org.tinc4j.Offload;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.linux.grant.GrantedOffloads;
import org.tinc4j.linux.reactor.Descriptor;
import org.tinc4j.linux.sys.Errno;
import org.tinc4j.linux.sys.IoUring;
import org.tinc4j.linux.sys.NativeMemory;
import org.tinc4j.linux.sys.SystemCalls;
import org.tinc4j.linux.udp.Datagrams.Arrived;
import org.tinc4j.linux.uring.RefusingRings;
import org.tinc4j.linux.uring.RingRefused;
import org.tinc4j.spi.BufferPool.Memory;
import org.tinc4j.spi.DatagramTransport;
import org.tinc4j.spi.DatagramTransport.SendResult;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.Pollable;

/**
 * What is particular to io_uring, beyond the promises of every transport. Where the kernel refuses it, system calls keep the same promises, and the
 * refusal must have been told.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class ThroughRingTest {

    private static final DataPathOptions RUNS = DataPathOptions.DEFAULT.with(Offload.IO_URING).withQueues(1);
    private static final DataPathOptions SINGLE = RUNS.without(Offload.UDP_GRO);
    private static final InetSocketAddress ANY = new InetSocketAddress("127.0.0.1", 0);

    private final RefusingRings rings = new RefusingRings();
    private DatagramTransport plain;
    private SocketSetup setup;

    @BeforeEach
    void open() throws Exception {
        plain = new UdpProvider().open(ANY, 4 << 20, 4 << 20, DataPathOptions.DEFAULT.withQueues(1)).getFirst();
    }

    @AfterEach
    void close() {
        plain.close();
    }

    private UdpTransport open(DataPathOptions options) throws Exception {
        GrantedOffloads offloads = new GrantedOffloads("test", UdpProvider.KINDS, options);
        setup = SocketSetup.socket(ANY);
        setup.buffers(4 << 20, 4 << 20);
        setup.dontFragment();
        setup.bind(ANY);
        setup.offloads(offloads);
        int receiveBytes = offloads.uses(Offload.UDP_GRO) ? UdpTransport.RUN_BYTES : DatagramTransport.SINGLE_BYTES;
        return new UdpTransport(
                new Descriptor(setup.fd(), "test"), setup.family(), setup.localAddress(), receiveBytes, offloads, MessageCalls.KERNEL, rings);
    }

    /** Whether there is a ring; if not, it must have been told why. */
    private static boolean hasRing(DatagramTransport transport) {
        if (!transport.capabilities().has(Offload.IO_URING)) {
            assertThat(transport.capabilities().inactive().get(Offload.IO_URING)).startsWith("io_uring_");
            return false;
        }
        return true;
    }

    /** Sends datagrams one by one, which hold their numbers. */
    private static List<ByteBuffer> send(DatagramTransport from, InetSocketAddress to, int first, int count) throws Exception {
        List<ByteBuffer> sent = new ArrayList<>();
        PacketBatch batch = Datagrams.batch(Memory.DIRECT, 1);
        for (int i = first; i < first + count; i++) {
            batch.clear();
            byte[] content = ByteBuffer.allocate(100).putInt(0, i).array();
            Datagrams.add(batch, to, content);
            assertThat(Datagrams.send(from, batch)).containsExactly(SendResult.SENT);
            sent.add(ByteBuffer.wrap(content));
        }
        return sent;
    }

    private static int poll(DatagramTransport transport) throws Exception {
        return transport.pollable().orElseThrow().poll(Datagrams.batch(Memory.DIRECT, 1));
    }

    private static void assertArrives(List<ByteBuffer> sent, DatagramTransport at) throws Exception {
        assertThat(Datagrams.receive(at, Datagrams.batch(Memory.DIRECT, 8), sent.size())).extracting(Arrived::bytes).isEqualTo(sent);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatASlowReaderHasNoBuffersForArrivesLater(boolean runs) throws Exception {
        try (UdpTransport transport = open(runs ? RUNS : SINGLE)) {
            assertThat(poll(transport)).isZero();
            assertArrives(send(plain, transport.localAddress(), 0, 500), transport);
            assertThat(poll(transport)).isZero();
            assertArrives(send(plain, transport.localAddress(), 500, 3), transport);
            // Each time the buffers ran out the receive was started again.
            assertThat(!hasRing(transport) || rings.enters.get() > 500 / 65).isTrue();
        }
    }

    /** More than there are numbers in the ring of buffers, which are 16 bits long. */
    @Test
    void allNumbersGoRound() throws Exception {
        try (UdpTransport transport = open(SINGLE.without(Offload.UDP_SEGMENT))) {
            PacketBatch out = Datagrams.batch(Memory.DIRECT, 50);
            PacketBatch in = Datagrams.batch(Memory.DIRECT, 64);
            for (int i = 0; i < 50; i++) {
                Datagrams.add(out, transport.localAddress(), new byte[Integer.BYTES]);
            }
            int expected = 0;
            for (int round = 0; round < 1400; round++) {
                for (int i = 0; i < 50; i++) {
                    out.get(i).memory().putInt(out.get(i).offset(), round * 50 + i);
                }
                // Its own sends go through the other ring.
                assertThat(Datagrams.send(round % 2 == 0 ? plain : transport, out)).containsOnly(SendResult.SENT);
                for (int got = 0; got < 50; got += in.size()) {
                    transport.receive(in);
                    for (int i = 0; i < in.size(); i++) {
                        assertThat(in.get(i).memory().getInt(in.get(i).offset())).isEqualTo(expected++);
                    }
                }
            }
            hasRing(transport);
        }
    }

    @Test
    void aBatchThatIsFullLeavesTheRestForTheNext() throws Exception {
        try (UdpTransport transport = open(RUNS)) {
            List<ByteBuffer> sent = send(plain, transport.localAddress(), 0, 3);
            for (ByteBuffer datagram : sent) {
                assertThat(transport.pollable().orElseThrow().awaitWithin(999_999_999, transport.pollable().orElseThrow())).isTrue();
                assertThat(Datagrams.receive(transport, Datagrams.batch(Memory.DIRECT, 1), 1)).extracting(Arrived::bytes).containsExactly(datagram);
            }
            assertThat(poll(transport)).isZero();
            assertThat(transport.pollable().orElseThrow().awaitWithin(1, transport.pollable().orElseThrow())).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDatagramWakesWhoWaits(boolean virtual) throws Exception {
        try (UdpTransport transport = open(RUNS)) {
            assertWakes(transport, virtual ? Thread.ofVirtual() : Thread.ofPlatform(), 200);
        }
    }

    /** A receive whose thread of the kernel has ended does not take the next datagram, but ends. What it brought stays, and another is started. */
    @Test
    void goesOnWhereTheThreadThatStartedItEnded() throws Exception {
        for (int i = 0; i < 20; i++) {
            int before = rings.enters.get();
            CompletableFuture<UdpTransport> opened = new CompletableFuture<>();
            CountDownLatch enough = new CountDownLatch(1);
            Thread opener = Thread.ofPlatform().start(() -> {
                try {
                    opened.complete(open(RUNS));
                    enough.await();
                } catch (Throwable e) {
                    opened.completeExceptionally(e);
                }
            });
            try (UdpTransport transport = opened.get(5, TimeUnit.SECONDS)) {
                List<ByteBuffer> sent = send(plain, transport.localAddress(), 0, 2);
                enough.countDown();
                opener.join();
                assertArrives(sent, transport);
                AtomicInteger next = new AtomicInteger();
                // The kernel's thread ends a little after Java's.
                await().pollInSameThread().until(() -> {
                    assertArrives(send(plain, transport.localAddress(), next.getAndIncrement(), 1), transport);
                    return !hasRing(transport) || rings.enters.get() == before + 2;
                });
            }
        }
    }

    /** Else the kernel would write to memory that is no longer ours: after the end it takes nothing more from the socket. */
    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, false"})
    void afterTheEndNothingIsReceivedAnyMore(boolean otherThread, boolean stillThere) throws Exception {
        setup = SocketSetup.socket(ANY);
        setup.bind(ANY);
        ByteBuffer memory = NativeMemory.allocate(100);
        for (int i = 0; i < 100; i++) {
            RingReceiver receiver;
            try {
                receiver = RingReceiver.open(rings, setup.fd(), "test", DatagramTransport.SINGLE_BYTES);
            } catch (RingRefused e) {
                assertThat(hasRing(open(RUNS))).isFalse();
                return;
            }
            CompletableFuture<Integer> started = new CompletableFuture<>();
            CountDownLatch ended = new CountDownLatch(1);
            Runnable start = () -> {
                try {
                    started.complete(receiver.receive(receiver.fd(), Datagrams.batch(Memory.HEAP, 1)));
                    if (stillThere) {
                        ended.await();
                    }
                } catch (Throwable e) {
                    started.completeExceptionally(e);
                }
            };
            if (otherThread) {
                Thread.ofPlatform().start(start);
            } else {
                start.run();
            }
            assertThat(started.get(5, TimeUnit.SECONDS)).isZero();
            long before = System.nanoTime();
            receiver.end(receiver.fd());
            assertThat(rings.enters.get()).as("starts and cancellations").isGreaterThanOrEqualTo(2 * (i + 1));
            // A second is when it gives up.
            assertThat(System.nanoTime() - before).isLessThan(TimeUnit.MILLISECONDS.toNanos(900));
            send(plain, setup.localAddress(), i, 1);
            assertThat(SystemCalls.recv(setup.fd(), NativeMemory.address(memory), memory.capacity())).isEqualTo(100);
            assertThat(memory.duplicate().getInt(0)).isEqualTo(i);
            ended.countDown();
        }
        SystemCalls.close(setup.fd());
    }

    @Test
    void aReceiveThatCannotBeCancelledDoesNotHoldUpACloseForLong() throws Exception {
        UdpTransport transport = open(RUNS);
        rings.entersLeft = 1;
        rings.enterErrno = Errno.EPERM;
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                transport.receive(Datagrams.batch(Memory.DIRECT, 1));
            } catch (Throwable e) {
                end.complete(e);
            }
        });
        UdpTransportTest.awaitBlocked(reader);
        CompletableFuture<Void> closed = CompletableFuture.runAsync(transport::close);
        assertThat(end.get(5, TimeUnit.SECONDS)).isInstanceOf(NodeClosedException.class);
        closed.get(5, TimeUnit.SECONDS);
    }

    /** Under traffic, at one port, which is free as soon as close has returned. */
    @Test
    void openedAndClosedAgainAndAgain() throws Exception {
        UdpTransport first = open(RUNS);
        InetSocketAddress address = first.localAddress();
        first.close();
        long before = openDescriptors();
        CompletableFuture<Void> stop = new CompletableFuture<>();
        Thread flood = Thread.ofPlatform().start(() -> {
            PacketBatch batch = Datagrams.batch(Memory.DIRECT, 20);
            for (int i = 0; i < 20; i++) {
                Datagrams.add(batch, address, new byte[i * 50]);
            }
            while (!stop.isDone()) {
                try {
                    Datagrams.send(plain, batch);
                    LockSupport.parkNanos(10_000);
                } catch (Exception e) {
                    stop.completeExceptionally(e);
                }
            }
        });
        for (int i = 0; i < 200; i++) {
            DatagramTransport transport = new UdpProvider().open(address, 1 << 20, 1 << 20, i % 2 == 0 ? RUNS : SINGLE).getFirst();
            CountDownLatch some = new CountDownLatch(30);
            CompletableFuture<Throwable> end = new CompletableFuture<>();
            (i % 3 == 0 ? Thread.ofPlatform() : Thread.ofVirtual()).start(() -> {
                PacketBatch batch = Datagrams.batch(Memory.DIRECT, 4);
                try {
                    while (true) {
                        transport.receive(batch);
                        some.countDown();
                    }
                } catch (Throwable e) {
                    end.complete(e);
                }
            });
            assertThat(some.await(5, TimeUnit.SECONDS)).isTrue();
            transport.close();
            assertThat(end.get(5, TimeUnit.SECONDS)).isInstanceOf(NodeClosedException.class);
        }
        stop.complete(null);
        flood.join();
        await().untilAsserted(() -> assertThat(openDescriptors()).isEqualTo(before));
    }

    private static long openDescriptors() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.ENOSYS, Errno.EPERM, Errno.EINVAL})
    void aKernelWithoutItIsAskedBySystemCalls(int errno) throws Exception {
        rings.setupErrno = errno;
        try (UdpTransport transport = open(RUNS)) {
            assertThat(transport.capabilities().inactive()).containsEntry(Offload.IO_URING, "io_uring_setup: " + Errno.describe(errno));
            assertWorks(transport);
        }
    }

    @Test
    void aKernelWithoutRingsOfBuffersIsAskedBySystemCalls() throws Exception {
        rings.refusedOperation = IoUring.REGISTER_PBUF_RING;
        rings.registerErrno = Errno.EINVAL;
        try (UdpTransport transport = open(RUNS)) {
            assertThat(hasRing(transport)).isFalse();
            assertWorks(transport);
        }
    }

    /** Refused when it is opened, and later, when buffers ran out or a batch is sent. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aRingThatIsRefusedLaterIsGivenUpForSystemCalls(int enters) throws Exception {
        rings.entersLeft = enters;
        rings.enterErrno = Errno.EPERM;
        try (UdpTransport transport = open(SINGLE)) {
            poll(transport);
            assertArrives(send(plain, transport.localAddress(), 0, 500), transport);
            assertWorks(transport);
            assertThat(hasRing(transport)).isFalse();
        }
    }

    /** Whoever looks in a reader's place finds that the ring failed; the reader is parked there. */
    @Test
    void aParkedReaderLeavesARingThatFails() throws Exception {
        rings.entersLeft = 1;
        rings.enterErrno = Errno.EPERM;
        try (UdpTransport transport = open(SINGLE)) {
            if (hasRing(transport)) {
                PacketBatch batch = Datagrams.batch(Memory.DIRECT, 64);
                Pollable pollable = transport.pollable().orElseThrow();
                CompletableFuture<Void> woken = new CompletableFuture<>();
                Thread reader = Thread.ofVirtual().start(() -> {
                    try {
                        pollable.await(() -> {
                            try {
                                pollable.poll(batch);
                                return true;
                            } catch (IOException e) {
                                woken.completeExceptionally(e);
                                return false;
                            }
                        });
                        woken.complete(null);
                    } catch (IOException e) {
                        woken.completeExceptionally(e);
                    }
                });
                UdpTransportTest.awaitBlocked(reader);
                send(plain, transport.localAddress(), 0, 500);
                woken.get(5, TimeUnit.SECONDS);
                assertThat(hasRing(transport)).isFalse();
                int left;
                do {
                    left = pollable.poll(batch);
                } while (left > 0);
            }
            assertWorks(transport);
        }
    }

    private void assertWorks(UdpTransport transport) throws Exception {
        assertWakes(transport, Thread.ofVirtual(), 1);
        PacketBatch batch = Datagrams.batch(Memory.DIRECT, 40);
        List<ByteBuffer> sent = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            sent.add(ByteBuffer.wrap(Datagrams.bytes(i, 100 + i)));
            Datagrams.add(batch, plain.localAddress(), Datagrams.bytes(i, 100 + i));
        }
        assertThat(Datagrams.send(transport, batch)).containsOnly(SendResult.SENT);
        assertArrives(sent, plain);
    }

    /** A reader that waits already gets what is sent then. */
    private void assertWakes(UdpTransport transport, Thread.Builder kind, int count) throws Exception {
        CompletableFuture<List<Arrived>> got = new CompletableFuture<>();
        Thread reader = kind.start(() -> {
            try {
                got.complete(Datagrams.receive(transport, Datagrams.batch(Memory.DIRECT, 8), count));
            } catch (Throwable e) {
                got.completeExceptionally(e);
            }
        });
        UdpTransportTest.awaitBlocked(reader);
        List<ByteBuffer> sent = send(plain, transport.localAddress(), 7, count);
        assertThat(got.get(5, TimeUnit.SECONDS)).extracting(Arrived::bytes).isEqualTo(sent);
    }

    /** A refused message cancels those behind it in the ring; they are sent again, and none twice. */
    @Test
    void whatComesAfterARefusedMessageIsSentOnce() throws Exception {
        try (UdpTransport transport = open(RUNS)) {
            PacketBatch batch = Datagrams.batch(Memory.DIRECT, 6);
            InetSocketAddress nowhere = new InetSocketAddress("127.0.0.1", 0);
            List<ByteBuffer> sent = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                boolean lost = i == 0 || i == 3;
                Datagrams.add(batch, lost ? nowhere : plain.localAddress(), Datagrams.bytes(i, 100 + i));
                if (!lost) {
                    sent.add(ByteBuffer.wrap(Datagrams.bytes(i, 100 + i)));
                }
            }
            assertThat(Datagrams.send(transport, batch)).containsExactly(
                    SendResult.FAILED, SendResult.SENT, SendResult.SENT, SendResult.FAILED, SendResult.SENT, SendResult.SENT);
            assertArrives(sent, plain);
            assertThat(poll(plain)).isZero();
            assertThat(!hasRing(transport) || rings.enters.get() >= 2).isTrue();
        }
    }

    @Test
    void runsThatAreRefusedGoDatagramByDatagram() throws Exception {
        try (UdpTransport transport = open(RUNS)) {
            RefusalTest.switchChecksumsOff(setup.fd());
            PacketBatch batch = Datagrams.batch(Memory.DIRECT, 3);
            Datagrams.add(batch, plain.localAddress(), Datagrams.bytes(1, 300));
            Datagrams.addRun(batch, plain.localAddress(), Datagrams.bytes(2, 9500), 1000);
            Datagrams.add(batch, plain.localAddress(), Datagrams.bytes(3, 700));
            assertThat(Datagrams.send(transport, batch)).containsOnly(SendResult.SENT);
            ByteBuffer all = ByteBuffer.allocate(300 + 9500 + 700);
            Datagrams.receive(plain, Datagrams.batch(Memory.DIRECT, 8), 12).forEach(arrived -> all.put(arrived.bytes()));
            assertThat(all.array()).isEqualTo(ByteBuffer.allocate(all.capacity())
                    .put(Datagrams.bytes(1, 300)).put(Datagrams.bytes(2, 9500)).put(Datagrams.bytes(3, 700)).array());
            assertThat(transport.capabilities().inactive()).containsEntry(Offload.UDP_SEGMENT, "sendmsg with UDP_SEGMENT: EINVAL (22)");
        }
    }
}
