package org.tinc4j.linux.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tinc4j.Offload;
import org.tinc4j.config.DataPathOptions;
import org.tinc4j.linux.grant.GrantedOffloads;
import org.tinc4j.linux.reactor.Descriptor;
import org.tinc4j.linux.sys.Errno;
import org.tinc4j.linux.sys.IoUring;
import org.tinc4j.linux.sys.NativeMemory;
import org.tinc4j.linux.sys.SystemCalls;
import org.tinc4j.linux.uring.BatchRing.Batch;

/** Writes to an eventfd, which adds up what is written to it: 8 bytes at a time, and never beyond its limit. */
@EnabledOnOs(OS.LINUX)
@Timeout(30)
class BatchRingTest {

    private static final DataPathOptions WANTED = DataPathOptions.DEFAULT.with(Offload.IO_URING);

    private final RefusingRings calls = new RefusingRings();
    private final GrantedOffloads offloads = new GrantedOffloads("test", Set.of(Offload.IO_URING), WANTED);
    private final ByteBuffer memory = NativeMemory.allocate(3 * Long.BYTES);
    private final long one = NativeMemory.address(memory);
    private int eventFd;
    private Descriptor descriptor;

    @BeforeEach
    void openEventFd() throws Exception {
        memory.putLong(0, 1);
        eventFd = SystemCalls.eventfd(SystemCalls.EFD_CLOEXEC | SystemCalls.EFD_NONBLOCK);
        descriptor = new Descriptor(eventFd, "eventfd");
    }

    @AfterEach
    void closeEventFd() {
        descriptor.close();
    }

    /** A ring, or else this kernel refuses, and that must have been told. */
    private BatchRing open() {
        BatchRing ring = new BatchRing(calls, descriptor, offloads);
        String refusal = offloads.capabilities().inactive().getOrDefault(Offload.IO_URING, "");
        if (!refusal.isEmpty()) {
            assertThat(refusal).startsWith("io_uring_");
            assertThat(ring.take()).isNull();
        }
        assumeTrue(refusal.isEmpty(), () -> "needs io_uring: " + refusal);
        return ring;
    }

    /** What was written since the last time. */
    private long sum() {
        long address = one + Long.BYTES;
        return SystemCalls.read(eventFd, address, Long.BYTES) == Long.BYTES ? memory.getLong(Long.BYTES) : 0;
    }

    private static long openDescriptors() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    @Test
    void everythingIsCarriedOutRoundAfterRound() {
        try (BatchRing ring = open()) {
            for (int round = 0; round < 1000; round++) {
                int count = 1 + round % Batch.OPERATIONS;
                Batch batch = ring.take();
                for (int i = 0; i < count; i++) {
                    batch.write(one, Long.BYTES);
                }
                assertThat(batch.run()).isEqualTo(count);
                for (int i = 0; i < count; i++) {
                    assertThat(batch.result(i)).isEqualTo(Long.BYTES);
                }
                assertThat(sum()).isEqualTo(count);
                ring.give(batch);
            }
        }
        assertThat(offloads.uses(Offload.IO_URING)).isTrue();
    }

    @Test
    void whatIsRefusedSaysSoAndHoldsUpNothing() {
        memory.putLong(2 * Long.BYTES, -2);
        try (BatchRing ring = open()) {
            Batch batch = ring.take();
            batch.write(one, 4);
            batch.write(one + 2 * Long.BYTES, Long.BYTES);
            // There is no room for it, and it does not wait until there is.
            batch.write(one, Long.BYTES);
            assertThat(batch.run()).isEqualTo(3);
            assertThat(batch.result(0)).isEqualTo(-Errno.EINVAL);
            assertThat(batch.result(1)).isEqualTo(Long.BYTES);
            assertThat(batch.result(2)).isEqualTo(-Errno.EAGAIN);
            ring.give(batch);
            assertThat(sum()).isEqualTo(-2);
            assertThat(sum()).isZero();
        }
    }

