package org.tinc4j.linux.reactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.tinc4j.NodeClosedException;
import org.tinc4j.linux.sys.NativeMemory;
import org.tinc4j.linux.sys.SystemCalls;
import org.tinc4j.spi.Pollable.StandIn;

/** With an eventfd, which needs no right and is readable when it was written to. */
@EnabledOnOs(OS.LINUX)
@Timeout(10)
class DescriptorTest {

    @Test
    void whatIsReadableAlreadyIsNotWaitedFor() throws IOException {
        try (Descriptor descriptor = eventfd()) {
            write(descriptor);
            descriptor.awaitReadable(StandIn.NOBODY);
            descriptor.awaitReadable(StandIn.NOBODY);
        }
    }

    @Test
    void aParkedVirtualThreadIsWokenByData() throws Exception {
        try (Descriptor descriptor = eventfd()) {
            Waiter waiter = new Waiter(descriptor);
            waiter.awaitParked();
            write(descriptor);
            assertThat(waiter.result()).isEqualTo("readable");
        }
    }

    @Test
    void theWaiterStaysParkedWhileAnotherHandlesWhatComes() throws Exception {
        try (Descriptor descriptor = eventfd()) {
            AtomicInteger asked = new AtomicInteger();
            Waiter waiter = new Waiter(descriptor, () -> {
                drain(descriptor);
                return asked.incrementAndGet() < 3;
            });
            for (int i = 1; i <= 3; i++) {
                waiter.awaitParked();
                write(descriptor);
                await(asked, i);
            }
            assertThat(waiter.result()).isEqualTo("readable");
        }
    }

    @Test
    void closeWakesAWaiterThatAnotherStandsInFor() throws Exception {
        Descriptor descriptor = eventfd();
        AtomicInteger asked = new AtomicInteger();
        Waiter waiter = new Waiter(descriptor, () -> {
            drain(descriptor);
            asked.incrementAndGet();
            return true;
        });
        waiter.awaitParked();
        write(descriptor);
        await(asked, 1);
        descriptor.close();
        assertThat(waiter.result()).isEqualTo("NodeClosedException: eventfd is closed");
    }

    @Test
    void closeWakesTheWaiterWithAnException() throws Exception {
        Descriptor descriptor = eventfd();
        Waiter waiter = new Waiter(descriptor);
        waiter.awaitParked();
        descriptor.close();
        assertThat(waiter.result()).isEqualTo("NodeClosedException: eventfd is closed");
        assertThatThrownBy(() -> descriptor.awaitReadable(StandIn.NOBODY)).isInstanceOf(NodeClosedException.class);
        assertThatThrownBy(descriptor::use).isInstanceOf(NodeClosedException.class);
        assertThatThrownBy(() -> descriptor.readableWithin(1, descriptor)).isInstanceOf(NodeClosedException.class);
        descriptor.close();
    }

    @Test
    void closeLetsUsersLeaveBeforeItFreesTheDescriptor() throws Exception {
        Descriptor descriptor = eventfd();
        int fd = descriptor.use();
        Thread closing = Thread.ofPlatform().start(descriptor::close);
        Awaitility.await().until(() -> closing.getState() == Thread.State.WAITING);
        assertThat(SystemCalls.fcntl(fd, SystemCalls.F_GETFD, 0)).isEqualTo(1);
        descriptor.leave();
        closing.join();
    }

    @Test
    void aFailureOfTheReactorReachesTheWaiter() throws Exception {
        try (Descriptor descriptor = eventfd()) {
            Waiter waiter = new Waiter(descriptor);
            waiter.awaitParked();
            descriptor.fail(new IOException("epoll_wait: EBADF (9)"));
            assertThat(waiter.result()).isEqualTo("IOException: eventfd: the epoll reactor failed");
        }
    }

