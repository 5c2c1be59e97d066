package org.tinc4j.impl.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tinc4j.DropReason;
import org.tinc4j.impl.stack.tcp.TcpSettings;
import org.tinc4j.spi.BufferPool;
import org.tinc4j.spi.PacketBatch;

/** Many connections send as fast as they can from one host to another; what one device gives, the other has at once. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BulkSendersTest {

    private static final int SENDERS = 200;
    /** At first, so that congestion windows grow: together they are beyond what the ring could hold. */
    private static final int FIRST_BYTES = 100_000;

    private static final int BYTES = 400_000;
    private static final long HALF = (long) SENDERS * BYTES / 2;
    private static final int PORT = 80;

    /** One of the two, with the thread that reads its device. */
    private static final class End {
        private final InetAddress address;
        private final Map<DropReason, Integer> drops = Collections.synchronizedMap(new EnumMap<>(DropReason.class));
        private final StackDevice device = new StackDevice("test", (reason, count) -> drops.merge(reason, count, Integer::sum));
        private final HostStack host;

        End(int last) {
            address = Packets.address(new byte[] {10, 0, 0, (byte) last});
            LocalAddresses own = new LocalAddresses() {
                @Override
                public InetAddress sourceFor(InetAddress remote) {
                    return address;
                }

                @Override
                public boolean isLocal(InetAddress other) {
                    return other.equals(address);
                }
            };
            host = new HostStack(device, own, System::nanoTime, (job, body) -> Thread.ofVirtual().name(job).start(body));
        }

        void carryTo(End other, AtomicReference<CountDownLatch> gate) {
            Thread.ofVirtual().start(() -> {
                PacketBatch batch = new BufferPool(BufferPool.Memory.HEAP, 70_000).batch(4);
                try {
                    while (true) {
                        device.read(batch);
                        gate.get().await();
                        other.device.write(batch);
                    }
                } catch (IOException | InterruptedException e) {
                    // It is closed.
                }
            });
        }
    }

    private final End near = new End(1);
    private final End far = new End(2);
    private final AtomicReference<CountDownLatch> gate = new AtomicReference<>(new CountDownLatch(0));
    private final List<TcpEndpoint> sending = new ArrayList<>();
    private final List<TcpEndpoint> receiving = new ArrayList<>();
    private final List<Thread> senders = new ArrayList<>();
    private final List<Thread> readers = new ArrayList<>();
    private final AtomicLongArray received = new AtomicLongArray(SENDERS);
    private final AtomicLong all = new AtomicLong();
    private final List<Long> atHalfTime = Collections.synchronizedList(new ArrayList<>());

    private void connect() throws IOException {
        near.carryTo(far, gate);
        far.carryTo(near, new AtomicReference<>(new CountDownLatch(0)));
        Object owner = new Object();
        far.host.bind(null, PORT, owner);
        TcpListening listening = far.host.listen(null, PORT, owner, SENDERS);
        for (int i = 0; i < SENDERS; i++) {
            TcpEndpoint endpoint = near.host.connect(null, 0, far.address, PORT, TcpSettings.defaults(StackDevice.MTU_BYTES), 0);
            endpoint.awaitConnected(10_000);
            sending.add(endpoint);
            receiving.add(listening.accept(10_000));
        }
    }

    /** All send, with a pause of the reader when they have begun, until each has written more than may leave. */
    private void sendAgainstAPause() throws InterruptedException {
        CountDownLatch paused = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(SENDERS);
        for (TcpEndpoint endpoint : sending) {
            senders.add(Thread.ofVirtual().start(() -> {
                try {
                    endpoint.write(new byte[FIRST_BYTES], 0, FIRST_BYTES);
                    paused.await();
                    endpoint.write(new byte[10_000], 0, 10_000);
                    begun.countDown();
                    endpoint.write(new byte[BYTES - FIRST_BYTES - 10_000], 0, BYTES - FIRST_BYTES - 10_000);
                    endpoint.close(-1);
                } catch (IOException | InterruptedException e) {
                    // It was closed.
                }
            }));
        }
        await().until(() -> all.get() == (long) SENDERS * FIRST_BYTES);
        gate.set(new CountDownLatch(1));
        paused.countDown();
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    }

    private void receive() {
        for (int i = 0; i < SENDERS; i++) {
            int number = i;
            readers.add(Thread.ofVirtual().start(() -> {
                byte[] into = new byte[64 << 10];
                try {
                    for (int count = 0; count >= 0; count = receiving.get(number).read(into, 0, into.length, 30_000)) {
                        received.addAndGet(number, count);
                        long sum = all.addAndGet(count);
                        if (sum >= HALF && sum - count < HALF) {
                            for (int j = 0; j < SENDERS; j++) {
                                atHalfTime.add(received.get(j));
                            }
                        }
                    }
                } catch (IOException e) {
                    // It was closed.
                }
            }));
        }
    }

    @AfterEach
    void close() {
        gate.get().countDown();
        near.device.close();
        far.device.close();
    }

    @Test
    void nothingIsDroppedAndNobodyIsLeftBehind() throws Exception {
        connect();
        receive();
        sendAgainstAPause();
        gate.get().countDown();
        for (Thread reader : readers) {
            reader.join();
        }

        for (int i = 0; i < SENDERS; i++) {
            assertThat(received.get(i)).isEqualTo(BYTES);
        }
        assertThat(near.drops).doesNotContainKey(DropReason.QUEUE_FULL);
        assertThat(far.drops).doesNotContainKey(DropReason.QUEUE_FULL);
        // When half of everything has come, whoever has least got a tenth of its share after the pause.
        assertThat(Collections.min(atHalfTime)).isGreaterThan(FIRST_BYTES + (BYTES / 2 - FIRST_BYTES) / 10);
    }

    @Test
    void sendersThatWaitForAReaderThatClosesGetAnException() throws Exception {
        connect();
        receive();
        sendAgainstAPause();

        near.device.close();

        for (Thread sender : senders) {
            sender.join();
        }
        assertThat(near.host.connections()).isZero();
    }
}