    @Test
    void whatWasGivenBackWithoutBeingCarriedOutIsForgotten() {
        try (BatchRing ring = open()) {
            Batch batch = ring.take();
            batch.write(one, Long.BYTES);
            ring.give(batch);
            batch = ring.take();
            batch.write(one, Long.BYTES);
            assertThat(batch.run()).isEqualTo(1);
            ring.give(batch);
            assertThat(sum()).isEqualTo(1);
        }
    }

    @Test
    void oneAtATimeHasIt() {
        try (BatchRing ring = open()) {
            Batch batch = ring.take();
            assertThat(ring.take()).isNull();
            ring.give(batch);
            assertThat(ring.take()).isSameAs(batch);
            ring.give(batch);
        }
    }

    @Test
    void severalThreadsUseItInTurn() throws Exception {
        try (BatchRing ring = open()) {
            Thread[] threads = new Thread[4];
            long[] written = new long[threads.length];
            for (int t = 0; t < threads.length; t++) {
                int mine = t;
                threads[t] = (t % 2 == 0 ? Thread.ofVirtual() : Thread.ofPlatform()).start(() -> {
                    while (written[mine] < 500) {
                        Batch batch = ring.take();
                        if (batch == null) {
                            Thread.yield();
                            continue;
                        }
                        batch.write(one, Long.BYTES);
                        batch.write(one, Long.BYTES);
                        written[mine] += batch.run();
                        ring.give(batch);
                    }
                });
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(sum()).isEqualTo(2000);
        }
    }

    @Test
    void isNotAskedForUnlessWanted() {
        calls.setupErrno = Errno.EBADF;
        GrantedOffloads unwanted = new GrantedOffloads("test", Set.of(Offload.IO_URING), DataPathOptions.DEFAULT);
        try (BatchRing ring = new BatchRing(calls, descriptor, unwanted)) {
            assertThat(ring.take()).isNull();
        }
        assertThat(unwanted.capabilities().inactive()).containsEntry(Offload.IO_URING, "switched off");
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.ENOSYS, Errno.EPERM, Errno.EINVAL, Errno.ENOMEM})
    void aKernelWithoutItIsToldOf(int errno) {
        calls.setupErrno = errno;
        try (BatchRing ring = new BatchRing(calls, descriptor, offloads)) {
            assertThat(ring.take()).isNull();
        }
        assertThat(offloads.capabilities().inactive()).containsEntry(Offload.IO_URING, "io_uring_setup: " + Errno.describe(errno));
    }

    @Test
    void aHalfMadeRingLeavesNoDescriptor() throws Exception {
        open().close();
        long before = openDescriptors();
        calls.refusedOperation = IoUring.REGISTER_FILES;
        calls.registerErrno = Errno.ENOMEM;
        try (BatchRing ring = new BatchRing(calls, descriptor, offloads)) {
            assertThat(ring.take()).isNull();
        }
        assertThat(offloads.capabilities().inactive())
                .containsEntry(Offload.IO_URING, "io_uring_register IORING_REGISTER_FILES: ENOMEM (12)");
        assertThat(openDescriptors()).isEqualTo(before);
    }

    @Test
    void aRingThatTakesNothingAnyMoreIsGivenUp() throws Exception {
        long before = openDescriptors();
        BatchRing ring = open();
        calls.entersLeft = 0;
        calls.enterErrno = Errno.EPERM;
        Batch batch = ring.take();
        batch.write(one, Long.BYTES);
        batch.write(one, Long.BYTES);
        assertThat(batch.run()).isZero();
        ring.give(batch);
        assertThat(sum()).isZero();
        assertThat(ring.take()).isNull();
        assertThat(offloads.capabilities().inactive()).containsEntry(Offload.IO_URING, "io_uring_enter: EPERM (1)");
        assertThat(openDescriptors()).isEqualTo(before);
    }

    @Test
    void whatARingTookBeforeItFailedIsNotDoneTwice() {
        BatchRing ring = open();
        calls.atOnce = 3;
        Batch batch = ring.take();
        for (int i = 0; i < 5; i++) {
            batch.write(one, Long.BYTES);
        }
        assertThat(batch.run()).isEqualTo(3);
        ring.give(batch);
        assertThat(sum()).isEqualTo(3);
        assertThat(ring.take()).isNull();
        ring.close();
    }
}