    @Test
    void interruptionEndsTheWaitAndStaysSet() throws Exception {
        try (Descriptor descriptor = eventfd()) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> descriptor.awaitReadable(StandIn.NOBODY)).isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
            write(descriptor);
            descriptor.awaitReadable(StandIn.NOBODY);
        }
    }

    @Test
    void aSecondReaderIsTurnedAway() throws Exception {
        try (Descriptor descriptor = eventfd()) {
            Waiter waiter = new Waiter(descriptor);
            waiter.awaitParked();
            assertThatThrownBy(() -> descriptor.awaitReadable(StandIn.NOBODY))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("eventfd has a reader already; read from one thread at a time");
            write(descriptor);
            assertThat(waiter.result()).isEqualTo("readable");
        }
    }

    @Test
    void aBoundedWaitTellsWhetherThereIsData() throws Exception {
        try (Descriptor descriptor = eventfd()) {
            assertThat(descriptor.readableWithin(1000, descriptor)).isFalse();
            write(descriptor);
            assertThat(descriptor.readableWithin(1000, descriptor)).isTrue();
        }
    }

    @Test
    void aPlatformThreadWaitsInTheKernelUntilThereIsData() throws Exception {
        try (Descriptor descriptor = eventfd()) {
            write(descriptor);
            descriptor.awaitReadableBlocking();
            descriptor.awaitReadableBlocking();
        }
    }

    @Test
    void closeWakesAPlatformThreadInTheKernel() throws Exception {
        Descriptor descriptor = eventfd();
        Waiter waiter = Waiter.blocking(descriptor);
        Awaitility.await().until(waiter::isInPoll);
        descriptor.close();
        assertThat(waiter.result()).isEqualTo("NodeClosedException: eventfd is closed");
        assertThatThrownBy(descriptor::awaitReadableBlocking).isInstanceOf(NodeClosedException.class);
    }

    @Test
    void anInterruptedPlatformThreadDoesNotWait() throws Exception {
        try (Descriptor descriptor = eventfd()) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(descriptor::awaitReadableBlocking).isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void allDescriptorsShareOneThreadThatEndsWithTheLast() throws Exception {
        List<Descriptor> open = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            open.add(eventfd());
        }
        assertThat(reactorThreads()).isEqualTo(1);
        open.remove(2).close();
        open.add(eventfd());
        for (Descriptor descriptor : open) {
            write(descriptor);
            descriptor.awaitReadable(StandIn.NOBODY);
        }
        assertThat(reactorThreads()).isEqualTo(1);
        open.forEach(Descriptor::close);
        assertThat(reactorThreads()).isZero();
    }

    private static long reactorThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("tinc4j-epoll"))
                .count();
    }

    private static Descriptor eventfd() throws IOException {
        return new Descriptor(SystemCalls.eventfd(SystemCalls.EFD_CLOEXEC | SystemCalls.EFD_NONBLOCK), "eventfd");
    }

    private static void write(Descriptor descriptor) throws NodeClosedException {
        ByteBuffer one = NativeMemory.allocate(Long.BYTES).putLong(0, 1);
        int fd = descriptor.use();
        try {
            assertThat(SystemCalls.write(fd, NativeMemory.address(one), Long.BYTES)).isEqualTo(Long.BYTES);
        } finally {
            descriptor.leave();
        }
    }

    private static void await(AtomicInteger counter, int value) {
        Awaitility.await().until(() -> counter.get() == value);
    }

    private static void drain(Descriptor descriptor) {
        ByteBuffer counter = NativeMemory.allocate(Long.BYTES);
        try {
            int fd = descriptor.use();
            try {
                assertThat(SystemCalls.read(fd, NativeMemory.address(counter), Long.BYTES)).isEqualTo(Long.BYTES);
            } finally {
                descriptor.leave();
            }
        } catch (NodeClosedException e) {
            throw new AssertionError(e);
        }
    }

    /** A thread that waits once. */
    private static final class Waiter {
        private final CompletableFuture<String> result = new CompletableFuture<>();
        private final Thread thread;

        /** A virtual thread that parks. */
        Waiter(Descriptor descriptor) {
            this(descriptor, StandIn.NOBODY);
        }

        Waiter(Descriptor descriptor, StandIn standIn) {
            this(Thread.ofVirtual(), () -> descriptor.awaitReadable(standIn));
        }

        /** A platform thread in the kernel. */
        static Waiter blocking(Descriptor descriptor) {
            return new Waiter(Thread.ofPlatform(), descriptor::awaitReadableBlocking);
        }

        private interface Wait {
            void await() throws IOException;
        }

        private Waiter(Thread.Builder builder, Wait wait) {
            thread = builder.start(() -> {
                try {
                    wait.await();
                    result.complete("readable");
                } catch (IOException e) {
                    result.complete(e.getClass().getSimpleName() + ": " + e.getMessage());
                }
            });
        }

        void awaitParked() {
            Awaitility.await().until(() -> thread.getState() == Thread.State.WAITING);
        }

        /** Java does not tell a system call from running. */
        boolean isInPoll() {
            return Stream.of(thread.getStackTrace()).anyMatch(frame -> frame.getMethodName().equals("ppoll"));
        }

        String result() throws Exception {
            return result.get(5, TimeUnit.SECONDS);
        }
    }
}
