package org.tinc4j.linux.tun;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tinc4j.DeviceException;
import org.tinc4j.linux.reactor.Descriptor;
import org.tinc4j.linux.reactor.HotWait;
import org.tinc4j.linux.sys.Errno;
import org.tinc4j.spi.DeviceInfo;
import org.tinc4j.spi.PacketBatch;
import org.tinc4j.spi.PacketBuffer;
import org.tinc4j.spi.PacketDevice;
import org.tinc4j.spi.RouteTable;

/**
 * A kernel TUN. A read goes through these steps:
 *
 * <ol>
 *   <li>take packets until the batch is full or the kernel has no more;
 *   <li>with none: while traffic is hot wait in the kernel for at most {@link HotWait#BOUND_NANOS}, else park until the reactor calls;
 *   <li>with some: after {@value #BATCHES_PER_TURN} batches without parking, let other virtual threads have the carrier.
 * </ol>
 *
 * <p>Reading and writing run in parallel; one descriptor keeps the order of each.
 */
final class TunDevice implements PacketDevice {

    private static final Logger LOG = LoggerFactory.getLogger(TunDevice.class);

    /** Virtual threads are not time-sliced. Chosen: the prototype yielded every 8 batches without a cost that could be measured. */
    private static final int BATCHES_PER_TURN = 8;

    private final DeviceInfo info;
    private final Descriptor descriptor;
    private final TunQueue queue = new TunQueue();
    private final Optional<InterfaceConfiguration> configuration;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Confined to the reader, as is the next field. */
    private final HotWait hotWait = new HotWait();

    private int batchesInTurn;

    /** Takes the descriptor. */
    TunDevice(DeviceInfo info, Descriptor descriptor, Optional<InterfaceConfiguration> configuration) {
        this.info = info;
        this.descriptor = descriptor;
        this.configuration = configuration;
    }

    @Override
    public DeviceInfo info() {
        return info;
    }

    @Override
    public int read(PacketBatch batch) throws IOException {
        checkRoom(batch);
        int count = drain(batch);
        if (count > 0) {
            yieldAfterTurn();
            return count;
        }
        long start = System.nanoTime();
        do {
            await();
            count = drain(batch);
        } while (count == 0);
        hotWait.waited(System.nanoTime() - start);
        yieldAfterTurn();
        return count;
    }

    private void checkRoom(PacketBatch batch) {
        int neededBytes = HEADROOM_BYTES + info.mtuBytes() + TAILROOM_BYTES;
        if (batch.get(0).capacity() < neededBytes) {
            throw new IllegalArgumentException("a block of " + batch.get(0).capacity() + " bytes is too small for packets of "
                    + info.name() + " with mtu=" + info.mtuBytes() + " bytes; make blocks of at least " + neededBytes
                    + " bytes");
        }
    }

    /** Takes what is there without waiting; the batch has the size of the result. */
    private int drain(PacketBatch batch) throws IOException {
        batch.clear();
        int fd = descriptor.use();
        try {
            int count = 0;
            while (count < batch.capacity()) {
                int length = queue.read(fd, batch.get(count));
                if (length == -Errno.EAGAIN) {
                    break;
                }
                if (length < 0) {
                    failUnlessFilled(count, -length);
                    break;
                }
                count++;
            }
            batch.size(count);
            return count;
        } finally {
            descriptor.leave();
        }
    }

    /** Packets that were read come first: the error is still there at the next read. */
    private void failUnlessFilled(int count, int errno) throws IOException {
        if (count == 0) {
            throw SystemCallFailure.using("read", errno, "TUN " + info.name());
        }
    }

    private void await() throws IOException {
        int boundNanos = hotWait.boundNanos();
        if (boundNanos > 0 && descriptor.readableWithin(boundNanos)) {
            return;
        }
        batchesInTurn = 0;
        descriptor.awaitReadable();
    }

    private void yieldAfterTurn() {
        if (++batchesInTurn >= BATCHES_PER_TURN) {
            batchesInTurn = 0;
            Thread.yield();
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>Dropped is what the kernel refuses for whatever is wrong with the one packet: no room, no IP version, interface down.
     */
    @Override
    public int write(PacketBatch batch) throws IOException {
        int fd = descriptor.use();
        try {
            int taken = 0;
            for (int i = 0; i < batch.size(); i++) {
                PacketBuffer packet = batch.get(i);
                int result = queue.write(fd, packet);
                if (result >= 0) {
                    taken++;
                } else if (result == -Errno.EBADFD || result == -Errno.ENODEV) {
                    throw SystemCallFailure.using("write", -result, "TUN " + info.name());
                }
            }
            return taken;
        } finally {
            descriptor.leave();
        }
    }

    @Override
    public Optional<RouteTable> routes() {
        return configuration.map(InterfaceConfiguration::routes);
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            if (configuration.isPresent()) {
                configuration.get().undo();
            }
        } catch (DeviceException e) {
            LOG.warn("could not undo the configuration of {}: {}", info.name(), e.getMessage());
        } finally {
            descriptor.close();
        }
    }
}
